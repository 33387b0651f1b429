"""A tape as the text that a person reads: products with a dot, powers raised, Greek letters."""

from reluviz.core.formula_tape import Tape

# How tightly a text holds together, from a choice in words to a single letter.
CHOICE, COMPARED, SUM, PRODUCT, SIGNED, POWER, ATOM = range(7)
GREEK = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "epsilon": "ε",
    "eta": "η",
    "theta": "θ",
    "kappa": "κ",
    "lam": "λ",
    "lambd": "λ",
    "mu": "μ",
    "nu": "ν",
    "rho": "ρ",
    "sigma": "σ",
    "tau": "τ",
    "phi": "φ",
    "omega": "ω",
}
RAISED = str.maketrans("0123456789-+xn", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ˣⁿ")
_SHOWN = {"log": "ln", "sigmoid": "σ", "Phi": "Φ", "atan": "arctan"}
_INFIX = {
    "add": (" + ", SUM),
    "subtract": (" - ", SUM),
    "multiply": ("·", PRODUCT),
    "divide": (" / ", PRODUCT),
    ">": (" > ", COMPARED),
    ">=": (" ≥ ", COMPARED),
    "<": (" < ", COMPARED),
    "<=": (" ≤ ", COMPARED),
    "==": (" = ", COMPARED),
    "!=": (" ≠ ", COMPARED),
}
Text = tuple[str, int]


def text_of(tape: Tape, place: int = -1) -> str:
    """The text of one operation of a tape as typed, the last by default."""
    texts: list[Text] = []
    for node in tape.nodes:
        parts = [texts[part] for part in node.parts]
        if node.name == "number":
            texts.append((number(node.value), ATOM))
        elif node.name == "parameter":
            name = tape.names[int(node.value)]
            texts.append((GREEK.get(name, name), ATOM))
        else:
            texts.append(_operation(node.name, parts))
    return texts[place][0]


def number(value: float) -> str:
    """A number as short as it can be without changing it."""
    text = repr(value)
    return text.removesuffix(".0")


def held(part: Text, least: int) -> str:
    """The text in brackets where it would fall apart."""
    return part[0] if part[1] >= least else f"({part[0]})"


def _operation(name: str, parts: list[Text]) -> Text:
    if not parts:
        return ("π" if name == "pi" else name), ATOM
    if name in _INFIX:
        sign, rank = _INFIX[name]
        # The right side of - and / holds together by itself.
        right = rank + 1 if name in ("subtract", "divide") or rank == COMPARED else rank
        # A sign after a sign would read as one.
        right = POWER if parts[1][1] == SIGNED and rank > COMPARED else right
        return f"{held(parts[0], rank + (rank == COMPARED))}{sign}{held(parts[1], right)}", rank
    if name == "negative":
        return f"-{held(parts[0], PRODUCT if parts[0][1] != SIGNED else POWER)}", SIGNED
    if name == "power":
        return _raised(held(parts[0], ATOM), parts[1])
    if name == "exp":
        short = _raised("e", parts[0])
        return short if "^" not in short[0] else (f"exp({parts[0][0]})", ATOM)
    return _function(name, parts)


def _raised(base: str, exponent: Text) -> Text:
    text = exponent[0]
    if all(ord(letter) in RAISED for letter in text) and len(text) <= 4:
        return base + text.translate(RAISED), POWER
    return f"{base}^{held(exponent, ATOM)}", POWER


def _function(name: str, parts: list[Text]) -> Text:
    if name == "where":
        return f"{held(parts[1], COMPARED)} if {held(parts[0], COMPARED)}, else {held(parts[2], COMPARED)}", CHOICE
    if name == "abs":
        return f"|{parts[0][0]}|", ATOM
    if name == "sqrt":
        return (f"√{parts[0][0]}" if len(parts[0][0]) == 1 else f"√({parts[0][0]})"), ATOM
    if name == "expm1":
        raised = _operation("exp", parts)
        return f"{raised[0]} - 1", SUM
    return f"{_SHOWN.get(name, name)}({', '.join(part[0] for part in parts)})", ATOM
