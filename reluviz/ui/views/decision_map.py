"""What each run answers: a field over the plane, a fitted curve, a confusion matrix, or predicted against true."""

import math

from reluviz.core.labels import run_labels
from reluviz.core.settings import MOST_RUNS
from reluviz.core.snapshot import RunState, Snapshot
from reluviz.ui.views.answer_table import answer_table
from reluviz.ui.views.answers import AnswerPanel, key_words
from reluviz.ui.views.base import View
from reluviz.ui.views.key import ColorKey
from reluviz.ui.views.plot import Panel
from reluviz.ui.views.table import Table

# Columns of the grid of panels for 1 to 6 runs.
COLUMNS = (1, 2, 3, 2, 3, 3)
ROWS = 2
UNLIMITED = 16777215


class DecisionMap(View):
    """One panel for each run, moved and zoomed together."""

    key = "decision_map"
    title = "What the networks answer"
    help = (
        "The answer of every run. In the plane: its prediction as a colour, with the samples on top (filled: training,"
        " ringed: test). On a line: the fitted curve. With more inputs: how often each class is taken for which, or"
        " predicted against true values, on the test data."
    )

    def build(self) -> None:
        """Panels are made when a lab first needs them, and then kept."""
        self.answers: list[AnswerPanel] = []
        self._places: tuple[int, ...] = ()
        self.words = ColorKey()
        self.canvas.ci.addItem(self.words, ROWS, 0, 1, 3)

    def restyle(self) -> None:
        """Take the theme's colours."""
        self.words.set_theme(self.theme, self.scale)
        for answer in self.answers:
            answer.restyle(self)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Draw every run's answer."""
        self._arrange(len(snapshot.runs))
        labels = run_labels(snapshot.settings)
        for place, (answer, state) in enumerate(zip(self.answers, snapshot.runs, strict=False)):
            answer.show(self, snapshot, place)
            color = self.theme.runs[snapshot.settings.runs[place].color]
            answer.set_title(labels[place], score(state), color)
        self.words.set_words(*key_words(snapshot))

    def _arrange(self, runs: int) -> None:
        """Put `runs` panels into a grid that uses the space well."""
        while len(self.answers) < min(runs, MOST_RUNS):
            answer = AnswerPanel(self, len(self.answers))
            if self.answers:
                answer.panel.join(self.answers[0].panel)
            answer.restyle(self)
            self.answers.append(answer)
        places = tuple(range(runs))
        if places == self._places:
            return
        self._places = places
        layout = self.canvas.ci
        for answer in self.answers:
            if answer.panel.plot in layout.items:
                layout.removeItem(answer.panel.plot)
                self.canvas.scene().addItem(answer.panel.plot)
            answer.panel.plot.hide()
        columns = COLUMNS[runs - 1]
        for row in range(ROWS):
            used = row * columns < runs
            layout.layout.setRowStretchFactor(row, int(used))
            layout.layout.setRowMaximumHeight(row, UNLIMITED if used else 0)
        for column in range(max(COLUMNS)):
            layout.layout.setColumnStretchFactor(column, int(column < columns))
            layout.layout.setColumnMaximumWidth(column, UNLIMITED if column < columns else 0)
        for place in places:
            answer = self.answers[place]
            layout.addItem(answer.panel.plot, place // columns, place % columns)
            answer.panel.plot.show()
        # While it held no panel the layout shrank to the height of the key, and it does not grow by itself.
        layout.layout.activate()
        layout.setGeometry(self.canvas.range)

    def table(self) -> Table:
        """What every run answers at each place or sample, or its confusion matrix."""
        return Table((), ()) if self.snapshot is None else answer_table(self.snapshot)

    def describe(self, panel: Panel, x: float, y: float) -> str:
        """What the run says at this place."""
        if self.snapshot is None:
            return ""
        for place, answer in enumerate(self.answers[: len(self.snapshot.runs)]):
            if answer.panel is panel:
                return answer.describe(self.snapshot, place, x, y)
        return ""


def score(state: RunState) -> str:
    """The run's result on the test data, or how it ended."""
    if state.divergence is not None:
        return state.divergence.sentence
    if math.isnan(state.metrics.test_accuracy):
        return f"test loss {state.metrics.test_loss:.3g}"
    return f"test {state.metrics.test_accuracy:.1%}, loss {state.metrics.test_loss:.3g}"
