"""The compiled twins of the activations: an integer switch per array, then a loop that vectorises.

The case of each activation is the `code` of its class in activations.py; params[layer] holds its parameters in
field order.
"""

import numpy as np

from reluviz.core.jit import exact, inlined_exact
from reluviz.core.kernel_math import (
    ONE,
    ZERO,
    exp32,
    expm1_32,
    gelu32,
    gelu_slope32,
    sigmoid32,
    sigmoid_slope32,
    softplus32,
    tanh32,
    tanh_slope32,
)


@inlined_exact
def activate(code, params, layer, z, a, begin, end):  # type: ignore[no-untyped-def]
    """a = f(z) from `begin` to `end`; z and a flat float32, params (layers, 4) float32."""
    if code == 0:
        for i in range(begin, end):
            a[i] = z[i]
    elif code == 1:
        for i in range(begin, end):
            a[i] = (ONE if z[i] > ZERO else ZERO) if z[i] == z[i] else z[i]
    elif code == 2:
        for i in range(begin, end):
            a[i] = sigmoid32(z[i])
    elif code == 3:
        for i in range(begin, end):
            a[i] = tanh32(z[i])
    elif code == 4:
        # Written so that NaN comes through and divergence is seen.
        for i in range(begin, end):
            a[i] = ZERO if z[i] <= ZERO else z[i]
    elif code == 5:
        for i in range(begin, end):
            a[i] = z[i] if z[i] > ZERO else params[layer, 0] * z[i]
    else:
        activate_more(code, params, layer, z, a, begin, end)


@exact
def activate_more(code, params, layer, z, a, begin, end):  # type: ignore[no-untyped-def]
    """The rest of `activate`."""
    if code == 6:
        for i in range(begin, end):
            a[i] = z[i] if z[i] > ZERO else params[layer, 0] * expm1_32(z[i])
    elif code == 7:
        for i in range(begin, end):
            a[i] = gelu32(z[i])
    elif code == 8:
        for i in range(begin, end):
            a[i] = max(z[i], np.float32(-1e4)) * sigmoid32(z[i])
    elif code == 9:
        for i in range(begin, end):
            a[i] = softplus32(params[layer, 0] * z[i]) / params[layer, 0]


@inlined_exact
def slope(code, params, layer, z, d, begin, end):  # type: ignore[no-untyped-def]
    """d = f′(z), d from its start on; the kink values are those of activations.py."""
    if code <= 1:
        flat = ONE if code == 0 else ZERO
        for i in range(begin, end):
            d[i - begin] = flat if z[i] == z[i] else z[i]
    elif code == 2:
        for i in range(begin, end):
            d[i - begin] = sigmoid_slope32(z[i])
    elif code == 3:
        for i in range(begin, end):
            d[i - begin] = tanh_slope32(z[i])
    elif code == 4:
        for i in range(begin, end):
            d[i - begin] = (ONE if z[i] > ZERO else ZERO) if z[i] == z[i] else z[i]
    elif code == 5:
        for i in range(begin, end):
            d[i - begin] = (ONE if z[i] > ZERO else params[layer, 0]) if z[i] == z[i] else z[i]
    else:
        slope_more(code, params, layer, z, d, begin, end)


@exact
def slope_more(code, params, layer, z, d, begin, end):  # type: ignore[no-untyped-def]
    """The rest of `slope`."""
    if code == 6:
        for i in range(begin, end):
            d[i - begin] = ONE if z[i] > ZERO else params[layer, 0] * exp32(z[i])
    elif code == 7:
        for i in range(begin, end):
            d[i - begin] = gelu_slope32(z[i])
    elif code == 8:
        for i in range(begin, end):
            x = min(max(z[i], np.float32(-1e4)), np.float32(1e4))
            d[i - begin] = sigmoid32(z[i]) + x * sigmoid_slope32(z[i])
    elif code == 9:
        for i in range(begin, end):
            d[i - begin] = sigmoid32(params[layer, 0] * z[i])
