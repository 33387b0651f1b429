"""The window of activation passports: a table over all activations, and one of them in full."""

from pathlib import Path

from PySide6.QtCore import QItemSelection, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from reluviz.core.passport_rows import Row, rows
from reluviz.ui.appearance import Appearance
from reluviz.ui.export import ExportError
from reluviz.ui.inputs import RETURN, press
from reluviz.ui.lab import Lab
from reluviz.ui.passport_export import save, tab_text
from reluviz.ui.passport_fate import sentences, stack_of
from reluviz.ui.passport_model import PassportModel, PassportOrder
from reluviz.ui.passport_page import PassportPage
from reluviz.ui.passport_study import PassportStudy
from reluviz.ui.passport_table import PassportTable
from reluviz.ui.preferences import Preferences

SIZE = QSize(1320, 780)
MOST_OF_SCREEN = 0.92
# Edits that follow each other quickly, as a slider's, are one.
REST_MS = 250
INPUTS = 2
WAITS = "The cost is measured when the engine is ready."


class PassportWindow(QDialog):
    """Not modal; follows the lab while it is open, computes nothing while it is closed."""

    def __init__(
        self, lab: Lab, appearance: Appearance, preferences: Preferences, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._lab, self._appearance, self._preferences = lab, appearance, preferences
        self._window = parent
        self.setWindowTitle("Activation passports")
        self.model = PassportModel(self)
        self.order = PassportOrder(self)
        self.order.setSourceModel(self.model)
        self.study = PassportStudy(lab, self.model, self)
        self.table, self.page = PassportTable(self.order), PassportPage()
        self._build()
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.follow)
        lab.settings_changed.connect(self._changed)
        lab.ready.connect(self._changed)
        appearance.changed.connect(self._dress)
        self.study.advanced.connect(self._advanced)
        self.filter.textChanged.connect(self._look_for)
        self.table.selectionModel().selectionChanged.connect(self._selected)
        self.table.copy_requested.connect(self.copy)
        self.copy_button.clicked.connect(self.copy)
        self.save_button.clicked.connect(self._save)
        self.close_button.clicked.connect(self.close)
        self._dress()
        self.resize(SIZE.boundedTo(self.screen().availableSize() * MOST_OF_SCREEN))

    def _build(self) -> None:
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Type to filter, for example: tanh")
        self.filter.setClearButtonEnabled(True)
        self.filter.setAccessibleName("Filter the activations")
        self.filter.setToolTip("Shows the activations whose name, key or formula has these words")
        self.words, self.problem = QLabel(), QLabel()
        self.words.setObjectName("caption")
        self.problem.setObjectName("problem")
        self.problem.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(140, 6)
        self.bar.setAccessibleName("How many rows have been computed")
        self.copy_button = _button("&Copy rows", "Put the selected rows on the clipboard, for a spreadsheet (Ctrl+C)")
        self.save_button = _button("&Save table…", "Save the rows shown as CSV with all columns, or as a picture")
        self.close_button = _button("Close", "Close this window; what has been computed is kept")
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(self.page)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setCollapsible(0, False)
        self.splitter.setHandleWidth(8)
        bottom = QHBoxLayout()
        bottom.setSpacing(10)
        bottom.addWidget(self.bar)
        bottom.addWidget(self.words)
        bottom.addWidget(self.problem, 1)
        for button in (self.close_button, self.copy_button, self.save_button):
            bottom.addWidget(button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(12, 12, 12, 10)
        whole.setSpacing(8)
        whole.addWidget(self.filter)
        whole.addWidget(self.splitter, 1)
        whole.addLayout(bottom)

    @property
    def chosen(self) -> Row | None:
        """The activation that is shown in full: the current row's."""
        index = self.table.currentIndex()
        return self.model.rows[self.order.mapToSource(index).row()] if index.isValid() else None

    def follow(self) -> None:
        """Show what the lab uses now, and keep the chosen activation."""
        before = self.chosen
        self._rest.stop()
        self.model.set_rows(rows(self._lab.settings))
        if self.chosen is None:
            self._choose(self._same(before))
        self._show_chosen()

    def _same(self, before: Row | None) -> int:
        """The row that was chosen before: the same activation, else the same run's, else the first."""
        if before is not None:
            for place, row in enumerate(self.model.rows):
                if row.activation == before.activation:
                    return place
            colors = {use.color for use in before.uses}
            for place, row in enumerate(self.model.rows):
                if colors & {use.color for use in row.uses}:
                    return place
        return 0

    def _choose(self, place: int) -> None:
        index = self.order.mapFromSource(self.model.index(place, 1))
        if not index.isValid():
            index = self.order.index(0, 1)
        if index.isValid():
            self.table.setCurrentIndex(index)
            self.table.selectRow(index.row())

    def copy(self) -> None:
        """Put the selected rows and the columns that are shown on the clipboard."""
        places = sorted(index.row() for index in self.table.selectionModel().selectedRows(1))
        if places:
            QGuiApplication.clipboard().setText(tab_text(self.order, places, self.table.shown_columns()))
            self._say(f"Copied {len(places)} row{'s' if len(places) > 1 else ''}")

    def write(self, path: Path) -> None:
        """Save the table; what fails is said."""
        try:
            save(path, self.order, self.table)
        except ExportError as error:
            self.problem.setText(str(error))
            self.problem.setToolTip(str(error))
            return
        self._preferences.image_folder = str(path.parent)
        self._say(f"Saved {path.name}")

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to follow the lab."""
        super().showEvent(event)
        if not event.spontaneous():
            self.follow()
            self.table.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Compute nothing more."""
        self.stop()
        super().closeEvent(event)

    def done(self, result: int) -> None:
        """Escape closes as the window's own button does."""
        self.stop()
        super().done(result)

    def stop(self) -> bool:
        """End what is being computed; False if it did not end in time."""
        self._rest.stop()
        return self.study.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the focused button and does no more."""
        if event.key() in RETURN:
            press(self.focusWidget())
        else:
            super().keyPressEvent(event)

    def _changed(self, *_: object) -> None:
        if self.isVisible():
            self._rest.start()

    def _dress(self) -> None:
        theme, scale = self._appearance.theme, self._appearance.scale
        self.model.set_theme(theme)
        self.page.set_theme(theme, scale)
        self.table.fit()
        if self.isVisible():
            self._advanced()

    def _look_for(self, text: str) -> None:
        before = self.chosen
        self.order.look_for(text)
        if self.chosen is None and self.order.rowCount():
            self._choose(self._same(before))
        self._advanced()

    def _selected(self, chosen: QItemSelection, left: QItemSelection) -> None:
        self._show_chosen()

    def _show_chosen(self) -> None:
        row = self.chosen
        if row is not None:
            self.study.chosen = row.activation
            self.study.stack = stack_of(row, self._lab.settings, self._inputs())
        if self.isVisible():
            self.study.go_on()

    def _inputs(self) -> int:
        """How many inputs the lab's networks have."""
        snapshot = getattr(self._window, "snapshot", None)
        return snapshot.dataset.inputs if snapshot is not None else INPUTS

    def _advanced(self) -> None:
        row = self.chosen
        if row is not None:
            self.page.show_row(row, self.model.passport(row.activation))
            stack = self.study.stack
            self.page.show_fate(sentences(stack, self.study.simulated) if stack is not None else [])
        done, total, words = self.study.progress()
        self.bar.setVisible(bool(words))
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(done)
        self._say(f"{words}: {done} of {total}" if words else self._count())

    def _count(self) -> str:
        shown, every = self.order.rowCount(), self.model.rowCount()
        words = f"{every} activations" if shown == every else f"{shown} of {every} activations"
        return words if self.study.measures else f"{words}. {WAITS}"

    def _say(self, words: str) -> None:
        self.words.setText(words)
        self.problem.setText("")

    def _save(self) -> None:
        start = str(Path(self._preferences.image_folder) / "passports.csv")
        name, kind = QFileDialog.getSaveFileName(self, "Save table", start, "CSV table (*.csv);;PNG picture (*.png)")
        if name:
            path = Path(name)
            self.write(path if path.suffix else path.with_suffix(".png" if "png" in kind else ".csv"))


def _button(title: str, words: str) -> QPushButton:
    button = QPushButton(title)
    button.setToolTip(words)
    button.setAccessibleName(title.replace("&", "").replace("…", ""))
    button.setAccessibleDescription(words)
    button.setAutoDefault(False)
    return button
