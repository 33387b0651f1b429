"""The bar of time: where the lab stands, every earlier step, and what was done when."""

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStyle,
    QStyleOptionSlider,
    QToolBar,
    QToolButton,
    QToolTip,
    QWidget,
)

from reluviz.core.record import Change, Record
from reluviz.core.settings import Settings
from reluviz.core.snapshot import Snapshot
from reluviz.ui.actions import Actions
from reluviz.ui.appearance import Appearance
from reluviz.ui.inputs import Slider
from reluviz.ui.lab import Lab
from reluviz.ui.wording import describe_change, describe_edit, spaced

HELP = "Drag to look at any earlier step: every plot follows. The marks are edits and changes of the settings."
# A slider counts with 31 bits; beyond so many steps one notch is several.
MOST_NOTCHES = 100_000_000
# The mark that is told about is at most so many pixels away.
NEAR = 6
BUTTONS = ("back", "branch", "now")
Mark = tuple[int, str]
_NOTHING: Record = ()
_UNMARKED: tuple[Mark, ...] = ()

def mark_words(session: Settings, before: Record = (), known: tuple[Mark, ...] = ()) -> tuple[Mark, ...]:
    """Every entry of the record: its step, and what was done in words; `known` are those of the record before."""
    found: list[Mark] = []
    for place, entry in enumerate(session.record):
        # What an entry means does not change with what follows it, but for the last one's changes at one step.
        if place < len(before) - 1 and entry is before[place]:
            found.append(known[place])
        elif isinstance(entry, Change):
            old, new = session.in_force(place), session.in_force(place + 1)
            words = f"{len(new.runs)} runs from here on" if entry.rows else describe_change(old, new)
            found.append((entry.step, words))
        else:
            found.append((entry.step, describe_edit(entry)))
    return tuple(found)


class MarkedSlider(Slider):
    """A slider with a tick for every entry of the record, and their words as its tooltip."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__(1)
        self._appearance = appearance
        self._marks: tuple[tuple[int, str], ...] = ()
        self._per_notch = 1

    def show_marks(self, marks: tuple[tuple[int, str], ...]) -> None:
        """Paint these from now on: steps and words."""
        self._marks = marks
        self.update()

    def show_step(self, step: int, present: int) -> None:
        """Stand at a step of so many, without a signal."""
        self._per_notch = 1 + present // MOST_NOTCHES
        self.blockSignals(True)
        self.setRange(0, max(1, present // self._per_notch))
        self.setPageStep(max(1, self.maximum() // 20))
        self.setValue(step // self._per_notch)
        self.blockSignals(False)

    def step_of(self, notch: int) -> int:
        """The step that a place of the slider means."""
        return notch * self._per_notch

    def place_of(self, step: int) -> int:
        """Where a step lies, in pixels from the left."""
        half = self._handle_width() // 2
        room = self.width() - 2 * half
        return half + round(room * min(1.0, step / self._per_notch / self.maximum()))

    def words_at(self, x: int) -> str:
        """What was done near a place, one line for each."""
        found = [(abs(self.place_of(step) - x), step, words) for step, words in self._marks]
        near = sorted(each for each in found if each[0] <= NEAR)[:4]
        return "\n".join(f"step {spaced(step)}: {words}" for _, step, words in sorted(near, key=lambda each: each[1]))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go where the person points, at once; a drag goes on from there."""
        if event.button() == Qt.MouseButton.LeftButton:
            half = self._handle_width() // 2
            room = max(1, self.width() - 2 * half)
            self.setValue(round(self.maximum() * min(1.0, max(0.0, (event.position().x() - half) / room))))
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the marks below the slider."""
        super().paintEvent(event)
        if not self._marks:
            return
        painter = QPainter(self)
        painter.setPen(QColor(self._appearance.theme.warning))
        last = None
        for step, _ in self._marks:
            x = self.place_of(step)
            if x != last:
                painter.drawLine(x, self.height() - 5, x, self.height() - 1)
                painter.drawLine(x + 1, self.height() - 5, x + 1, self.height() - 1)
            last = x

    def event(self, event: QEvent) -> bool:
        """Tell what was done where the cursor rests."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place: QPoint = event.pos()
            QToolTip.showText(event.globalPos(), self.words_at(place.x()) or HELP, self)
            return True
        return super().event(event)

    def _handle_width(self) -> int:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        style, groove = self.style(), QStyle.ComplexControl.CC_Slider
        return style.subControlRect(groove, option, QStyle.SubControl.SC_SliderHandle, self).width()


class TimeBar(QToolBar):
    """Below the plots: one step back, the slider, and on the right what can be done from an earlier step."""

    def __init__(self, lab: Lab, actions: Actions, appearance: Appearance) -> None:
        super().__init__("Time")
        self.setObjectName("timeBar")
        self.setMovable(False)
        self.setFloatable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._lab = lab
        self._record, self._marks = _NOTHING, _UNMARKED
        self._shown: tuple[int, int] | None = None
        self.slider = MarkedSlider(appearance)
        self.slider.setAccessibleName("Time")
        self.slider.setToolTip(HELP)
        self.slider.setAccessibleDescription(HELP)
        self.words = QLabel()
        self.words.setObjectName("timeWords")
        self.addAction(actions["back"])
        inside = QWidget()
        inside.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(inside)
        row.setContentsMargins(4, 0, 8, 0)
        row.setSpacing(10)
        row.addWidget(self.slider, 1)
        row.addWidget(self.words)
        self.addWidget(inside)
        for key in BUTTONS[1:]:
            self.addAction(actions[key])
        for key in BUTTONS:
            button = self.widgetForAction(actions[key])
            if isinstance(button, QToolButton) and key == "back":
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            button.setObjectName("small" if key == "back" else key)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setAccessibleName(actions[key].text().replace("&", ""))
            button.setAccessibleDescription(actions[key].whatsThis())
        self.slider.valueChanged.connect(self._go)
        lab.recorded.connect(self._mark)
        appearance.changed.connect(self._dress)
        self._mark()
        self._dress()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Stand where the snapshot was taken."""
        present = snapshot.present if snapshot.present >= 0 else snapshot.step
        if (snapshot.step, present) == self._shown:
            return
        self._shown = (snapshot.step, present)
        if not self.slider.isSliderDown():
            self.slider.show_step(snapshot.step, present)
        past = snapshot.present >= 0
        self.words.setText(f"step {spaced(snapshot.step)} of {spaced(present)}" if past else "now")

    def _go(self, notch: int) -> None:
        at_end = notch >= self.slider.maximum()
        self._lab.seek(None if at_end else self.slider.step_of(notch))

    def _mark(self) -> None:
        session = self._lab.session
        if session.record is not self._record:
            self._marks = mark_words(session, self._record, self._marks)
            self._record = session.record
            self.slider.show_marks(self._marks)

    def _dress(self) -> None:
        # As wide as the longest usual text, so that the slider does not move under the hand.
        self.words.setMinimumWidth(self.fontMetrics().horizontalAdvance("step 888 888 of 888 888"))
        self.slider.update()
