"""Computes passports, costs and simulations in the background, and hands them to the model, which keeps them."""

import logging
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from reluviz.core import kernel_cache
from reluviz.core.activations import Activation
from reluviz.core.dying import Simulation
from reluviz.core.passport_rows import labelled
from reluviz.core.quadrature import mesh
from reluviz.engine.errands import Errands, Job
from reluviz.ui.lab import Lab
from reluviz.ui.passport_fate import Key, Stack, jobs
from reluviz.ui.passport_model import PassportModel

log = logging.getLogger(__name__)

POLL_MS = 40
ENGINE = "float32"


class PassportStudy(QObject):
    """What the table still lacks, worked off one call at a time: passports, the chosen stack's simulation, costs."""

    advanced = Signal()
    """Something has been found, or there is nothing more to do."""

    def __init__(self, lab: Lab, model: PassportModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lab, self._model = lab, model
        self._errands = Errands()
        self._failed: set[Any] = set()
        self.chosen: Activation | None = None
        self.stack: Stack | None = None
        self.simulated: dict[Key, Simulation] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._poll)

    @property
    def busy(self) -> bool:
        """Whether something is being computed."""
        return self._timer.isActive()

    @property
    def measures(self) -> bool:
        """Whether costs can be measured now: the engine is ready, and its float32 kernels need not be compiled."""
        loaded = self._lab.settings.network.precision == ENGINE or kernel_cache.is_warm(ENGINE)
        return self._lab.is_ready and loaded

    def progress(self) -> tuple[int, int, str]:
        """How many are done, of how many, and what is being done; no words when there is nothing left."""
        every = len(self._model.rows)
        for left, words in (
            (self._unknown(), "Computing the figures"), (self._unmeasured(), "Measuring the cost"),
        ):  # fmt: skip
            if left:
                return every - len(left), every, words
        return every, every, ""

    def go_on(self) -> None:
        """Work off what is missing for the present rows, the chosen one first."""
        kept = {*(row.activation for row in self._model.rows), self.stack}
        self._failed = {key for key in self._failed if not kept.isdisjoint(key)}
        self._errands.want(self._missing())
        if self._errands.busy:
            self._timer.start()
        self.advanced.emit()

    def stop(self, seconds: float = 2.0) -> bool:
        """Compute nothing more, and wait for what is being computed; False if it did not end in time."""
        self._timer.stop()
        ended = self._errands.stop(seconds)
        self._take()
        return ended

    def _missing(self) -> list[Job]:
        found: list[Job] = []
        # Two short calls for one long one: the window gets its turn in between.
        for a in self._unknown():
            found += [(("mesh", a), partial(_prepare, a)), (("passport", a), partial(labelled, a))]
        if self.stack is not None:
            # Widths change as freely as slopes do: only the pieces of the present stack are kept.
            self.simulated = {key: piece for key, piece in self.simulated.items() if key[0] == self.stack}
            found += [job for job in jobs(self.stack) if job[0] not in self.simulated]
        found += [(("cost", a), partial(_cost, a)) for a in self._unmeasured()]
        return [job for job in found if job[0] not in self._failed]

    def _unknown(self) -> list[Activation]:
        """The activations without figures, the chosen one first; what failed is not tried again."""
        return [a for a in self._wanted("passport") if self._model.passport(a) is None]

    def _unmeasured(self) -> list[Activation]:
        """The same for the cost; none while it cannot be measured."""
        found = [(a, self._model.passport(a)) for a in self._wanted("cost")] if self.measures else []
        return [a for a, passport in found if passport is None or passport.cost_ns is None]

    def _wanted(self, kind: str) -> list[Activation]:
        wanted = [row.activation for row in self._model.rows]
        wanted.sort(key=lambda activation: activation != self.chosen)
        return [a for a in wanted if self._failed.isdisjoint({("passport", a), (kind, a)})]

    def _poll(self) -> None:
        busy = self._errands.busy
        found = self._take()
        if not busy:
            self._timer.stop()
        if found or not busy:
            self.advanced.emit()

    def _take(self) -> bool:
        """Note all results; whether there were any."""
        results = self._errands.results()
        for key, result in results:
            if isinstance(result, Exception):
                log.error("%s could not be computed: %r", key, result)
                self._failed.add(key)
            else:
                self._note(key, result)
        return bool(results)

    def _note(self, key: Any, result: Any) -> None:
        if isinstance(key[0], Stack):
            self.simulated[key] = result
            return
        kind, activation = key
        if kind == "mesh":
            return
        if kind == "passport":
            self._model.put(activation, result)
        elif (passport := self._model.passport(activation)) is not None:
            self._model.put(activation, passport.with_cost(result))


def _prepare(activation: Activation) -> None:
    """Half of the work for a passport; quadrature.py keeps the result."""
    _ = mesh(activation).table


def _cost(activation: Activation) -> float:
    # Numba is in memory by now: costs are measured when the engine is ready, and never on the window's thread.
    from reluviz.core import kernels  # noqa: PLC0415
    from reluviz.engine.cost import nanoseconds  # noqa: PLC0415

    kernels.load(ENGINE)
    return nanoseconds(activation)
