"""Layers along an axis: whole numbers from 1, the output last."""

from reluviz.ui.views.marked_axis import set_marks
from reluviz.ui.views.plot import Panel

# At most so many numbers stand along an axis of layers, so many pixels apart.
MOST, APART = 16, 17.0
# The diameter of a mark, in logical pixels, and where there are more layers than so many.
MARK, SMALL_MARK, MANY = 6.0, 4.0, 20


def layer_name(layer: int, layers: int) -> str:
    """The name of layer number `layer`, 0 the first hidden one, as in a table."""
    return "output" if layer == layers - 1 else str(layer + 1)


def layer_words(layer: int, layers: int) -> str:
    """The same in a sentence."""
    return "output layer" if layer == layers - 1 else f"layer {layer + 1}"


def dress_layers(panel: Panel, side: str, layers: int, scale: float, last: str = "out") -> None:
    """Ticks at whole layers, as many as there is room for; `scale` is the text's, `last` names the last one."""
    size = panel.plot.vb.width() if side == "bottom" else panel.plot.vb.height()
    most = max(2.0, min(MOST, size / (APART * scale)))
    every = next(step for step in (1, 2, 4, 8, 16, 32) if layers / step <= most or step == 32)
    # The first layer, whole multiples of the distance, and the output, which keeps its neighbours away.
    numbers = [1, *(n for n in range(every, layers, every) if n > every / 2 and n != 1)]
    marks = [(float(n), str(n)) for n in numbers if layers - n >= 0.75 * every and (n == 1 or n - 1 >= 0.75 * every)]
    set_marks(panel, side, (*marks, (float(layers), last)))


def ends_of(layers: int) -> tuple[float, float]:
    """The ends of an axis of layers, with room for the first and the last number."""
    room = 0.3 + 0.012 * layers
    return (1 - room, layers + room)
