"""Curves of f and f′: gaps at jumps, a sensible part of the y axis, a curve for each activation of a mixed run."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from reluviz.core.activations import (
    ACTIVATIONS,
    BinaryStep,
    Hardshrink,
    PReLU,
    ReLU,
    Sigmoid,
    SquaredReLU,
    Tanh,
    Threshold,
)
from reluviz.core.formula import Formula
from reluviz.core.settings import Network, Run, Settings
from reluviz.ui.views.activation_curve import saturated
from reluviz.ui.views.curves import broken, drawn_curves, grid, span
from reluviz.ui.views.derivative import dots


@pytest.mark.parametrize("key", ACTIVATIONS)
def test_no_line_crosses_a_jump(key):
    """Between two neighbouring points that are joined, a curve climbs no more than its slope allows."""
    activation = ACTIVATIONS[key]()
    x, y = broken(activation.f, activation)
    near = np.abs(x) <= 10
    steps, rises = np.diff(x[near]), np.abs(np.diff(y[near]))
    joined = np.isfinite(rises)
    assert (rises[joined] <= 1.001 * activation.max_slope * steps[joined] + 1e-6).all()


@pytest.mark.parametrize(
    ("activation", "gaps"),
    [
        (ReLU(), 0),
        (BinaryStep(), 1),
        (Hardshrink(lambd=0.7), 2),
        (Threshold(threshold=0.1, value=0.0), 1),
        (Threshold(threshold=1.0, value=1.0), 0),
        (Formula("where(x > 1, 5, x)"), 1),
        (Formula("sign(x) + step(x - 2)"), 2),
        (Formula("max(0.1*x, x)"), 0),
    ],
)
def test_f_has_a_gap_with_both_limits_at_each_jump(activation, gaps):
    x, y = broken(activation.f, activation)
    holes = np.flatnonzero(np.isnan(y))
    assert len(holes) == gaps
    for hole in holes:
        assert x[hole - 1] == x[hole] == x[hole + 1]
        kink = x[hole]
        beside = activation.f(np.array([kink - 1e-7, kink + 1e-7]))
        assert [y[hole - 1], y[hole + 1]] == pytest.approx(list(beside), abs=1e-5)


def test_kinks_of_a_typed_formula_are_among_the_points():
    assert {-1.5, 2.25} <= set(grid(Formula("max(-1.5, min(x, 2.25))")))


@pytest.mark.parametrize(
    ("expression", "low", "high"),
    [
        ("tanh(x)", -1, 1),
        ("x", -10, 10),
        ("relu(x)**2", 0, 15),
        ("exp(x)", 0, 15),
        ("exp(50*x)", 0, 15),
        ("exp(1000*x)", 0, 15),
        ("1000*tanh(x)", -1000, 1000),
        ("100 + x", 90, 110),
        ("20*exp(-x**2)", 0, 20),
        ("0*x + 3", 3, 3),
        ("log(x)", -4, 2.4),
        ("log(x - 99)", 0, 0),
    ],
)
def test_the_part_of_the_y_axis_that_is_shown(expression, low, high):
    formula = Formula(expression)
    found = span(*broken(formula.f, formula), 15.0)
    assert found == (pytest.approx(low, abs=0.5), pytest.approx(high, abs=0.5))


def test_a_mixed_run_has_a_curve_for_each_of_its_activations():
    mixed = Run(activation=ReLU(), layer_activations=(Tanh(), ReLU(), Tanh()), color=1)
    settings = Settings(network=Network(hidden=(4,) * 4), runs=(Run(activation=Sigmoid()), mixed))
    drawn = drawn_curves(settings)
    assert [(one.color, one.activation, one.label) for one in drawn] == [
        (0, Sigmoid(), "Sigmoid"),
        (1, Tanh(), "layers 1, 3: Tanh"),
        (1, ReLU(), "layers 2, 4: ReLU"),
    ]
    assert [one.style for one in drawn[1:]] == [Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine]
    short = drawn_curves(settings.evolve(network=Network(hidden=(4,))))
    assert [one.label for one in short] == ["Sigmoid", "Tanh"]


def test_dots_mark_the_limits_and_the_value_in_use():
    assert dots(ReLU(), 0.0) == [(0.0, True), (1.0, False)]
    assert dots(ReLU(at_zero="1"), 0.0) == [(0.0, False), (1.0, True)]
    assert dots(ReLU(at_zero="0.5"), 0.0) == [(0.0, False), (0.5, True), (1.0, False)]
    assert dots(SquaredReLU(), 0.0) == []
    assert dots(BinaryStep(), 0.0) == []
    kinked = Formula("abs(x - 1)")
    assert [value for value, _ in dots(kinked, kinked.kinks[0])][::2] == [-1.0, 1.0]


def test_zones_of_odd_formulas_are_inside_the_plot():
    for expression in ("1/x", "sqrt(abs(x))", "log(x)", "exp(1000*x)", "tan(x)", "0*x"):
        for left, right in saturated(Formula(expression)):
            assert -10 <= left <= right <= 10
    assert saturated(Formula("0*x")) == [(-10.0, 10.0)]


def test_a_learned_slope_is_drawn_as_it_is_now():
    settings = Settings(network=Network(hidden=(4, 4)), runs=(Run(activation=PReLU()),))
    before = drawn_curves(settings, [np.array([0.25, 0.25, np.nan])])
    assert [one.activation for one in before] == [PReLU()]
    after = drawn_curves(settings, [np.array([0.104, -0.301, np.nan])])
    assert [one.activation.slope for one in after] == [0.1, -0.3]
    assert all("layer" in one.label for one in after)
