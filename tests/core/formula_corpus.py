"""Texts for the reader of typed formulas: hostile ones, formulas grown from the grammar, and damaged ones."""

import string

from hypothesis import strategies as st

from reluviz.core.formula_tape import FUNCTIONS

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
