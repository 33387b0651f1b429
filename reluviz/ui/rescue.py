"""Unsaved labs are kept while people work, and offered again after a crash."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from reluviz.core.sessionfile import SessionError
from reluviz.core.settings import Settings
from reluviz.ui.document import Document
from reluviz.ui.lab import Lab
from reluviz.ui.notice import Notice
from reluviz.ui.opening import Opening
from reluviz.ui.recovery import Found, Recovery

AUTOSAVE_MS = 400
OFFER = "offer"


class Rescue(QObject):
    """Keeps the unsaved changes of a document, shortly after the last one; brings back what others left behind."""

    def __init__(self, document: Document, lab: Lab, opening: Opening, notice: Notice, recovery: Recovery) -> None:
        super().__init__(document)
        self._document, self._lab = document, lab
        self._opening, self._notice, self._recovery = opening, notice, recovery
        self._found: list[Found] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AUTOSAVE_MS)
        self._timer.timeout.connect(self.keep)
        document.changed.connect(self._timer.start)

    def keep(self) -> None:
        """Keep unsaved changes for the case that the program is killed; drop them once they are saved."""
        self._timer.stop()
        if self._document.modified:
            self._recovery.keep(self._lab.session.to_toml(), self._document.path)
        else:
            self._recovery.forget()

    def end(self, *, keep: bool) -> None:
        """The window closes; `keep` when the system ended the program and nobody could be asked."""
        if keep:
            self.keep()
        else:
            self._timer.stop()
            self._recovery.forget()
        self._recovery.close()

    def offer(self) -> None:
        """Offer the newest lab that a program which did not end properly left behind."""
        self._found = self._recovery.found()
        if not self._found:
            return
        found = self._found[0]
        name = f"“{Path(found.draft.path).name}”" if found.draft.path else "an unsaved lab"
        when = f" of {found.moment}" if found.moment else ""
        more = f" {len(self._found) - 1} more can be offered after it." if len(self._found) > 1 else ""
        self._notice.show_text(
            f"reluviz did not end properly. It kept {name} with its unsaved changes{when}.{more}",
            OFFER,
            [
                ("&Restore", "Bring the kept lab back, as one step that can be undone", self._restore),
                ("&Discard", "Delete the kept lab for good", self._discard),
            ],
        )

    def _restore(self) -> None:
        found = self._found[0]
        try:
            settings = Settings.from_toml(found.draft.session)
        except SessionError as error:
            self._notice.show_text(f"The kept lab cannot be used: {error}")
            self._recovery.discard(found)
            return
        self._opening.bring(settings, partial(self._use, found))

    def _use(self, found: Found, settings: Settings) -> None:
        self._lab.edit(settings, "restore the lab")
        self._document.begins(Path(found.draft.path) if found.draft.path else None, None)
        # Kept under its new name before the old one goes: a kill in between loses nothing.
        self.keep()
        self._recovery.discard(found)
        self.offer()

    def _discard(self) -> None:
        self._recovery.discard(self._found[0])
        self.offer()
