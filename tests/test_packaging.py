"""Check the set-up script, the pinned versions and the project file."""

import ast
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import reluviz
from reluviz.ui.theme import THEMES
from reluviz.ui.views import VIEWS

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "packaging" / "dev.py"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture
def dev():
    """Load the script as a module; the folder `packaging` is not a package on purpose."""
    spec = importlib.util.spec_from_file_location("reluviz_dev", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(dev, monkeypatch, tmp_path):
    """Point the script to an empty checkout whose path holds a space."""
    root = tmp_path / "a checkout"
    venv = root / ".venv"
    venv.mkdir(parents=True)
    monkeypatch.setattr(dev, "ROOT", root)
    monkeypatch.setattr(dev, "VENV", venv)
    monkeypatch.setattr(dev, "LOCK", root / ".venv.lock")
    monkeypatch.setattr(dev, "MARKER", venv / "reluviz-installing")
    monkeypatch.setattr(dev, "venv_python", lambda: venv / "python")
    return root


def test_version_is_the_same_everywhere():
    assert reluviz.__version__ == PROJECT["project"]["version"]


def test_packaging_is_not_a_package():
    # With an __init__.py the folder would hide the `packaging` library from pytest and the build tools.
    assert not list((ROOT / "packaging").rglob("__init__.py"))


def test_no_script_is_named_like_a_standard_module():
    names = {path.stem for path in (ROOT / "packaging").glob("*.py")}
    assert not names & sys.stdlib_module_names


def test_script_imports_the_standard_library_only():
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


def test_script_can_be_read_by_an_older_python():
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 8))


def constraint_lines():
    lines = (ROOT / "packaging" / "constraints.txt").read_text(encoding="ascii").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("line", constraint_lines())
def test_constraint_is_a_plain_pin(line):
    assert re.fullmatch(r"[A-Za-z0-9-]+==[0-9][0-9a-z.]*( ?; ?python_version [<>=]+ '3\.\d+')?", line)


def test_every_dependency_is_pinned():
    groups = PROJECT["project"]["optional-dependencies"].values()
    wanted = [*PROJECT["project"]["dependencies"], *(name for group in groups for name in group)]
    names = {re.match(r"[\w-]+", text).group().lower() for text in wanted}
    assert names <= {line.split("==")[0].lower() for line in constraint_lines()}


def test_old_python_never_gets_the_pyside_that_kills_it():
    lines = [text for text in PROJECT["project"]["dependencies"] if text.startswith("PySide6")]
    assert any("<6.12" in text and "python_version < '3.12'" in text for text in lines)


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13), (3, 14)])
def test_supported_python_has_no_problem(dev, version):
    assert dev.python_problem(version, "cpython") == ""


@pytest.mark.parametrize(("version", "kind"), [((3, 10), "cpython"), ((3, 15), "cpython"), ((3, 11), "pypy")])
def test_wrong_python_gets_one_sentence(dev, version, kind):
    problem = dev.python_problem(version, kind)
    assert "CPython 3.11 to 3.14" in problem
    assert f"{kind} {version[0]}.{version[1]}" in problem
    assert problem.endswith(".")
    assert "\n" not in problem


def test_supported_pythons_match_the_project(dev):
    low, high = dev.OLDEST, dev.NEWEST
    assert PROJECT["project"]["requires-python"] == f">={low[0]}.{low[1]},<{high[0]}.{high[1] + 1}"


def test_missing_libraries_are_those_that_do_not_load(dev):
    def load(name):
        if name.startswith("libno"):
            raise OSError(name)

    libraries = {"libyes.so.1": "yes1", "libno.so.2": "no2", "libnot.so.3": "not3"}
    assert dev.missing_libraries(libraries, load) == {"libno.so.2": "no2", "libnot.so.3": "not3"}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="shared libraries of Linux")
def test_libraries_are_probed_with_the_dynamic_linker(dev):
    assert dev.missing_libraries({"libc.so.6": "libc6", "libreluviz-none.so.9": "none"}) == {
        "libreluviz-none.so.9": "none"
    }


def test_apt_lines(dev):
    update, install = dev.apt_commands(["libgl1", "libegl1"], root=True)
    assert update[-1] == "update"
    assert install[:3] == ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    assert install[-5:] == ["install", "-y", "--no-install-recommends", "libgl1", "libegl1"]
    assert all(line[:2] == ["sudo", "-n"] for line in dev.apt_commands(["libgl1"], root=False))


@pytest.mark.skipif(os.name == "nt", reason="system packages are a matter of Linux")
def test_person_without_rights_is_told_the_line(dev, monkeypatch):
    monkeypatch.setattr(dev, "missing_packages", lambda libraries: ["libegl1", "libgl1"])
    monkeypatch.setattr(dev.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    monkeypatch.setattr(dev.os, "geteuid", lambda: 1000)
    with pytest.raises(dev.Stop, match="sudo apt-get install --no-install-recommends libegl1 libgl1"):
        dev.ensure_system({})


def test_other_systems_are_only_warned(dev, monkeypatch, capsys):
    monkeypatch.setattr(dev.shutil, "which", lambda name: None)
    dev.ensure_system({"libreluviz-none.so.9": "none"})
    assert "libreluviz-none.so.9" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("environment", "platform", "expected"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", True),
        ({}, "darwin", True),
        ({}, "win32", True),
    ],
)
def test_display(dev, environment, platform, expected):
    assert dev.has_display(environment, platform) is expected


def test_stamp_changes_with_each_part(dev):
    first = (b"project", b"pins", (3, 11), "here")
    others = [(b"other", *first[1:]), (*first[:1], b"other", *first[2:]), (*first[:2], (3, 12), "here")]
    others += [(*first[:3], "there"), (b"projectp", b"ins", (3, 11), "here")]
    stamps = {dev.stamp(*parts) for parts in [first, *others]}
    assert len(stamps) == 6
    assert dev.stamp(*first) in stamps


def test_environment_is_ready_only_when_complete(dev, checkout):
    stamp_file = dev.VENV / "reluviz-test.stamp"
    stamp_file.write_text("abc\n", encoding="ascii")
    assert not dev.is_ready(stamp_file, "abc")
    dev.venv_python().touch()
    assert dev.is_ready(stamp_file, "abc")
    assert not dev.is_ready(stamp_file, "abd")
    dev.MARKER.touch()
    assert not dev.is_ready(stamp_file, "abc")


def prepare_install(dev, monkeypatch, checkout, works, installs):
    for name in ("pyproject.toml", "constraints.txt"):
        (checkout / name).touch()
    monkeypatch.setattr(dev, "CONSTRAINTS", checkout / "constraints.txt")
    made = []
    monkeypatch.setattr(dev, "venv_works", lambda: works)
    monkeypatch.setattr(dev, "make_venv", lambda: made.append("venv"))
    monkeypatch.setattr(dev, "install", lambda extras: made.append(extras) or installs)
    monkeypatch.setattr(dev.subprocess, "call", lambda *command, **options: 0)
    return made


def test_existing_environment_is_adopted(dev, monkeypatch, checkout):
    made = prepare_install(dev, monkeypatch, checkout, works=True, installs=True)
    dev.venv_python().touch()
    dev.ensure_packages("test")
    dev.ensure_packages("test")
    assert made == ["test"]


def test_broken_environment_is_made_anew(dev, monkeypatch, checkout):
    made = prepare_install(dev, monkeypatch, checkout, works=False, installs=True)
    dev.ensure_packages("test")
    assert made == ["venv", "test"]


def test_failed_first_installation_stops(dev, monkeypatch, checkout):
    prepare_install(dev, monkeypatch, checkout, works=True, installs=False)
    with pytest.raises(dev.Stop, match="pip could not install"):
        dev.ensure_packages("test")


def test_failed_update_goes_on_with_the_old_packages(dev, monkeypatch, checkout, capsys):
    prepare_install(dev, monkeypatch, checkout, works=True, installs=False)
    (dev.VENV / "reluviz-test.stamp").write_text("old\n", encoding="ascii")
    dev.ensure_packages("test")
    assert "going on with what was installed before" in capsys.readouterr().out


@pytest.mark.parametrize(("code", "marked"), [(0, False), (1, False), (-9, True)])
def test_marker_stays_only_when_pip_is_killed(dev, monkeypatch, checkout, code, marked):
    monkeypatch.setattr(dev.subprocess, "call", lambda *command, **options: code)
    assert dev.install("test") is (code == 0)
    assert dev.MARKER.exists() is marked


def test_lock_keeps_a_second_set_up_out(dev, checkout):
    with dev.locked(), open(dev.LOCK, "a+b") as second:
        assert not dev.try_lock(second)
    with open(dev.LOCK, "a+b") as third:
        assert dev.try_lock(third)


def test_help_runs_from_another_folder(tmp_path):
    done = subprocess.run([sys.executable, str(SCRIPT), "--help"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0
    assert all(word in done.stdout for word in ("run", "test", "setup", "lint", "--no-system"))


def test_unknown_action_is_refused_without_a_trace():
    done = subprocess.run([sys.executable, str(SCRIPT), "fly"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_every_view_has_a_picture_in_both_themes():
    folder = ROOT / "packaging" / "screenshots" / "views"
    page = (folder / "README.md").read_text(encoding="utf-8")
    for key, kind in VIEWS.items():
        assert f"## {kind.title}\n" in page
        for theme in THEMES:
            assert (folder / f"{key}-{theme}.png").stat().st_size > 10_000
            assert f"({key}-{theme}.png)" in page
