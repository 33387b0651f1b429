"""The compiled twin of every activation against its NumPy form and 30-digit references, far into the tails."""

import re

import numpy as np
import pytest
from compiled_curves import VARIANTS, errors, instances, loop, twin
from exact_activations import hard_points, reference

from reluviz.core.activations import ACTIVATIONS, Sigmoid
from reluviz.core.kernel_curves import CURVES

SINGLE, DOUBLE = 4e-7, 1e-14
LEAST_SINGLE, LEAST_DOUBLE = float(np.finfo(np.float32).tiny), float(np.finfo(np.float64).tiny)
LARGEST_SINGLE = float(np.finfo(np.float32).max)
ENDS = (0.0, -0.0, 1e30, -1e30, 3.4e38, -3.4e38, 1e-45, -1e-45, 1e-40, -1e-40, np.inf, -np.inf)
LIBM = "expf?|expm1f?|exp2f?|logf?|log1pf?|tanhf?|erff?|erfcf?|sinf?|cosf?|atanf?|powf?|hypotf?|fmodf?|fmaf?"
# A typed formula has a kernel of its own.
KEYS = [key for key in ACTIVATIONS if key != "formula"]


def grid():
    """About 20 000 float32 numbers: even steps where curves bend, all sizes down to the smallest, both tails."""
    draw = np.random.default_rng(4)
    sizes = 10.0 ** draw.uniform(-44, 38.5, 3000)
    parts = [np.linspace(-120, 120, 6001), np.linspace(-6, 6, 6001), draw.uniform(-17, -5, 2500), sizes, -sizes, ENDS]
    return np.concatenate(parts).astype(np.float32)


GRID = grid()


def single_errors(activation, z, wanted):
    """The largest errors of f and f′ in float32 at z, against float64 values."""
    found = []
    for slope, got, exact in zip((False, True), twin(activation, z), wanted, strict=True):
        # What overflows float32 is infinite there.
        limit = np.where(np.abs(exact) > LARGEST_SINGLE, np.copysign(np.inf, exact), exact)
        assert np.array_equal(np.isnan(got), np.isnan(limit)), z[np.isnan(got) != np.isnan(limit)]
        known = ~np.isnan(limit)
        off = errors(activation, z[known], got[known].astype(np.float64), limit[known], slope, LEAST_SINGLE)
        place = int(off.argmax())
        found.append((off[place], z[known][place]))
    return found


def float64_of(exact):
    return np.array([float(value) for value in exact])


def test_every_activation_has_a_twin():
    assert list(CURVES) == KEYS


@pytest.mark.parametrize("key", KEYS)
def test_float32_on_a_grid(key):
    z = GRID.astype(np.float64)
    for activation in instances(key):
        f, df = single_errors(activation, GRID, (activation.f(z), activation.df(z)))
        assert f[0] <= SINGLE, f
        assert df[0] <= SINGLE, df


def check_exactly(activation, count):
    z = hard_points(activation, count)
    z = z[np.abs(z) < LARGEST_SINGLE].astype(np.float32)
    f, df = single_errors(activation, z, [float64_of(values) for values in reference(activation, z)])
    assert f[0] <= SINGLE, f
    assert df[0] <= SINGLE, df


@pytest.mark.parametrize("key", KEYS)
def test_float32_at_hard_points(key):
    for activation in instances(key):
        check_exactly(activation, 200)


@pytest.mark.slow
@pytest.mark.parametrize("key", KEYS)
def test_float32_at_ten_thousand_points(key):
    check_exactly(instances(key)[0], 10_000)


def check_float64(key, count):
    for activation in instances(key):
        z = hard_points(activation, count)
        for slope, got, exact in zip((False, True), twin(activation, z), reference(activation, z), strict=True):
            off = errors(activation, z, got, float64_of(exact), slope, LEAST_DOUBLE)
            assert off.max() <= DOUBLE, (off.max(), z[off.argmax()])


@pytest.mark.parametrize("key", ["relu", "tanh", "gelu", "softplus"])
def test_float64_at_hard_points(key):
    check_float64(key, 300)


@pytest.mark.slow
@pytest.mark.parametrize("key", KEYS)
def test_float64_at_two_thousand_points(key):
    check_float64(key, 2_000)


@pytest.mark.parametrize("key", KEYS)
def test_not_a_number_stays(key):
    for values in twin(ACTIVATIONS[key](), np.full(9, np.nan, np.float32)):
        assert np.isnan(values).all()


@pytest.mark.parametrize("key", [key for key in KEYS if ACTIVATIONS[key]().kinks])
def test_kinks_follow_the_table(key):
    for activation in instances(key):
        kinks = np.array(activation.kinks, np.float32)
        z = np.concatenate([kinks, np.nextafter(kinks, np.float32(-9)), np.nextafter(kinks, np.float32(9))])
        wanted = activation.df(z.astype(np.float64)).astype(np.float32)
        assert twin(activation, z)[1] == pytest.approx(wanted, rel=1e-7)


@pytest.mark.parametrize("key", ["relu", "relu6", "leaky_relu", "prelu", "rrelu"])
@pytest.mark.parametrize("at_zero", ["0", "0.5", "1"])
def test_slope_at_zero_is_chosen(key, at_zero):
    values = VARIANTS[key] | {"at_zero": at_zero}
    left, zero, right = twin(ACTIVATIONS[key](**values), np.array([-1, 0, 1], np.float32))[1]
    assert zero == pytest.approx(left + float(at_zero) * (right - left), rel=1e-7)
    assert (left, right) == (pytest.approx(ACTIVATIONS[key](**values).df(np.array([-1.0]))[0]), 1.0)


def test_tails_are_not_cancelled():
    # science.md 8: s(1 - s) is 0 in float32 from 17 on, where the slope is 4.14e-8.
    assert twin(Sigmoid(), np.float32([17]))[1][0] == pytest.approx(4.1399375e-8, rel=4e-7)
    assert twin(ACTIVATIONS["tanh"](), np.float32([40]))[1][0] == pytest.approx(7.219405e-35, rel=4e-7)
    assert twin(ACTIVATIONS["gelu"](), np.float32([-12]))[0][0] == pytest.approx(-2.1317785e-32, rel=4e-7)
    assert twin(ACTIVATIONS["log_sigmoid"](), np.float32([80]))[0][0] == pytest.approx(-1.8048514e-35, rel=4e-7)


@pytest.mark.parametrize("key", KEYS)
def test_float32_stays_float32_and_needs_no_libm(key):
    # A constant of the wrong type would promote the whole loop, a call would keep it from being vectorised.
    twin(ACTIVATIONS[key](), np.zeros(8, np.float32))
    for curve in CURVES[key]:
        for signature in curve.nopython_signatures:
            assert signature.return_type == signature.args[0]
    run = loop(key)
    [single] = [signature for signature in run.signatures if "float32" in str(signature)]
    code = run.inspect_llvm(single)
    assert re.search(r"store <\d+ x float>", code)
    assert not re.search(rf"call [^\n]*@({LIBM})\(", code)
