"""The look over a typed formula: agreement with finite differences, and the sentences for the person."""

import pytest

from reluviz.core.formula import Formula
from reluviz.core.formula_check import POINTS, check, checked


@pytest.mark.parametrize(
    "text",
    [
        "max(0.1*x, x)",
        "where(x > 0, x, a*expm1(x))",
        "x*sigmoid(b*x)",
        "x**17",
        "1e300*x",
        "exp(x**2)",
        "clip(x, -1, 1)/3",
        "abs(sin(10*x))",
        "x*Phi(x) + tan(x/8)",
        "x + sin(a*x)**2/a",
        "max(0, 1 - abs(x))",
    ],
)
def test_slopes_agree_with_differences_nearly_everywhere(text):
    report = check(text)
    assert report.agrees
    assert report.usable
    assert report.error < 1e-6
    assert report.points > 0.9 * len(POINTS)
    assert len(report.sentences) == 1
    assert report.sentences[0].startswith(f"f′ agrees with finite differences at {report.points} points from -10 to 10")


class Wrong(Formula, frozen=True, tag="wrong"):
    """A formula whose slope is a little off on the right."""

    def slope_at(self, x, values):
        return super().slope_at(x, values) + 1e-4 * (x > 5)


def test_a_wrong_slope_is_found():
    report = checked(Wrong("x*sigmoid(b*x)"))
    assert not report.agrees
    assert report.error == pytest.approx(1e-4, rel=0.1)
    assert report.sentences[0].startswith("f′ differs from finite differences near x = ")
    assert float(report.sentences[0].rstrip(".").split("= ")[1]) > 5


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("log(x)", "f is not a finite number from -10 to 0: a network that gets there diverges."),
        ("1/x", "f is not a finite number at x = 0: a network that gets there diverges."),
        ("log(x*x - 4)", "f is not a finite number from -2 to 2: a network that gets there diverges."),
        ("1/(x*x - 4)", "f is not a finite number at places from -2 to 2: a network that gets there diverges."),
        ("sqrt(x)", "f′ is not a finite number at x = 0: a network that gets there diverges."),
        ("3", "f is constant from -10 to 10: nothing passes through it."),
        ("where(x > 1000, x, 2)", "f is constant from -10 to 10: nothing passes through it."),
        ("step(x)", "f′ is 0 everywhere from -10 to 10: gradient descent learns nothing below it."),
        ("sin(1e6*x)", "f′ could not be compared with finite differences: f changes too fast or is not finite."),
    ],
)
def test_what_to_know_is_a_sentence(text, words):
    report = check(text)
    assert words in report.sentences
    assert report.usable


def test_what_cannot_be_compared_does_not_agree():
    report = check("sin(1e6*x)")
    assert not report.agrees
    assert report.points < 0.1 * len(POINTS)


def test_finite_nowhere_is_not_usable():
    report = check("log(-1 - x**2)")
    assert not report.usable
    assert report.sentences == ("f is not a finite number anywhere from -10 to 10.",)


def test_parameters_may_be_given():
    assert len(check("log(a + x)", {"a": 20.0}).sentences) == 1
    assert len(check("log(a + x)").sentences) == 2
    with pytest.raises(ValueError, match=r"^expression = 'x\+' is not allowed: "):
        check("x+")
