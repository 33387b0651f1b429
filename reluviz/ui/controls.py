"""The left panel: data, network, activations, training and experiments, in that order."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from reluviz.core.settings import Network, Settings, Training
from reluviz.ui.appearance import Appearance
from reluviz.ui.data_panel import DataPanel
from reluviz.ui.experiments import Experiments
from reluviz.ui.folded_form import FoldedForm
from reluviz.ui.form import Form
from reluviz.ui.lab import Lab
from reluviz.ui.run_panel import RunPanel
from reluviz.ui.section import Section

REST = "An earlier step is looked at: continue from here, or return to now, to change something."
# What most people never touch: folded away, see FoldedForm.
MORE = ("schedule", "warmup", "clip_norm", "clip_value", "dropout", "label_noise")


class NetworkPanel(Form):
    """The architecture, the start seed and the precision."""

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


class TrainingPanel(FoldedForm):
    """Optimiser, rates and the loss; schedules, clipping and noise below More."""

    def __init__(self, lab: Lab) -> None:
        super().__init__(Training, "training", MORE)
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
        self.experiments = Experiments(lab)
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
            "Experiments": self.experiments,
        }
        self.sections: dict[str, Section] = {}
        for title, panel in parts.items():
            self.sections[title] = Section(title)
            self.sections[title].add(panel)
            column.addWidget(self.sections[title])
        column.addStretch(1)
        self.setWidget(inside)

    def rest(self, resting: bool) -> None:
        """Take no edits while an earlier step is looked at."""
        for section in self.sections.values():
            section.rest(REST if resting else "")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as wide as what is inside, whatever the font."""
        handled = super().eventFilter(watched, event)
        inside = self.widget()
        if inside is not None and watched is inside and event.type() == QEvent.Type.LayoutRequest:
            bar = self.verticalScrollBar().sizeHint().width()
            self.setMinimumWidth(inside.minimumSizeHint().width() + bar)
        return handled
