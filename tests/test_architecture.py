"""Layers only look down, files and functions stay small, nothing is unpickled or evaluated."""

import ast
from functools import cache
from pathlib import Path

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


@cache
def parsed(path):
    """The syntax tree of a file: every check below reads all of them."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path):
    """Every module that a file imports, wherever in the file."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module
            if node.module in ("reluviz", "reluviz.core", "reluviz.engine", "reluviz.ui"):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
                yield from (name for name in names if name != "reluviz.__version__")


def test_layers_only_look_down():
    wrong = []
    for path in FILES:
        layer = path.relative_to(ROOT).parts[0]
        for name in imports(path):
            if name.startswith("reluviz.") and layer in MAY_IMPORT and name.split(".")[1] not in MAY_IMPORT[layer]:
                wrong.append(f"{path} must not import {name}")
            if name.split(".")[0] in FOREIGN.get(layer, set()):
                wrong.append(f"{path} must not import {name}")
    assert not wrong


def test_views_do_not_know_each_other_or_the_lab():
    paths = sorted((ROOT / "ui" / "views").glob("*.py"))
    tables = set(VIEWS) & {path.stem for path in paths}
    wrong = []
    for path in paths:
        for name in imports(path):
            if name.startswith("reluviz.") and not name.startswith((*VIEWS_MAY_IMPORT, "reluviz.ui.style")):
                wrong.append(f"{path} imports {name}")
            parent, _, last = name.rpartition(".")
            if path.stem in tables and parent == "reluviz.ui.views" and last in tables:
                wrong.append(f"{path} imports another view")
    assert not wrong


def test_files_and_functions_are_small():
    wrong = []
    for path in FILES:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MOST_LINES:
            wrong.append(f"{path} has {lines} lines")
        for node in ast.walk(parsed(path)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                size = (node.end_lineno or node.lineno) - node.lineno + 1
                if size > MOST_FUNCTION_LINES:
                    wrong.append(f"{path}: {node.name} has {size} lines")
    assert not wrong


def test_every_module_says_what_it_is_and_evaluates_nothing():
    wrong = []
    for path in FILES:
        if not ast.get_docstring(parsed(path)):
            wrong.append(f"{path} has no docstring")
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                if node.func.id in {"eval", "exec", "compile"}:
                    wrong.append(f"{path} calls {node.func.id}")
    assert not wrong
