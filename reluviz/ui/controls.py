"""The left panel: data, network, activations and training, in that order."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from reluviz.core.datasets import DataSource
from reluviz.core.param import Entry
from reluviz.core.settings import Network, Settings, Training
from reluviz.ui.appearance import Appearance
from reluviz.ui.edits import new_sample, restarts, with_data
from reluviz.ui.form import EntryEditor, Form
from reluviz.ui.lab import Lab
from reluviz.ui.run_panel import RunPanel
from reluviz.ui.section import Section
from reluviz.ui.wording import tooltip

SOURCE = Entry("Data set", "dataset", "What the networks learn.")


class DataPanel(QWidget):
    """The source of the samples, its parameters, and a button for another sample."""

    def __init__(self, lab: Lab) -> None:
        super().__init__()
        self._lab = lab
        self.editor = EntryEditor(SOURCE, tooltip(SOURCE, ..., restarts("lab", "data")), "data")
        self.editor.edited.connect(self._edit)
        self.sample = QPushButton("New sample")
        self.sample.setAccessibleName("New sample")
        self.sample.setToolTip("Draw other samples of the same kind: the next data seed.\nA change restarts the runs.")
        self.sample.clicked.connect(self._draw_again)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.editor)
        column.addWidget(self.editor.body)
        column.addWidget(self.sample)
        lab.settings_changed.connect(self._show)
        self._show(lab.settings)

    def _show(self, settings: Settings) -> None:
        self.editor.show_value(settings.data)

    def _edit(self, source: DataSource, gesture: object) -> None:
        self._lab.edit(with_data(self._lab.settings, source), gesture=gesture)

    def _draw_again(self) -> None:
        self._lab.edit(new_sample(self._lab.settings))


class NetworkPanel(Form):
    """The architecture and the start seed."""

    def __init__(self, lab: Lab) -> None:
        super().__init__(Network, "network")
        self._lab = lab
        self.edited.connect(self._edit)
        lab.settings_changed.connect(self._show)
        self._show(lab.settings)

    def _show(self, settings: Settings) -> None:
        self.show_value(settings.network)

    def _edit(self, network: Network, gesture: object) -> None:
        self._lab.edit(self._lab.settings.evolve(network=network), gesture=gesture)


class TrainingPanel(Form):
    """Optimiser, rates and the loss."""

    def __init__(self, lab: Lab) -> None:
        super().__init__(Training, "training")
        self._lab = lab
        self.edited.connect(self._edit)
        lab.settings_changed.connect(self._show)
        self._show(lab.settings)

    def _show(self, settings: Settings) -> None:
        self.show_value(settings.training)

    def _edit(self, training: Training, gesture: object) -> None:
        try:
            settings = self._lab.settings.evolve(training=training)
        except ValueError as problem:
            # Only a loss can be refused here: it must fit the data.
            self._show(self._lab.settings)
            self._lab.failed.emit(str(problem))
            return
        self._lab.edit(settings, gesture=gesture)


class Controls(QScrollArea):
    """All settings of the lab, foldable and scrollable."""

    def __init__(self, lab: Lab, appearance: Appearance) -> None:
        super().__init__()
        self.setObjectName("controls")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.data = DataPanel(lab)
        self.network = NetworkPanel(lab)
        self.runs = RunPanel(lab, appearance)
        self.training = TrainingPanel(lab)
        inside = QWidget()
        inside.setObjectName("controlsInside")
        column = QVBoxLayout(inside)
        column.setContentsMargins(12, 6, 12, 12)
        column.setSpacing(2)
        parts = {
            "Data": self.data,
            "Network": self.network,
            "Activations": self.runs,
            "Training": self.training,
        }
        self.sections: dict[str, Section] = {}
        for title, panel in parts.items():
            self.sections[title] = Section(title)
            self.sections[title].add(panel)
            column.addWidget(self.sections[title])
        column.addStretch(1)
        self.setWidget(inside)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as wide as what is inside, whatever the font."""
        handled = super().eventFilter(watched, event)
        inside = self.widget()
        if inside is not None and watched is inside and event.type() == QEvent.Type.LayoutRequest:
            bar = self.verticalScrollBar().sizeHint().width()
            self.setMinimumWidth(inside.minimumSizeHint().width() + bar)
        return handled
