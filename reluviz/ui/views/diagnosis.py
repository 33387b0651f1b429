"""The diagnosis: what is going on in every run in plain sentences, the view that shows it, and what may help."""

from contextlib import suppress
from html import escape
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QScrollBar, QToolButton, QToolTip, QWidget

from reluviz.core.diagnosis import DIAGNOSIS_NEEDS, RULES, Finding, Thresholds, diagnose
from reluviz.core.param import parameters
from reluviz.core.snapshot import Snapshot
from reluviz.ui.views.base import View, number
from reluviz.ui.views.diagnosis_buttons import CardButton, CardButtons
from reluviz.ui.views.diagnosis_cards import Treatment, choices, findings_table, groups_of
from reluviz.ui.views.diagnosis_list import CardList
from reluviz.ui.views.diagnosis_page import SHOW, Key
from reluviz.ui.views.table import Table

USUAL = Thresholds()
WAITING = "Measuring"
# A turn of the wheel by one notch, in the units of Qt, and how many lines it goes on.
NOTCH, LINES = 120, 3
# What could not be shown is tried again after this time.
LATER_MS = 200
# Left, top, right, bottom: in line with the title above.
MARGINS = (12, 4, 12, 6)


class Diagnosis(View):
    """Cards by run; buttons lie over them where somebody can click, and are no part of a figure."""

    key = "diagnosis"
    title = "Diagnosis"
    help = (
        "Says in plain sentences what is going on in every run, each with its number and the threshold that it is"
        " compared with: gradients that vanish or explode, neurons that are saturated, dead or dormant, a learning rate"
        " that does not fit, a plateau, overfitting, equal weights, or that all is well. A button opens the view that"
        " shows it, others apply what may help; undo takes it back. An arrow in a circle: all runs start over with it;"
        " a triangle: they go on from here."
    )
    # Sentences that change more often than four times a second cannot be read.
    every = 15
    needs = DIAGNOSIS_NEEDS

    def build(self) -> None:
        """The cards, their buttons, a scroll bar and the button of the thresholds."""
        self.thresholds = USUAL
        self.found: tuple[Finding, ...] = ()
        self._judged: tuple[Snapshot, Thresholds] | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(LATER_MS)
        self._later.timeout.connect(self.redraw)
        viewport = self.canvas.viewport()
        self.buttons = CardButtons(viewport, self._choose, self._reveal)
        self.list = CardList(self.buttons.sizes, self._place)
        self.bar = QScrollBar(Qt.Orientation.Vertical, viewport)
        self.bar.setAccessibleName("Scroll the findings")
        self.bar.valueChanged.connect(self._scroll)
        self.bar.hide()
        self.canvas.ci.setContentsMargins(*MARGINS)
        self.canvas.ci.addItem(self.list, 0, 0)
        self.button = QToolButton()
        self.button.setAccessibleName("Thresholds")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self._ask)
        self._name_button()

    def tools(self) -> list[QWidget]:
        """The thresholds."""
        return [self.button]

    def options(self) -> dict[str, Any]:
        """The thresholds that are not as usual."""
        values = ((each.name, getattr(self.thresholds, each.name)) for each in parameters(Thresholds))
        return {name: value for name, value in values if value != getattr(USUAL, name)}

    def set_options(self, options: dict[str, Any]) -> None:
        """Choose them again."""
        chosen = USUAL
        for each in parameters(Thresholds):
            with suppress(ValueError):
                chosen = chosen.evolve(**{each.name: options.get(each.name, getattr(USUAL, each.name))})
        self.set_thresholds(chosen)

    def set_thresholds(self, thresholds: Thresholds) -> None:
        """Judge by these from now on."""
        self.thresholds = thresholds
        self._name_button()
        self.redraw()

    def restyle(self) -> None:
        """Take colours, fonts and icons."""
        self.buttons.set_theme(self.theme, self.scale)
        self.list.bar_width = self.bar.sizeHint().width()
        self.list.set_theme(self.theme, self.scale, paper=self.paper)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Judge, unless that has been done; while somebody aims at a button everything stays where it is."""
        if not snapshot.holds(self.needs):
            self.found, self._judged = (), None
            self.list.set_groups((), WAITING)
            return
        if self.buttons.held:
            self._later.start()
            return
        of = (snapshot, self.thresholds)
        if self._judged is None or self._judged[0] is not snapshot or self._judged[1] != self.thresholds:
            self._judged, self.found = of, diagnose(*of)
        past = snapshot.present >= 0
        if past != self.buttons.past:
            self.buttons.past = past
            self.list.lay()
        self.list.set_groups(groups_of(snapshot, self.found))

    @property
    def judged(self) -> Snapshot | None:
        """The snapshot that the cards are about."""
        return None if self._judged is None else self._judged[0]

    def table(self) -> Table:
        """One row for each finding."""
        if self.judged is None:
            return Table((), ())
        return findings_table(self.judged, self.list.groups, self.found)

    def changeEvent(self, event: QEvent) -> None:
        """Buttons have another size in another style."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "list"):
            self.list.lay()

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        """The wheel scrolls; a card under the mouse says what its rule looks at."""
        if event.type() == QEvent.Type.Wheel and not self.bar.isHidden():
            turn = event.angleDelta().y()  # type: ignore[attr-defined]
            self.bar.setValue(self.bar.value() - round(turn / NOTCH * LINES * self.bar.singleStep()))
            return True
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.words_at(event.pos()), self.canvas.viewport())
            return True
        return super().eventFilter(watched, event)

    def words_at(self, place: QPoint) -> str:
        """What the rule of the card at a place of the canvas looks at, as rich text; empty where there is none."""
        card = self.list.card_at(self.list.mapFromScene(self.canvas.mapToScene(place)))
        return "" if card is None else self._card_words(card.finding)

    def _card_words(self, finding: Finding) -> str:
        """What the rule says, and the thresholds that it reads."""
        rule = RULES[finding.rule]
        rows = [f"<b>{escape(rule.title)}</b><br>{escape(rule.help)}"]
        for described in parameters(Thresholds):
            if described.name in rule.thresholds:
                rows.append(f"{described.kind.title}: {number(getattr(self.thresholds, described.name))}")
        return "<br>".join(rows)

    def _name_button(self) -> None:
        changed = len(self.options())
        self.button.setText(f"Thresholds: {changed} changed" if changed else "Thresholds")
        self.button.setToolTip("Where a measure begins to be a complaint: see and change all thresholds")

    def _ask(self) -> None:
        self.form_wanted.emit(self.button)

    def _choose(self, key: Key) -> None:
        """A button was clicked: open the view that shows its finding, or ask for its remedy."""
        run, rule, deed = key
        finding = next((each for each in self.found if (each.run, each.rule) == (run, rule)), None)
        snapshot = self.judged
        if finding is None or snapshot is None:
            return
        if deed != SHOW:
            self.remedy_wanted.emit(Treatment(run, deed, snapshot))
            return
        if finding.neuron is not None:
            self.picked.emit((run, finding.neuron))
        self.view_wanted.emit(finding.view, choices(finding, snapshot))

    def _place(self) -> None:
        """Put the scroll bar and the buttons where the layout wants them."""
        room, page = self.list.rect(), self.list.page
        beyond = 0 if self.paper else max(0, round(page.height - room.height()))
        self.bar.setVisible(beyond > 0)
        if beyond:
            self.bar.setRange(0, beyond)
            self.bar.setPageStep(max(1, round(room.height())))
            self.bar.setSingleStep(max(1, round(16 * self.scale)))
            viewport = self.canvas.viewport().rect()
            width = self.bar.sizeHint().width()
            self.bar.setGeometry(QRect(viewport.right() + 1 - width, viewport.top(), width, viewport.height()))
            self.bar.setValue(round(self.list.offset))
        self._move()

    def _move(self) -> None:
        offset = QPointF(0, round(self.list.offset))
        places = {}
        for key, rect in self.list.page.buttons.items():
            corner = self.canvas.mapFromScene(self.list.mapToScene(rect.topLeft() - offset))
            places[key] = QRect(corner, QSize(round(rect.width()), round(rect.height())))
        self.buttons.place(places, self.list.groups)

    def _scroll(self, offset: int) -> None:
        self.list.scroll(offset)
        self._move()

    def _reveal(self, button: CardButton) -> None:
        """Scroll to a button that the keyboard has reached."""
        room, place = self.canvas.viewport().rect(), button.geometry()
        if place.top() < room.top():
            self.bar.setValue(self.bar.value() + place.top() - room.top() - 8)
        elif place.bottom() > room.bottom():
            self.bar.setValue(self.bar.value() + place.bottom() - room.bottom() + 8)
