"""The activations of single hidden layers: a list to unfold, one selector a layer, and what the output does."""

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from reluviz.core.activations import Activation
from reluviz.core.labels import activation_label
from reluviz.core.param import Entry
from reluviz.core.settings import Run, Settings
from reluviz.ui.edits import own_activation, restarts, with_layer
from reluviz.ui.form import EntryEditor, caption
from reluviz.ui.output_words import output_words
from reluviz.ui.section import Section
from reluviz.ui.wording import tooltip

AS_RUN = "as the run"
SCOPE = "run.layer_activations"
HELP = "Give single hidden layers an activation of their own."


class LayerEditor(EntryEditor):
    """The activation of one hidden layer; the first item means that of the run."""

    def __init__(self, layer: int) -> None:
        kind = Entry(f"Layer {layer + 1}", "activation", f"The activation of hidden layer {layer + 1}.")
        super().__init__(kind, tooltip(kind, ..., restarts("run", "layer_activations")), SCOPE)
        self.layer = layer

    def show_own(self, own: Activation | None, common: Activation) -> None:
        """Show a layer's own activation, or that it has the run's."""
        self.combo.setItemText(0, f"As the run: {common.caption}")
        if own is not None:
            self.show_value(own)
            return
        self._entry = None
        self.combo.show_item(AS_RUN)
        self.combo.setToolTip(self.help_text)
        self.body.hide()

    def _fill(self) -> None:
        self.combo.addItem("As the run", AS_RUN)
        self.combo.setItemData(0, "The activation of the run", Qt.ItemDataRole.ToolTipRole)
        super()._fill()

    def _choose(self, index: int) -> None:
        if self.combo.itemData(index) != AS_RUN:
            super()._choose(index)
        elif self._entry is not None:
            self.edited.emit(None, None)


class LayerActivations(Section):
    """Edits which activation each hidden layer of a run has; emits the edited run."""

    edited = Signal(object, object)
    """The new run, and the gesture it belongs to."""

    def __init__(self) -> None:
        super().__init__("By layer…", unfolded=False, look="link")
        self._run: Run | None = None
        self._depth = 0
        self._restart = True
        self.rows: list[tuple[QLabel, LayerEditor]] = []
        inside = QWidget()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self.add(inside)
        self.output_name, self.output = QLabel("Output"), QLabel()
        self.output_name.setObjectName("caption")
        self.output.setWordWrap(True)
        self.unused = QLabel()
        self.unused.setObjectName("formula")
        self.unused.setWordWrap(True)
        self.header.toggled.connect(self._unfold)

    def show_run(self, run: Run, settings: Settings) -> None:
        """Show a run of these settings; emits nothing."""
        self._run, self._depth = run, len(settings.network.hidden)
        owned = [(layer, own_activation(run, layer)) for layer in range(self._depth)]
        told = [f"{layer + 1}: {activation_label(own)}" for layer, own in owned if own is not None]
        self.note(", ".join(told))
        kept = len(run.layer_activations) - self._depth
        words = stored_words(self._depth, kept) if kept > 0 else ""
        self.header.setToolTip(f"{HELP}\n{words}".strip())
        self.unused.setText(words)
        self.unused.setVisible(bool(words))
        text, tip = output_words(settings)
        self.output.setText(text)
        self.output.setToolTip(tip)
        if self.header.isChecked():
            self._show_rows()

    def tell_restart(self, restart: bool) -> None:
        """Say whether a choice restarts the runs."""
        self._restart = restart
        for _, editor in self.rows:
            editor.explain(tooltip(editor.kind, ..., restart))

    def _unfold(self, unfolded: bool) -> None:
        if unfolded and self._run is not None:
            self._show_rows()

    def _show_rows(self) -> None:
        assert self._run is not None
        # Made when first seen: a selector for each of 64 layers takes a moment.
        while len(self.rows) < self._depth:
            self._add_row()
        for layer, (name, editor) in enumerate(self.rows):
            used = layer < self._depth
            name.setVisible(used)
            editor.setVisible(used)
            if used:
                editor.show_own(own_activation(self._run, layer), self._run.activation)
            else:
                editor.body.hide()

    def _add_row(self) -> None:
        layer = len(self.rows)
        editor = LayerEditor(layer)
        editor.explain(tooltip(editor.kind, ..., self._restart))
        editor.edited.connect(self._edit)
        name = caption(editor.kind, editor)
        self.rows.append((name, editor))
        for widget in (self.output_name, self.output, self.unused):
            self._grid.removeWidget(widget)
        self._grid.addWidget(name, 2 * layer, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(editor, 2 * layer, 1)
        self._grid.addWidget(editor.body, 2 * layer + 1, 0, 1, 2)
        below = 2 * layer + 2
        self._grid.addWidget(self.output_name, below, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(self.output, below, 1)
        self._grid.addWidget(self.unused, below + 1, 0, 1, 2)

    def _edit(self, activation: Any, gesture: object) -> None:
        editor = self.sender()
        if self._run is None or not isinstance(editor, LayerEditor):
            return
        changed = with_layer(self._run, editor.layer, activation)
        if changed == self._run:
            # The run's own activation was chosen for a layer that has it already.
            self._show_rows()
            return
        self.edited.emit(changed, (id(self), editor.layer, gesture) if gesture is not None else None)


def stored_words(depth: int, kept: int) -> str:
    """What becomes of activations of layers that are not there now."""
    layers = f"layer {depth + 1}" if kept == 1 else f"layers {depth + 1} to {depth + kept}"
    return f"Activations of {layers} stay stored, unused until there are so many hidden layers again."
