"""Born-dead ReLU networks (Lu, Shin, Su & Karniadakis 2019): formula, bounds and simulation; T1, T2 and T4."""

import math

import numpy as np
import pytest

from reluviz.core.dying import (
    born_dead_bounds,
    born_dead_probability,
    constant_fit,
    safe_width,
    simulate_born_dead,
)

LINE = np.array([[-1.0], [1.0]])
ROOT = math.sqrt(3)


@pytest.mark.parametrize(
    ("width", "probability"), [(2, 0.92492), (3, 0.69934), (4, 0.44058), (5, 0.24854), (8, 0.03461), (10, 0.00875)]
)
def test_nine_layers(width, probability):
    assert born_dead_probability([width] * 9) == pytest.approx(probability, abs=5.1e-6)
    assert born_dead_probability([width] * 9) == pytest.approx(1 - (1 - 2.0**-width) ** 9, rel=1e-13)


def test_mixed_widths_and_wide_layers():
    assert born_dead_probability([1, 3]) == pytest.approx(1 - 0.5 * 0.875)
    assert born_dead_probability([100]) == pytest.approx(2.0**-100, rel=1e-12)
    assert born_dead_probability([]) == 0
    with pytest.raises(ValueError, match="at least one neuron"):
        born_dead_probability([0])


@pytest.mark.parametrize("law", ["normal", "uniform"])
@pytest.mark.parametrize("width", [2, 3, 5])
def test_the_formula_beside_a_simulation_at_one_point(width, law):
    """Holds for any dimension and any symmetric law; 20 000 nets, 4 standard errors."""
    point = np.array([[0.3, -2.0, 1.1]])
    found = simulate_born_dead([width] * 9, point, 20_000, [1, width], law)
    expected = born_dead_probability([width] * 9)
    assert abs(found.share - expected) <= 4 * math.sqrt(expected * (1 - expected) / found.nets)
    assert found.standard_error == pytest.approx(math.sqrt(found.share * (1 - found.share) / 20_000))


@pytest.mark.parametrize("width", [2, 3, 5, 10])
@pytest.mark.parametrize("layers", [1, 4, 9])
def test_the_sandwich_on_the_line(width, layers):
    low, high = born_dead_bounds(width, layers)
    found = simulate_born_dead([width] * layers, LINE, 20_000, [2, width, layers])
    slack = 4 * max(found.standard_error, math.sqrt(high * (1 - high) / found.nets))
    assert low - slack <= found.share <= high + slack
    assert 0 <= low <= high


def test_bounds_meet_for_a_single_neuron_per_layer():
    """One neuron per layer dies on one ray at once; by the second layer both rays share the fate of one point."""
    low, high = born_dead_bounds(1, 6)
    assert low == pytest.approx(1 - 0.5**5)
    assert high == pytest.approx(1 - 0.5**6)
    found = simulate_born_dead([1] * 6, LINE, 20_000, 3)
    assert found.share == pytest.approx(1 - 0.5**5, abs=4 * found.standard_error)


def test_asymmetric_initialisation_keeps_networks_alive():
    points = np.linspace(-ROOT, ROOT, 9)[:, None]
    plain = simulate_born_dead([2] * 9, points, 4000, 4)
    asymmetric = simulate_born_dead([2] * 9, points, 4000, 4, "asymmetric")
    assert plain.share > 0.8
    assert asymmetric.share < plain.share / 3


def test_a_simulation_is_repeatable():
    first, second, other = (simulate_born_dead([3, 3], LINE, 1000, seed) for seed in ([7, 1], [7, 1], [7, 2]))
    assert first == second
    assert first != other


def test_wide_layers_are_drawn_in_batches():
    """160 000 weights a net need many batches; the single neuron behind them is dead at one point half the time."""
    found = simulate_born_dead([400, 1], LINE[:1], 200, 8)
    assert found.nets == 200
    assert found.share == pytest.approx(0.5, abs=4 * found.standard_error)


def test_a_width_that_is_safe():
    """The union bound: N ≥ log₂(K / δ)."""
    assert safe_width(9, 0.01) == 10
    for layers, probability in [(1, 0.5), (20, 1e-3), (100, 1e-6)]:
        width = safe_width(layers, probability)
        assert born_dead_probability([width] * layers) <= probability
        assert layers * 2.0 ** -(width - 1) > probability or width == 1


def test_what_a_dead_network_learns():
    """T4, on x uniform over (-√3, √3)."""
    fit = constant_fit(np.abs, -ROOT, ROOT)
    assert [fit.mean, fit.variance, fit.deviation] == pytest.approx([0.866025, 0.25, 0.433013], abs=6e-7)
    assert fit.median == pytest.approx(ROOT / 2, abs=1e-3)
    fit = constant_fit(lambda x: x * np.sin(5 * x), -ROOT, ROOT)
    assert [fit.mean, fit.variance] == pytest.approx([0.160328, 0.559828], abs=6e-7)
    fit = constant_fit(lambda x: (x > 0) + 0.2 * np.sin(5 * x), -ROOT, ROOT)
    assert [fit.mean, fit.variance] == pytest.approx([0.5, 0.310915], abs=6e-7)
