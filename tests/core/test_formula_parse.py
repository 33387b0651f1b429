"""Typed formulas as text: what is accepted, what is refused with which sentence, and that hostile text costs little."""

import random
import resource
import string
import time
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reluviz.core.formula import Formula, FormulaError, read
from reluviz.core.formula_core import core
from reluviz.core.formula_parse import MOST_DEPTH, MOST_NODES, parse
from reluviz.core.formula_slope import slope_tape
from reluviz.core.formula_tape import FUNCTIONS
from reluviz.core.formula_values import evaluate
from reluviz.core.formula_words import MOST_LETTERS

X = np.array([-np.inf, -1e30, -3.0, -0.5, -0.0, 0.0, 1e-300, 0.5, 3.0, 1e30, np.inf, np.nan])


def accepted(text):
    """Whether the text is a formula; if so f and f′ must be float64 arrays of x's shape, NaN where x is NaN."""
    try:
        reading = read(text)
    except FormulaError as refused:
        sentence = str(refused)
    else:
        sentence = ""
    if sentence:
        assert 10 < len(sentence) < 320
        assert sentence.isprintable()
        return False
    for tape in (reading.tape, slope_tape(reading.tape)):
        y = evaluate(tape, X, [1.5] * len(reading.names))
        assert y.dtype == np.float64
        assert y.shape == X.shape
        assert np.isnan(y[-1])
    return True


HOSTILE = {
    "attribute": "x.__class__",
    "attribute of a number": "(1).real",
    "a chain of attributes": "().__class__.__bases__[0].__subclasses__()",
    "dunder name": "__import__('os').system('echo')",
    "dunder alone": "__builtins__",
    "private name": "_x",
    "lambda": "(lambda: x)()",
    "comprehension": "[x for x in (1, 2)]",
    "generator": "max(i for i in x)",
    "f-string": "f'{x}'",
    "string": "'x'",
    "bytes": "b'x'",
    "walrus": "(y := x)",
    "assignment": "x = 1",
    "semicolon": "x; x",
    "subscript": "x[0]",
    "dictionary": "{1: x}",
    "conditional": "x if x > 0 else 0",
    "and": "x > 0 and x < 1",
    "not": "not x",
    "chained comparison": "0 < x < 1",
    "keyword argument": "max(a=x, b=1)",
    "starred": "exp(*x)",
    "double starred": "exp(**x)",
    "unknown function": "eval(x)",
    "open": "open('x')",
    "factorial": "factorial(factorial(10))",
    "call of a call": "exp(x)(x)",
    "call of a number": "2(x)",
    "complex": "1j*x",
    "bitwise": "x & 1",
    "shift": "1 << 1000000",
    "floor division": "x // 2",
    "matrix product": "x @ x",
    "remainder": "x % 2",
    "underscored number": "1_000",
    "hexadecimal": "0x10",
    "two dots": "1..real",
    "ellipsis": "...",
    "None": "None",
    "True": "True*x",
    "infinite literal": "1e999",
    "long integer": "9" * 400,
    "huge power": "9**9**9",
    "huge power times 0": "9**9**9*0.0+x",
    "huge power of powers": "9**9**9**9**9**9*x",
    "division by zero": "1/0",
    "zero by zero": "x + 0/0",
    "root of -1": "sqrt(-1)",
    "infinity": "inf",
    "not a number": "nan*x",
    "many letters": "x" + "+x" * 50_000,
    "many brackets": "(" * 240 + "x" + ")" * 240,
    "many open brackets": "(" * 500,
    "many closed brackets": ")" * 500,
    "many signs": "-" * 499 + "x",
    "many powers": "x" + "**x" * 150,
    "many calls": "abs(" * 100 + "x" + ")" * 100,
    "many operations": "x" + "+x" * 220,
    "calls of calls": "exp" + "(x)" * 100,
    "commas": "max(" + "," * 400 + ")",
    "look-alike x": "х + 1",
    "wide digits": "１ + x",
    "Arabic digits": "١*x",
    "superscript": "x²",
    "typographic minus": "x − 1",
    "dot": "2·x",
    "null byte": "x\0",
    "new line": "x\n+1",
    "tab": "x\t+1",
    "comment": "x # 1",
    "backslash": "x\\",
    "half a character": "\ud800",
    "direction mark": "x\u202e+1",
    "five parameters": "a*b*c*d*g*x",
    "a long name": "a" * 21,
    "empty": "",
    "spaces": " " * 100,
    "half a formula": "x +",
    "nothing in brackets": "()",
    "a tuple": "x, 1",
    "warned of by Python": "1if x else 2",
    "warned of by Python too": "2and x",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_a_sentence_at_once(text):
    start = time.process_time()
    assert not accepted(text)
    assert time.process_time() - start < 0.1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x^2", "at column 2, ^ is not allowed: a power is written **"),
        ("2x", "at column 2, a sign is missing before x: a product is written with *"),
        ("1 + (x", "at column 5, a bracket is not closed"),
        ("x)", "at column 2, a bracket closes that was never opened"),
        ("1 + foo(x)", "at column 5, foo is not a function: allowed are max, min, where"),
        ("x(2)", "at column 1, x is not a function: a product is written with *"),
        ("1 + max(x)", "at column 5, max takes 2 arguments"),
        ("exp(x, 1)", "at column 1, exp takes 1 argument"),
        ("  sin", "at column 3, sin is a function: its argument is missing, as in sin(x)"),
        ("0 < x < 1", "comparisons come in pairs"),
        ("x − 1", "at column 3, − is not allowed: a minus is written -"),
        ("x*(1 +", "at column 3, a bracket is not closed"),
        ("x*1 +", "at column 5, it is not a complete formula"),
        ("x*X", "at column 3, X cannot be the name of a parameter: it looks like the input, which is x"),
        ("a*x+b+c+d+g", "at column 11, g is one parameter too many: beside x, pi and e there are a, b, c, d"),
        ("9**9**9", "9^(9⁹) is not a number that a float64 can hold"),
        ("x*(1/0)", "1 / 0 is not a number that a float64 can hold"),
        ("lambda", "at column 1, lambda is not allowed: it is a word of Python"),
        ("x\0", "at column 2, the character U+0000 is not allowed"),
        ("", "it is empty"),
    ],
)
def test_sentence_tells_place_and_remedy(text, words):
    with pytest.raises(FormulaError) as caught:
        read(text)
    assert str(caught.value).startswith(words) or words in str(caught.value)


def test_every_function_has_its_number_of_arguments():
    for name, count in FUNCTIONS.items():
        assert accepted(f"{name}({', '.join(['x', '0.5', '2'][:count])})")
        for wrong in (0, count + 1):
            with pytest.raises(FormulaError, match=f"{name} takes {count} argument"):
                read(f"{name}({', '.join(['x'] * wrong)})")


def test_limits_are_where_they_are_said_to_be():
    assert accepted("x" + " " * (MOST_LETTERS - 1))
    assert not accepted("x" + " " * MOST_LETTERS)
    most = MOST_NODES // 2
    # Balanced, so that only the number of operations counts: most terms and most - 1 sums.
    terms = ["x"] * most
    while len(terms) > 1:
        terms = [
            f"({'+'.join(terms[i : i + 2])})" if len(terms[i : i + 2]) > 1 else terms[i]
            for i in range(0, len(terms), 2)
        ]
    assert accepted(terms[0].replace("(x+x)", "x+x"))
    assert not accepted("+".join(["(x+x)"] * 70))
    assert accepted("abs(" * (MOST_DEPTH - 1) + "x" + ")" * (MOST_DEPTH - 1))
    assert not accepted("abs(" * MOST_DEPTH + "x" + ")" * MOST_DEPTH)


def test_equal_parts_are_one_operation():
    tape = parse("exp(-x)*exp(-x) + exp(-x)")
    assert [node.name for node in tape.nodes] == ["x", "negative", "exp", "multiply", "add"]


def test_nested_comparisons_stay_linear():
    text = "x"
    for _ in range(35):
        text = f"({text}>x)"
    start = time.process_time()
    assert accepted(text)
    assert len(core(parse(text)).nodes) <= 40
    assert time.process_time() - start < 0.1


def test_numbers_are_computed_beforehand():
    tape = core(parse("2*pi*3*x + e**2 + x**0 + where(2 > 1, 4, x)"))
    names = [node.name for node in tape.nodes]
    assert names.count("number") == len(tape.nodes) - 5
    assert set(names) == {"number", "x", "multiply", "add"}


def test_parameters_come_in_order_of_appearance():
    assert read("where(x > theta, b*x, a)").names == ("theta", "b", "a")
    assert read("x*w_1 + w2").names == ("w_1", "w2")
    assert read("e*pi*x").names == ()


def test_reading_warns_of_nothing():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for text in HOSTILE.values():
            accepted(text)
    assert not caught


# Random text, and random formulas grown from the grammar.
letters = st.text(st.sampled_from("x012.e+-*/(),<>=ab sinmaxwheretp^_'[]:\\\n\0²é"), max_size=60)
numbers = st.one_of(st.integers(0, 10**6).map(str), st.floats(0, 1e300).map(repr))
leaves = st.one_of(numbers, st.sampled_from(["x", "x", "pi", "e", "a", "b", "alpha", "t"]))


def grown(inner):
    call = st.sampled_from(sorted(FUNCTIONS)).flatmap(
        lambda name: st.tuples(*[inner] * FUNCTIONS[name]).map(lambda parts: f"{name}({', '.join(parts)})")
    )
    sign = st.sampled_from(["+", "-", "*", "/", "**", "<", "<=", ">", ">=", "==", "!="])
    binary = st.tuples(inner, sign, inner).map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})")
    return st.one_of(call, binary, inner.map(lambda part: f"-({part})"))


formulas = st.recursive(leaves, grown, max_leaves=15)


@given(letters)
@settings(max_examples=500, deadline=None)
def test_random_text_is_refused_or_an_array(text):
    accepted(text)


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_is_refused_or_an_array(text):
    accepted(text)


@given(formulas)
@settings(max_examples=200, deadline=None)
def test_random_formula_is_refused_or_an_array(text):
    if accepted(text):
        assert read(text).text.startswith("f(x) = ")


@given(formulas)
@settings(max_examples=50, deadline=None)
def test_brackets_around_a_formula_change_nothing(text):
    try:
        tape = read(text).tape
    except FormulaError:
        return
    assert read(f"({text})").tape == tape


SEEDS = (
    "max(0.1*x, x)",
    "where(x > 0, x, a*expm1(x))",
    "x*sigmoid(b*x)",
    "9**9**9",
    "x*tanh(log1p(exp(x)))",
    "0.5*x*(1 + tanh(sqrt(2/pi)*(x + 0.044715*x**3)))",
    "clip(x, -1, 1) + Phi(x)*erf(a*x)",
    "abs(x)**0.5*sign(x) + (x <= -3)*(x != 1)",
    "exp(" * 10 + "x" + ")" * 10,
    "((((((x))))))/1e-300",
)
PIECES = [
    "**",
    "(",
    ")",
    "max(",
    "where(",
    ",",
    "x",
    "9",
    "e9",
    ".",
    "-",
    "a",
    "pi",
    " ",
    "<",
    "==",
    "\0",
    "_",
    "²",
    "exp",
]


def mutated(draw):
    """A formula with a few letters exchanged, doubled, dropped or put in; or random letters."""
    kind = draw.random()
    if kind < 0.2:
        return "".join(draw.choices(string.printable, k=draw.randrange(60)))
    if kind < 0.3:
        return draw.choice(PIECES) * draw.randrange(600)
    text = draw.choice(SEEDS)
    for _ in range(draw.choice((1, 1, 2, 5))):
        place = draw.randrange(len(text) + 1)
        end = min(len(text), place + draw.randrange(8))
        middle = draw.choice(("", draw.choice(PIECES), text[place:end] * 2, draw.choice("0123456789.xab+-*/()<>, ^")))
        text = text[:place] + middle + text[end:]
        if not text:
            return ""
    return text * draw.choice((1, 1, 1, 1, 1, 1, 2, 50))


@pytest.mark.slow
def test_a_hundred_thousand_strings_are_read_within_bounds():
    draw = random.Random(4)
    texts = [mutated(draw) for _ in range(2000)]
    for text in texts:
        accepted(text)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    good, slowest, most = 0, 0.0, ""
    for _ in range(100_000):
        text = mutated(draw)
        start = time.process_time()
        good += accepted(text)
        spent = time.process_time() - start
        if spent > slowest:
            slowest, most = spent, text
    grown_by = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert slowest < 0.1, most
    assert grown_by < 50_000, f"{grown_by} kB"
    assert 5_000 < good < 95_000


def test_the_class_refuses_like_every_setting():
    with pytest.raises(ValueError, match=r"^expression = '2x' is not allowed: at column 2, a sign is missing before x"):
        Formula("2x")
    with pytest.raises(ValueError, match="one line and at most 500 characters"):
        Formula("x" * 501)
