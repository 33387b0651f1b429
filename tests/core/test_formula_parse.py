"""Typed formulas as text: what is accepted, what is refused with which sentence, and that hostile text costs little."""

import random
import resource
import time
import warnings

import numpy as np
import pytest
from formula_corpus import HOSTILE, formulas, letters, mutated
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
