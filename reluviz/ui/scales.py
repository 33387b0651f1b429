"""Between a number, its slider and its text. No Qt."""

import math

from reluviz.core.param import Integer, Number
from reluviz.ui.wording import number_text

NOTCHES = 200
# A linear slider has no use for a range that spans this many smallest steps.
WIDE = 1e5
# Beyond this a whole number is an identifier (a seed), not an amount: a slider would be a lottery.
MOST_SLIDABLE = 1_000_000

Amount = Number | Integer


def slidable(kind: Amount) -> bool:
    """Whether a slider makes sense."""
    return kind.high - kind.low <= MOST_SLIDABLE


def to_notch(kind: Amount, value: float) -> int:
    """The place of a value on its slider, from 0 to NOTCHES."""
    value = min(max(value, kind.low), kind.high)
    if kind.log:
        low, high = kind.low + _shift(kind), kind.high + _shift(kind)
        share = math.log((value + _shift(kind)) / low) / math.log(high / low)
    else:
        share = ((value - kind.low) / (kind.high - kind.low)) ** (1 / _power(kind))
    return round(share * NOTCHES)


def from_notch(kind: Amount, notch: int) -> float | int:
    """The value at a place of the slider, rounded to what a person would type."""
    if notch in (0, NOTCHES):
        # The ends are reached exactly, however crooked they are.
        return kind.high if notch else kind.low
    share = notch / NOTCHES
    if kind.log:
        low, high = kind.low + _shift(kind), kind.high + _shift(kind)
        value = low * (high / low) ** share - _shift(kind)
    else:
        value = kind.low + (kind.high - kind.low) * share ** _power(kind)
    if isinstance(kind, Integer):
        return min(max(round(_short(value, 2) if kind.log else value), kind.low), kind.high)
    return float(min(max(_rounded(kind, value), kind.low), kind.high))


def parse(kind: Amount, text: str) -> float | int:
    """Read what a person typed, with a decimal comma or point; raises ValueError with one sentence."""
    cleaned = "".join(text.split()).replace(",", ".").replace("−", "-").replace("\u202f", "")
    try:
        value: float | int = int(cleaned) if isinstance(kind, Integer) else float(cleaned)
    except ValueError:
        raise ValueError(f"“{text.strip()}” is not {kind.allowed}.") from None
    if not kind.accepts(value):
        raise ValueError(f"{text.strip()} is not allowed: it must be {kind.allowed}.")
    return value


def show(kind: Amount, value: float) -> str:
    """A value as text."""
    return str(value) if isinstance(kind, Integer) else number_text(value, kind.decimals)


def _shift(kind: Amount) -> int:
    """What a logarithmic range that begins at 0 is moved by."""
    return 0 if kind.low > 0 else 1


def _power(kind: Amount) -> float:
    """How strongly the slider favours small values; 1 is linear."""
    wide = isinstance(kind, Number) and kind.low == 0 and kind.high * 10**kind.decimals >= WIDE
    return 4.0 if wide else 1.0


def _rounded(kind: Number, value: float) -> float:
    if kind.log or _power(kind) > 1:
        return round(_short(value, 2), kind.decimals)
    # A notch is a 200th of the range: digits below that are noise.
    digits = max(0, 2 - math.floor(math.log10(kind.high - kind.low)))
    return round(value, min(digits, kind.decimals))


def _short(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")
