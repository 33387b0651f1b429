"""The upper tail of the standard normal law and what GELU needs of it, to the last digits.

Polynomials through Chebyshev nodes, computed with 60 digits; each is within 2⁻⁵⁷ of the function on its interval.
scipy.special.erfcx is up to 7 units off in the last place, and importing it costs 0.15 s.
"""

from typing import Any

import numpy as np

from reluviz.core.stable import offset, polynomial, two_product

Array = np.ndarray[Any, np.dtype[Any]]
DENSITY_AT_ZERO = 0.3989422804014327
# Q(a) e^(a²/2), Q the upper tail: one polynomial in a - middle for each interval [middle - half, middle + half].
MIDDLES = (0.5, 1.5, 3.0, 6.0)
ENDS = (1.0, 2.0, 4.0, 8.0)
PIECES = (
    (
        0.34961883472039806,
        -0.22413286304123364,
        0.11877620159989062,
        -0.05491492074709732,
        0.02282968530658591,
        -0.008700015618692812,
        0.003079946249519383,
        -0.0010228632151317383,
        0.00032106433072519905,
        -9.581453823294892e-05,
        2.731570002852776e-05,
        -7.4689627900893254e-06,
        1.9651465230258797e-06,
        -4.982076325453996e-07,
        1.2238509322852418e-07,
        -3.083889006037732e-08,
        7.110831342128558e-09,
    ),
    (
        0.2057806669773947,
        -0.09027127993534065,
        0.03518687353719191,
        -0.012496989876517624,
        0.004110347180600036,
        -0.0012662938211216032,
        0.0003684844082756603,
        -0.00010193817272325874,
        2.6947141719081872e-05,
        -6.835272644505912e-06,
        1.6694397516746032e-06,
        -3.9374306643966816e-07,
        8.982417087777761e-08,
        -1.9899129774260876e-08,
        4.475855290902131e-09,
        -9.363358054422955e-10,
    ),
    (
        0.12151394835556217,
        -0.034400435334746175,
        0.009156321175661753,
        -0.0023104906025868963,
        0.0005562123419770381,
        -0.00012837071533250085,
        2.8516699311693035e-05,
        -6.11723104607263e-06,
        1.2706258655925216e-06,
        -2.561504294412662e-07,
        5.021718605436462e-08,
        -9.59068931061535e-09,
        1.787554753766738e-09,
        -3.2541244658365036e-10,
        5.7494261395633085e-11,
        -1.0031363126744559e-11,
        1.956457935210937e-12,
        -3.266269258285248e-13,
    ),
    (
        0.06477931432444685,
        -0.010266394454751582,
        0.0015904737979686786,
        -0.00024118388897985106,
        3.584261602241649e-05,
        -5.225638568991411e-06,
        7.481307679906116e-07,
        -1.0526485177458153e-07,
        1.4567707335887811e-08,
        -1.9842894830055944e-09,
        2.6619685462206746e-10,
        -3.5191888515700836e-11,
        4.587260200860871e-12,
        -5.897583323504011e-13,
        7.484742438808773e-14,
        -9.414915160568663e-15,
        1.1650317260497609e-15,
        -1.353394114128476e-16,
        1.639977656248191e-17,
        -2.7556891826216234e-18,
        3.2384986996414644e-19,
    ),
)
# From a = 8 on: a Q(a) e^(a²/2) as a polynomial in 1/a².
FAR = (
    0.3989422804014327,
    -0.3989422804014241,
    1.196826841177924,
    -5.984134174162195,
    41.8889194403246,
    -376.99298871710243,
    4145.219312238175,
    -53625.42483052002,
    777395.8651796534,
    -11381953.901563745,
    137202964.9970888,
    -922947510.5819793,
)
# Where GELU's slope is zero, in three parts: Q(a) e^(a²/2) = a / √(2π); and the difference of both sides around it,
# divided by the distance.
ROOT = (0.7517915246935645, -1.4956759177009883e-17, -5.384040947833005e-34)
AROUND_ROOT = (
    -0.5724061752276146,
    0.0847563696385306,
    -0.036581591489380026,
    0.014313659799253173,
    -0.005164140672978943,
    0.001738550434826346,
    -0.0005510161705007213,
    0.00016553764360155665,
    -4.739625764642498e-05,
    1.299055215019797e-05,
    -3.420966940507488e-06,
    8.68238976206005e-07,
    -2.1269769411685168e-07,
    5.0530693443562517e-08,
    -1.224632235759372e-08,
    2.7379185680603756e-09,
)
AROUND = 0.5


def scaled_tail(a: Array, factor: Array | float = 1.0) -> Array:
    """factor · Q(a) e^(a²/2) for a >= 0, where Q(a) is the chance that a standard normal exceeds a; to 4e-16."""
    value = np.where(np.isnan(a), a, polynomial(1.0 / (a * a), FAR) * (factor / a))
    below = 0.0
    for end, middle, coefficients in zip(ENDS, MIDDLES, PIECES, strict=True):
        value = np.where((a >= below) & (a < end), polynomial(a - middle, coefficients) * factor, value)
        below = end
    return value


def scaled_balance(a: Array) -> Array:
    """Q(a) e^(a²/2) - a / √(2π) for a >= 0, without cancelling around its zero at 0.7518."""
    d = offset(a, ROOT)
    return np.where(np.abs(d) < AROUND, d * polynomial(d, AROUND_ROOT), scaled_tail(a) - a * DENSITY_AT_ZERO)


def half_square(a: Array) -> tuple[Array, Array]:
    """a²/2 in two parts: e^(-a²/2) would multiply a rounding error of the exponent by up to 745."""
    high, low = two_product(a, a)
    return 0.5 * high, 0.5 * low
