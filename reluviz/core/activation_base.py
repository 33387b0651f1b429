"""What every activation tells of itself, and the conventions that they share.

`f` and `df` keep the dtype of their input and never warn: an entry writes its formula once, for float64, and the base
class rounds the result to the dtype asked for. NaN stays NaN, infinity gives the limit where there is one.
"""

from typing import Annotated, Any, ClassVar

import numpy as np

from reluviz.core.param import Choice, Described, parameters

Array = np.ndarray[Any, np.dtype[Any]]
SLOPE_GRID = np.linspace(-10.0, 10.0, 4001)
CLOSER_LOOKS = 3

AtZero = Annotated[
    str,
    Choice(
        "f′(0)",
        ("0", "0.5", "1"),
        "The slope used exactly at 0: 0 takes the left one, 1 the right one, 0.5 the mean of both.",
    ),
]


class Activation(Described, frozen=True, tag_field="name"):
    """What every activation tells of itself.

    `kinks` are the places where f′ jumps; `initializer` is the key of the law that keeps a signal's size through
    layers of this activation; `ulps` promises the largest error of f and f′ in float64, in units in the last place.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    formula: ClassVar[str]
    kinks: ClassVar[tuple[float, ...]] = ()
    initializer: ClassVar[str] = "he_normal"
    ulps: ClassVar[tuple[float, float]] = (4, 8)

    def f(self, z: Array) -> Array:
        """The activation at z; any shape, same shape and dtype out."""
        with np.errstate(all="ignore"):
            return np.asarray(self._f(np.asarray(z, np.float64)), z.dtype)

    def df(self, z: Array) -> Array:
        """The exact derivative at z; at a kink the value of the table of conventions. Same shape and dtype out."""
        with np.errstate(all="ignore"):
            return np.asarray(self._df(np.asarray(z, np.float64)), z.dtype)

    def _f(self, x: Array) -> Array:
        # x is float64 and may be the caller's own array: never written to, never handed back.
        raise NotImplementedError

    def _df(self, x: Array) -> Array:
        raise NotImplementedError

    @property
    def caption(self) -> str:
        """The name to show."""
        return self.title

    @property
    def max_slope(self) -> float:
        """The largest abs f′ on [-10, 10], the slopes at kinks and beside them included."""
        kinks = np.clip(np.array(self.kinks, np.float64), -10.0, 10.0)
        beside = np.concatenate([np.nextafter(kinks, -10.0), kinks, np.nextafter(kinks, 10.0)])
        best, at = self._steepest(np.concatenate([SLOPE_GRID, beside]))
        width = SLOPE_GRID[1] - SLOPE_GRID[0]
        for _ in range(CLOSER_LOOKS):
            closer, at = self._steepest(np.clip(np.linspace(at - width, at + width, 101), -10.0, 10.0))
            best, width = max(best, closer), width / 50
        return best

    def _steepest(self, x: Array) -> tuple[float, float]:
        slopes = np.abs(self.df(x))
        slopes[np.isnan(slopes)] = 0.0
        place = int(slopes.argmax())
        return float(slopes[place]), float(x[place])

    def values(self) -> tuple[float, ...]:
        """The parameters in the order in which the kernel reads them; a choice counts as the number that it names."""
        return tuple(float(getattr(self, p.name)) for p in parameters(type(self)))


def with_nan(x: Array, value: Array | float) -> Array:
    """The value, but NaN where x is NaN; float64, the shape of x."""
    return np.where(np.isnan(x), x, value)


def two_slopes(x: Array, left: float, right: float, at_zero: str) -> Array:
    """The slope of two straight lines that meet at 0, with the convention chosen there.

    A rectifier has no derivative at 0; any value between the two slopes is a subgradient, frameworks take 0, and the
    choice can matter in single precision (Bertoin et al. 2021).
    """
    middle = left + float(at_zero) * (right - left)
    return with_nan(x, np.where(x > 0, right, np.where(x < 0, left, middle)))
