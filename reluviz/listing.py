"""What there is to choose from, as a table for people or as JSON for programs."""

import json
from typing import Any

import msgspec

from reluviz.core.activations import ACTIVATIONS
from reluviz.core.catalog import Catalog
from reluviz.core.datasets import DATASETS
from reluviz.core.files import FILE_SOURCES
from reluviz.core.initializers import INITIALIZERS
from reluviz.core.layers import LAYERS
from reluviz.core.losses import LOSSES
from reluviz.core.optimizers import OPTIMIZERS
from reluviz.core.param import Entry, parameters
from reluviz.core.schedules import SCHEDULES

CORE_TABLES: dict[str, Catalog[Any]] = {
    "activations": ACTIVATIONS,
    "datasets": Catalog("data set", *DATASETS.values(), *FILE_SOURCES.values()),
    "optimizers": OPTIMIZERS,
    "schedules": SCHEDULES,
    "initializers": INITIALIZERS,
    "layers": LAYERS,
    "losses": LOSSES,
}
EXTRAS = ("formula", "task", "tasks", "output")
PLAIN = (str, int, tuple)


def table(name: str, *, as_json: bool = False) -> str:
    """The entries of a table: key, title and help; with parameters and ranges as JSON."""
    entries = [_describe(entry) for entry in _catalog(name).values()]
    if as_json:
        return json.dumps(entries, indent=2, ensure_ascii=False)
    width = max(len(entry["key"]) for entry in entries)
    return "\n".join(f"{entry['key']:{width}}  {entry['title']}: {entry['help']}" for entry in entries)


def _catalog(name: str) -> Catalog[Any]:
    if name == "views":
        from reluviz.ui.views import VIEWS  # noqa: PLC0415  (the other tables must not wait for Qt)

        return VIEWS
    return CORE_TABLES[name]


def _describe(entry: Any) -> dict[str, Any]:
    kind = entry if isinstance(entry, type) else type(entry)
    words = getattr(entry, "help", None) or (kind.__doc__ or "").strip()
    described: dict[str, Any] = {"key": entry.key, "title": entry.title, "help": words.split("\n\n")[0]}
    described |= {name: getattr(entry, name) for name in EXTRAS if isinstance(getattr(entry, name, None), PLAIN)}
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        described["parameters"] = [
            {"key": p.name, "title": p.kind.title, "default": p.default, "allowed": p.kind.allowed, "help": p.kind.help}
            for p in parameters(kind)
            if not isinstance(p.kind, Entry)
        ]
    return described
