"""The typed formula: its line, what it means, what a look at its slope found, and a slider for each parameter."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from reluviz.core.formula import Constant, Formula
from reluviz.core.formula_check import Report, checked
from reluviz.core.formula_tape import FUNCTIONS
from reluviz.ui.constant_row import ConstantRow
from reluviz.ui.formula_field import FormulaField

EXAMPLES = (
    ("Leaky ReLU", "max(0.1*x, x)"),
    ("ELU", "where(x > 0, x, a*expm1(x))"),
    ("Swish", "x*sigmoid(b*x)"),
    ("Snake", "x + sin(a*x)**2/a"),
    ("Wave on a line", "x + sin(x)"),
    ("Bump", "exp(-x**2/2)"),
    ("Triangle", "max(0, 1 - abs(x))"),
)
HELP = (
    "A formula in x with + - * / **, comparisons, the numbers pi and e, and the functions "
    f"{', '.join(FUNCTIONS)}. Up to four other names become parameters with sliders.\n"
    "Enter or a short pause applies it; what cannot be read changes nothing."
)
CHECK_MS = 120
LEAST_ERROR = 1e-16


class FormulaForm(QWidget):
    """Edits a `Formula`; emits the edited one as forms do."""

    edited = Signal(object, object)
    empty = False

    def __init__(self) -> None:
        super().__init__()
        self._formula: Formula | None = None
        # All that is typed between two visits of the line is one step back.
        self._gesture: object = object()
        self.report: Report | None = None
        self.rows: list[ConstantRow] = []
        self.field = FormulaField()
        self.field.setPlaceholderText("max(0.1*x, x)")
        self.field.setMaxLength(500)
        self.field.setAccessibleName("Formula f(x)")
        self.field.set_help(HELP)
        self.field.setAccessibleDescription(HELP)
        self.examples = self._example_button()
        self.problem = _line("problem")
        self.problem.hide()
        self.meaning = _line("formula")
        self.verdict = _line("formula")
        self.warning = _line("problem")
        self.warning.hide()
        self._check = QTimer(self)
        self._check.setSingleShot(True)
        self._check.setInterval(CHECK_MS)
        self._check.timeout.connect(self.check)
        self._lay_out()
        self.field.typed.connect(self._retype)
        self.field.told.connect(self._tell)
        self.field.editingFinished.connect(self._end)

    def show_value(self, formula: Formula) -> None:
        """Show a formula; emits nothing, and leaves alone what is being typed."""
        if formula == self._formula:
            self.field.show_text(formula.expression)
            return
        self._formula = formula
        self.field.show_text(formula.expression)
        self.meaning.setText(formula.shown)
        while len(self.rows) < len(formula.constants):
            self._add_row()
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(formula.constants))
            if place < len(formula.constants):
                row.show_constant(formula.constants[place])
        self._check.start()

    def begin(self) -> None:
        """Put the cursor into the line, with everything marked: typing replaces it."""
        if self.isVisible():
            self.field.setFocus()
            self.field.selectAll()

    def check(self) -> None:
        """Compare f′ with finite differences, and say what was found."""
        self._check.stop()
        if self._formula is None:
            return
        self.report = checked(self._formula)
        agrees = self.report.agrees and self.report.usable
        verdict, *others = self.report.sentences
        compared = agrees and self.report.points > 0
        error = max(self.report.error, LEAST_ERROR)
        self.verdict.setText(f"f′ agrees with finite differences to {error:.0e}" if compared else "")
        self.verdict.setToolTip(verdict)
        self.verdict.setVisible(compared)
        sentences = others if compared else [verdict, *others]
        self.warning.setText(" ".join(sentences))
        self.warning.setVisible(bool(sentences))

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self.field, 1)
        line.addWidget(self.examples)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addLayout(line)
        for widget in (self.problem, self.meaning, self.verdict, self.warning):
            self._column.addWidget(widget)

    def _example_button(self) -> QToolButton:
        menu = QMenu(self)
        for title, expression in EXAMPLES:
            menu.addAction(f"{title}:  {expression}").setData(expression)
        menu.triggered.connect(self._take_example)
        button = QToolButton()
        button.setObjectName("small")
        button.setArrowType(Qt.ArrowType.DownArrow)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setAccessibleName("Examples of formulas")
        button.setToolTip("Examples: put one into the line")
        return button

    def _add_row(self) -> None:
        row = ConstantRow()
        row.edited.connect(self._set_constant)
        self.rows.append(row)
        self._column.addWidget(row)

    def _take_example(self, action: object) -> None:
        self._apply(action.data(), None)  # type: ignore[attr-defined]

    def _retype(self, expression: str) -> None:
        self._apply(expression, (id(self), self._gesture))

    def _end(self) -> None:
        self._gesture = object()

    def _apply(self, expression: str, gesture: object) -> None:
        if self._formula is None or expression == self._formula.expression:
            return
        try:
            formula = self._formula.retyped(expression)
        except ValueError as problem:
            self._tell(str(problem))
            return
        self.edited.emit(formula, gesture)

    def _set_constant(self, constant: Constant, gesture: object) -> None:
        if self._formula is None:
            return
        constants = tuple(constant if each.name == constant.name else each for each in self._formula.constants)
        shared = (id(self), constant.name, gesture) if gesture is not None else None
        self.edited.emit(self._formula.evolve(constants=constants), shared)

    def _tell(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        # What stands below belongs to the formula that is still in use.
        for label in (self.meaning, self.verdict, self.warning):
            label.setEnabled(not sentence)


def _line(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
