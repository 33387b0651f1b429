"""The line at the bottom: what happens in words, and the numbers beside it."""

import time
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QStatusBar

from reluviz.core.labels import run_labels
from reluviz.core.snapshot import Snapshot
from reluviz.ui.appearance import Appearance
from reluviz.ui.lab import Lab
from reluviz.ui.wording import spaced

# The numbers change this often, or nobody could read them.
REFRESH_S = 0.25
MESSAGE_MS = 5000
# What an edit leads to is known within this time.
DEED_S = 1.0


@dataclass(frozen=True, slots=True)
class Moment:
    """What decides the words: the engine's state and what the runs tell."""

    ready: bool = False
    playing: bool = False
    preparing: tuple[int, int] | None = None
    diverged: tuple[str, ...] = ()
    runs: int = 2
    past: bool = False


def state_words(now: Moment) -> tuple[str, str]:
    """The state in words, and its level: calm, busy or warning."""
    if now.preparing is not None and not now.ready:
        done, total = now.preparing
        return f"Preparing the engine, once per machine: {done} of {total}", "busy"
    if not now.ready:
        return "Starting the engine", "busy"
    if now.diverged:
        others = "" if len(now.diverged) >= now.runs else "; the other runs go on"
        return "; ".join(now.diverged) + others, "warning"
    if now.past:
        return "Looking back · press Space to go on from here", "busy"
    if now.playing:
        return "Training", "busy"
    return "Paused · press Space to train", "calm"


def diverged_runs(snapshot: Snapshot) -> tuple[str, ...]:
    """What each run that has left the finite numbers says."""
    titles = run_labels(snapshot.settings)
    return tuple(
        f"{title} {state.divergence.sentence}"
        for title, state in zip(titles, snapshot.runs, strict=False)
        if state.divergence is not None
    )


def rate_text(rate: float) -> str:
    """A number of steps a second, short enough not to jump."""
    if rate >= 10_000:
        return f"{rate / 1000:.0f}\u202fk"
    return spaced(round(rate))


class Rate:
    """How fast a counter grows, over the last interval."""

    def __init__(self) -> None:
        self._since = 0.0
        self._first = 0
        self.value = 0.0

    def note(self, count: int, now: float) -> None:
        """Take a reading; a counter that went back starts anew."""
        if count < self._first or now <= self._since or now - self._since > 5:
            self._since, self._first = now, count
            return
        self.value = (count - self._first) / (now - self._since)
        self._since, self._first = now, count


class Status(QObject):
    """Writes the status bar; the window tells it of every snapshot and every painted frame."""

    def __init__(self, bar: QStatusBar, lab: Lab, appearance: Appearance) -> None:
        super().__init__(bar)
        self._bar = bar
        self._lab = lab
        self._appearance = appearance
        self._snapshot: Snapshot | None = None
        self._preparing: tuple[int, int] | None = None
        self._steps = Rate()
        self._frames = Rate()
        self._painted = 0
        self._due = 0.0
        # The last remedy, its place on the undo stack, and until when messages are about what followed from it.
        self._deed, self._deed_place, self._deed_ends = "", 0, 0.0
        self.words = self._label("statusWords", "State")
        bar.addWidget(self.words, 1)
        self.numbers = {name: self._label("statusNumber", name) for name in ("Step", "Epoch", "Steps/s", "Frames/s")}
        for label in self.numbers.values():
            bar.addPermanentWidget(label)
        bar.setSizeGripEnabled(False)
        lab.preparing.connect(self._on_preparing)
        lab.ready.connect(self._write)
        lab.playing_changed.connect(self._write)
        lab.past_changed.connect(self._write)
        lab.branched.connect(self._on_branched)
        lab.restarted.connect(self._on_restarted)
        lab.swapped.connect(self._on_swapped)
        lab.edited.connect(self._on_edited)
        lab.refused.connect(self._on_refused)
        lab.treated.connect(self._on_treated)
        appearance.changed.connect(self._dress)
        self._dress()

    def note_frame(self, snapshot: Snapshot) -> None:
        """A frame has been drawn."""
        first = self._snapshot is None
        self._snapshot = snapshot
        self._painted += 1
        if first or not self._lab.playing:
            self._write()

    def tick(self) -> None:
        """Called by the window's timer; writes now and then."""
        now = time.perf_counter()
        if now < self._due:
            return
        self._due = now + REFRESH_S
        self._frames.note(self._painted, now)
        if self._snapshot is not None:
            self._steps.note(self._snapshot.step, now)
        self._write()

    def _label(self, name: str, title: str) -> QLabel:
        label = QLabel()
        label.setObjectName(name)
        label.setAccessibleName(title)
        return label

    def _dress(self) -> None:
        font = QFont(self._bar.font())
        font.setFeature(QFont.Tag("tnum"), 1)
        widest = {
            "Step": "step 88 888 888",
            "Epoch": "epoch 888 888.8",
            "Steps/s": "8 888 steps/s",
            "Frames/s": "88 frames/s",
        }
        for name, label in self.numbers.items():
            label.setFont(font)
            label.setMinimumWidth(label.fontMetrics().horizontalAdvance(widest[name]) + 16)
        self._write()

    def _write(self) -> None:
        shot = self._snapshot
        diverged = diverged_runs(shot) if shot is not None else ()
        runs = len(shot.runs) if shot is not None else len(self._lab.settings.runs)
        moment = Moment(self._lab.is_ready, self._lab.playing, self._preparing, diverged, runs, self._lab.past)
        words, level = state_words(moment)
        theme = self._appearance.theme
        dots = {"calm": theme.dim, "busy": theme.accent, "warning": theme.positive}
        self.words.setText(f'<span style="color:{dots[level]}">●</span>&nbsp; {words}')
        step, epoch = (shot.step, shot.epoch) if shot is not None else (0, 0.0)
        playing = self._lab.playing
        self.numbers["Step"].setText(f"step {spaced(step)}")
        self.numbers["Epoch"].setText(f"epoch {epoch:,.1f}".replace(",", "\u202f"))
        self.numbers["Steps/s"].setText(f"{rate_text(self._steps.value) if playing else '0'} steps/s")
        self.numbers["Frames/s"].setText(f"{self._frames.value:.0f} frames/s" if playing else "– frames/s")

    def _on_preparing(self, done: int, total: int, name: str) -> None:
        self._preparing = (done, total)
        self._write()

    def _tell(self, words: str) -> None:
        """Say it for a while, behind the remedy from which it follows."""
        place = self._lab.undo_stack.index()
        follows = place == self._deed_place and time.perf_counter() < self._deed_ends
        self._bar.showMessage(f"{self._deed}. {words}" if follows else words, MESSAGE_MS)

    def _on_treated(self, sentence: str) -> None:
        self._bar.showMessage(sentence, MESSAGE_MS)
        self._deed, self._deed_place = sentence, self._lab.undo_stack.index() + 1
        self._deed_ends = time.perf_counter() + DEED_S

    def _on_restarted(self, reason: str) -> None:
        self._tell(f"Restarted: {reason}")

    def _on_branched(self, step: int) -> None:
        self._tell(f"The lab goes on from step {spaced(step)}; undo exchanges the two courses")

    def _on_swapped(self, step: int) -> None:
        self._tell(f"Activation exchanged at step {spaced(step)}; weights kept")

    def _on_edited(self, step: int, undone: bool, known: bool) -> None:
        words = f"Edit by hand {'taken back' if undone else 'made'} at step {spaced(step)}; everything else goes on"
        if not known:
            words = "Nothing to take back: the runs have started over since that edit"
        self._tell(words)

    def _on_refused(self, sentence: str) -> None:
        self._tell(f"{sentence[:1].upper()}{sentence[1:]}")
