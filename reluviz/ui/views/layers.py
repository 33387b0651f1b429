"""Layers along an axis: whole numbers from 1, the output last."""

from reluviz.ui.views.plot import Panel

# At most so many numbers stand along an axis of layers, so many pixels apart.
MOST, APART = 16, 18.0


def layer_name(layer: int, layers: int) -> str:
    """The name of layer number `layer`, 0 the first hidden one, as in a table."""
    return "output" if layer == layers - 1 else str(layer + 1)


def layer_words(layer: int, layers: int) -> str:
    """The same in a sentence."""
    return "output layer" if layer == layers - 1 else f"layer {layer + 1}"


def dress_layers(panel: Panel, side: str, layers: int) -> None:
    """Ticks at whole layers, as many as there is room for."""
    size = panel.plot.vb.width() if side == "bottom" else panel.plot.vb.height()
    most = max(2.0, min(MOST, size / APART))
    every = next(step for step in (1, 2, 4, 8, 16, 32) if layers / step <= most or step == 32)
    axis = panel.axis(side)
    if axis._tickSpacing != [(every, 0)]:
        axis.setTickSpacing(levels=[(every, 0)])
