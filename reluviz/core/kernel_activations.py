"""The compiled twins of the activations: an integer switch per array, then a loop that vectorises.

The case of each activation is the `code` of its class in activations.py; p holds its parameters in field order.
"""

import numpy as np

from reluviz.core.jit import exact
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


@exact
def activate(code, p, z, a):  # type: ignore[no-untyped-def]
    """a = f(z); z and a (values,) float32, p (4,) float32."""
    n = z.size
    if code == 0:
        for i in range(n):
            a[i] = z[i]
    elif code == 1:
        for i in range(n):
            a[i] = (ONE if z[i] > ZERO else ZERO) if z[i] == z[i] else z[i]
    elif code == 2:
        for i in range(n):
            a[i] = sigmoid32(z[i])
    elif code == 3:
        for i in range(n):
            a[i] = tanh32(z[i])
    elif code == 4:
        # Written so that NaN comes through and divergence is seen.
        for i in range(n):
            a[i] = ZERO if z[i] <= ZERO else z[i]
    elif code == 5:
        for i in range(n):
            a[i] = z[i] if z[i] > ZERO else p[0] * z[i]
    else:
        activate_more(code, p, z, a)


@exact
def activate_more(code, p, z, a):  # type: ignore[no-untyped-def]
    """The rest of `activate`."""
    n = z.size
    if code == 6:
        for i in range(n):
            a[i] = z[i] if z[i] > ZERO else p[0] * expm1_32(z[i])
    elif code == 7:
        for i in range(n):
            a[i] = gelu32(z[i])
    elif code == 8:
        for i in range(n):
            a[i] = max(z[i], np.float32(-1e4)) * sigmoid32(z[i])
    elif code == 9:
        for i in range(n):
            a[i] = softplus32(p[0] * z[i]) / p[0]


@exact
def slope(code, p, z, d):  # type: ignore[no-untyped-def]
    """d = f′(z); same shapes as `activate`, and the kink values of activations.py."""
    n = z.size
    if code <= 1:
        flat = ONE if code == 0 else ZERO
        for i in range(n):
            d[i] = flat if z[i] == z[i] else z[i]
    elif code == 2:
        for i in range(n):
            d[i] = sigmoid_slope32(z[i])
    elif code == 3:
        for i in range(n):
            d[i] = tanh_slope32(z[i])
    elif code == 4:
        for i in range(n):
            d[i] = (ONE if z[i] > ZERO else ZERO) if z[i] == z[i] else z[i]
    elif code == 5:
        for i in range(n):
            d[i] = (ONE if z[i] > ZERO else p[0]) if z[i] == z[i] else z[i]
    else:
        slope_more(code, p, z, d)


@exact
def slope_more(code, p, z, d):  # type: ignore[no-untyped-def]
    """The rest of `slope`."""
    n = z.size
    if code == 6:
        for i in range(n):
            d[i] = ONE if z[i] > ZERO else p[0] * exp32(z[i])
    elif code == 7:
        for i in range(n):
            d[i] = gelu_slope32(z[i])
    elif code == 8:
        for i in range(n):
            x = min(max(z[i], np.float32(-1e4)), np.float32(1e4))
            d[i] = sigmoid32(z[i]) + x * sigmoid_slope32(z[i])
    elif code == 9:
        for i in range(n):
            d[i] = sigmoid32(p[0] * z[i])
