"""The texts of the small dialogs."""

import platform
from importlib.metadata import version

from PySide6.QtCore import qVersion

from reluviz import __version__
from reluviz.ui.actions import DEEDS
from reluviz.ui.workspaces import WORKSPACES, workspace_key

MOUSE = (
    ("Enter", "Press the focused button"),
    ("Wheel over a plot", "Zoom"),
    ("Drag in a plot", "Move"),
    ("Double click in a plot", "Show everything again"),
    ("Point at a neuron", "Enlarge it"),
)


def shortcuts_text() -> str:
    """All keys and gestures as a table."""
    rows = [(" or ".join(deed.shortcuts), deed.help) for deed in DEEDS if deed.shortcuts]
    rows += [(workspace_key(place), each.help) for place, each in enumerate(WORKSPACES)]
    cells = (f"<tr><td><b>{keys}</b>&nbsp;&nbsp;&nbsp;</td><td>{words}</td></tr>" for keys, words in (*rows, *MOUSE))
    return f"<table cellspacing=3>{''.join(cells)}</table>"


def about_text() -> str:
    """What this is, and the versions that matter in a report."""
    names = ("pyqtgraph", "numpy", "numba", "scipy", "scikit-learn")
    libraries = ", ".join(f"{name} {version(name)}" for name in names)
    return (
        f"<h3>reluviz {__version__}</h3><p>A laboratory that shows why networks train with ReLU and not with the"
        f" sigmoid.</p><p>Python {platform.python_version()}, Qt {qVersion()}, {libraries}</p>"
        "<p>MIT licence. Inter typeface: SIL Open Font License.</p>"
    )
