"""The compiled twins of all activations: for each key two functions of one number, f and f′.

Both take x and four parameters by place (`Activation.values`, filled up with zeros), all float32 or all float64, and
give a number of that type. Error in float32 at most 4e-7 of the value, or 4e-7 where f or f′ passes through zero; in
float64 about 1e-14. Over the whole range, infinities give the limit and NaN stays NaN; sine has no limit.
"""

from typing import Any

from reluviz.core import kernel_curves_bounded as bounded
from reluviz.core import kernel_curves_gated as gated
from reluviz.core import kernel_curves_lines as lines
from reluviz.core import kernel_curves_smooth as smooth

CURVES: dict[str, tuple[Any, Any]] = {
    "identity": (lines.identity, lines.identity_slope),
    "binary_step": (lines.binary_step, lines.flat_slope),
    "sigmoid": (bounded.logistic, bounded.logistic_slope),
    "hard_sigmoid": (lines.hard_sigmoid, lines.hard_sigmoid_slope),
    "log_sigmoid": (bounded.log_sigmoid, bounded.log_sigmoid_slope),
    "tanh": (bounded.hyperbolic, bounded.hyperbolic_slope),
    "hard_tanh": (lines.hard_tanh, lines.hard_tanh_slope),
    "lecun_tanh": (bounded.lecun_tanh, bounded.lecun_tanh_slope),
    "relu": (lines.relu, lines.relu_slope),
    "relu6": (lines.relu6, lines.relu6_slope),
    "leaky_relu": (lines.leaky_relu, lines.leaky_relu_slope),
    "prelu": (lines.leaky_relu, lines.leaky_relu_slope),
    "rrelu": (lines.rrelu, lines.rrelu_slope),
    "elu": (smooth.elu, smooth.elu_slope),
    "selu": (smooth.selu, smooth.selu_slope),
    "celu": (smooth.celu, smooth.celu_slope),
    "gelu": (gated.gelu, gated.gelu_slope),
    "gelu_tanh": (gated.gelu_tanh, gated.gelu_tanh_slope),
    "silu": (gated.silu, gated.silu_slope),
    "swish": (gated.swish, gated.swish_slope),
    "hard_swish": (lines.hard_swish, lines.hard_swish_slope),
    "mish": (gated.mish, gated.mish_slope),
    "softplus": (smooth.softplus, smooth.softplus_slope),
    "softsign": (bounded.softsign, bounded.softsign_slope),
    "tanhshrink": (bounded.tanhshrink, bounded.tanhshrink_slope),
    "softshrink": (lines.softshrink, lines.shrink_slope),
    "hardshrink": (lines.hardshrink, lines.shrink_slope),
    "threshold": (lines.threshold, lines.threshold_slope),
    "gaussian": (bounded.gaussian, bounded.gaussian_slope),
    "sine": (bounded.sine, bounded.sine_slope),
    "relu_squared": (lines.relu_squared, lines.relu_squared_slope),
    "abs": (lines.absolute, lines.absolute_slope),
    "bent_identity": (smooth.bent_identity, smooth.bent_identity_slope),
    "squareplus": (smooth.squareplus, smooth.squareplus_slope),
    "arctan": (bounded.arctan, bounded.arctan_slope),
}
