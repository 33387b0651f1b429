"""The row below a network diagram with which a running neuron is edited: one value at a time, and three buttons."""

import math
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QWidget

from reluviz.core.snapshot import Snapshot
from reluviz.core.surgery import BIAS, Edit, Freeze, Kill, Revive, SetParameter
from reluviz.ui.views.diagram_formula import source_words

# What float32 holds.
LARGEST = 3e38
HELP = "The present value; type another and press Enter, or turn it with the arrow keys"
FREEZE = "Hold the neuron's weights and bias at their present values while the rest goes on learning"
THAW = "Let the neuron's weights and bias learn again"
KILL = "Silence the neuron: the weights that lead out of it are held at 0"
REVIVE = "Bring the neuron back: a killed one gets its old outgoing weights, any other a new start"


def parsed(text: str) -> float | None:
    """The number that a person has typed, with a point or a comma; None for what is none."""
    plain = text.strip().replace("−", "-").replace(",", ".").replace("\u202f", "")
    try:
        value = float(plain)
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) < LARGEST else None


class ValueField(QLineEdit):
    """One number: committed by Enter and when the focus leaves; what is none goes back to what it was."""

    def __init__(self, committed: Callable[[float], None]) -> None:
        super().__init__()
        self._committed, self._value = committed, 0.0
        self.setToolTip(HELP)
        self.setAccessibleName("Value of the chosen weight or bias")
        self.returnPressed.connect(self._commit)

    def show_value(self, value: float) -> None:
        """Show a number, unless another is being typed."""
        if self.hasFocus() and self.isModified():
            return
        self._value = value
        words = f"{value:.6g}".replace("-", "−")
        if words != self.text():
            self.setText(words)
            # The first digits count, where not all can be seen.
            self.setCursorPosition(0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving is committing."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._commit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and Down turn the value by a tenth of its size, Escape takes the typing back."""
        turn = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self._take_back()
        elif turn:
            now = parsed(self.text())
            now = self._value if now is None else now
            step = 10.0 ** math.floor(math.log10(max(abs(now), 0.1)) - 1e-9)
            self.setText(f"{round(now + turn * step, 12):.6g}".replace("-", "−"))
            self.setModified(True)
            self._commit()
        else:
            super().keyPressEvent(event)

    def _take_back(self) -> None:
        self.setModified(False)
        self.show_value(self._value)

    def _commit(self) -> None:
        if not self.isModified():
            return
        value = parsed(self.text())
        if value is None:
            self._take_back()
            return
        self.setModified(False)
        self._value = value
        self._committed(value)


class Editor(QWidget):
    """Which weight or the bias, its value, and Freeze, Kill and Revive; greyed while no neuron is chosen."""

    def __init__(self, wanted: Callable[[Edit], None]) -> None:
        super().__init__()
        self._wanted = wanted
        self._snapshot: Snapshot | None = None
        self._place: tuple[int, int, int] | None = None
        self._filled: object = None
        self.sources = QComboBox()
        self.sources.setToolTip("Which of the chosen neuron's weights, or its bias, is edited")
        self.sources.setAccessibleName("Weight or bias to edit")
        self.sources.setPlaceholderText("No neuron chosen")
        self.sources.setMinimumContentsLength(4)
        self.sources.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.sources.activated.connect(lambda _: self._show_value())
        self.field = ValueField(self._set)
        self.freeze = self._button("Freeze", FREEZE, self._freeze)
        self.kill = self._button("Kill", KILL, lambda: self._send(Kill))
        self.revive = self._button("Revive", REVIVE, lambda: self._send(Revive))
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 2, 10, 8)
        row.setSpacing(6)
        row.addWidget(self.sources, 3)
        row.addWidget(self.field, 2)
        for button in (self.freeze, self.kill, self.revive):
            row.addWidget(button)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.show_neuron(None, None)

    def _button(self, words: str, help_words: str, pressed: Callable[[], None]) -> QPushButton:
        button = QPushButton(words)
        button.setToolTip(help_words)
        button.setAccessibleName(f"{words} the chosen neuron")
        button.clicked.connect(pressed)
        return button

    def show_neuron(self, snapshot: Snapshot | None, place: tuple[int, int, int] | None) -> None:
        """Show the neuron (run, layer, unit), or none."""
        self._snapshot, self._place = snapshot, place
        on = snapshot is not None and place is not None
        for widget in (self.sources, self.field, self.freeze):
            widget.setEnabled(on)
        hidden = False
        if snapshot is not None and place is not None:
            run, layer, unit = place
            state, neuron = snapshot.runs[run], snapshot.shape.offsets[layer] + unit
            hidden = layer < snapshot.shape.layers - 1
            self._fill(snapshot, layer)
            frozen = bool(state.frozen[neuron])
            self.freeze.setText("Unfreeze" if frozen else "Freeze")
            self.freeze.setToolTip(THAW if frozen else FREEZE)
            self.kill.setEnabled(hidden and not state.killed[neuron])
        else:
            self.kill.setEnabled(False)
            self.sources.setCurrentIndex(-1)
        self.revive.setEnabled(hidden)
        self._show_value()

    def edit(self, source: int) -> None:
        """Go to the value of this source (BIAS: the bias), ready to be typed over."""
        self.sources.setCurrentIndex(max(0, self.sources.findData(source)))
        self._show_value()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.selectAll()

    @property
    def source(self) -> int:
        """The source whose weight is shown, BIAS for the bias."""
        data = self.sources.currentData()
        return BIAS if data is None else int(data)

    def _fill(self, snapshot: Snapshot, layer: int) -> None:
        """Offer the bias and the sources of a layer; the choice stays where it can."""
        shown = (snapshot.settings.data, snapshot.settings.network.hidden, layer)
        if shown == self._filled:
            self.sources.setCurrentIndex(max(0, self.sources.currentIndex()))
            return
        self._filled = shown
        before = self.source
        self.sources.clear()
        for words, source in source_words(snapshot, layer):
            self.sources.addItem(words, source)
        self.sources.setCurrentIndex(max(0, self.sources.findData(before)))

    def _show_value(self) -> None:
        if self._snapshot is None or self._place is None:
            self.field.clear()
            return
        run, layer, unit = self._place
        state, shape = self._snapshot.runs[run], self._snapshot.shape
        if self.source == BIAS:
            self.field.show_value(float(state.neurons.bias[shape.offsets[layer] + unit]))
        elif state.theta.size:
            self.field.show_value(float(shape.weights(state.theta, layer)[self.source, unit]))

    def _set(self, value: float) -> None:
        if self._place is not None:
            self._wanted(SetParameter(*self._place, self.source, value))

    def _freeze(self) -> None:
        if self._place is not None and self._snapshot is not None:
            run, layer, unit = self._place
            frozen = bool(self._snapshot.runs[run].frozen[self._snapshot.shape.offsets[layer] + unit])
            self._wanted(Freeze(run, layer, unit, not frozen))

    def _send(self, kind: type[Kill] | type[Revive]) -> None:
        if self._place is not None:
            self._wanted(kind(*self._place))
