"""Layers only look down, files and functions stay small, nothing is unpickled or evaluated."""

import ast
from pathlib import Path

import pytest

from reluviz.ui.views import VIEWS

ROOT = Path(__file__).resolve().parents[1] / "reluviz"
FILES = sorted(ROOT.rglob("*.py"))
MAY_IMPORT = {
    "core": {"core"},
    "engine": {"core", "engine", "resources"},
    "ui": {"core", "engine", "ui", "resources"},
}
FOREIGN = {
    "core": {"PySide6", "pyqtgraph", "threading", "time", "random", "pickle"},
    "engine": {"PySide6", "pyqtgraph", "pickle"},
    "ui": {"pickle"},
}
VIEWS_MAY_IMPORT = ("reluviz.core", "reluviz.resources", "reluviz.ui.theme", "reluviz.ui.views")
MOST_LINES = 300
MOST_FUNCTION_LINES = 40
ids = [str(path.relative_to(ROOT)) for path in FILES]


def imports(path):
    """Every module that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module
            if node.module in ("reluviz", "reluviz.core", "reluviz.engine", "reluviz.ui"):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
                yield from (name for name in names if name != "reluviz.__version__")


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_layers_only_look_down(path):
    layer = path.relative_to(ROOT).parts[0]
    for name in imports(path):
        if name.startswith("reluviz.") and layer in MAY_IMPORT:
            assert name.split(".")[1] in MAY_IMPORT[layer], f"{path} must not import {name}"
        assert name.split(".")[0] not in FOREIGN.get(layer, set()), f"{path} must not import {name}"


@pytest.mark.parametrize("path", sorted((ROOT / "ui" / "views").glob("*.py")), ids=lambda path: path.name)
def test_views_do_not_know_each_other_or_the_lab(path):
    views = {p.stem for p in path.parent.glob("*.py")}
    tables = set(VIEWS) & views
    for name in imports(path):
        if not name.startswith("reluviz."):
            continue
        assert name.startswith(VIEWS_MAY_IMPORT) or name.startswith("reluviz.ui.style"), f"{path} imports {name}"
        if path.stem in tables:
            parent, _, last = name.rpartition(".")
            assert parent != "reluviz.ui.views" or last not in tables, f"{path} imports another view"


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_files_and_functions_are_small(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            assert size <= MOST_FUNCTION_LINES, f"{node.name} has {size} lines"


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_every_module_says_what_it_is_and_evaluates_nothing(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"eval", "exec", "compile"}
