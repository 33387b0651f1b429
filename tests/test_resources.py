"""Check where files are looked for and which files travel with the program."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reluviz import resources

ICONS = [
    "play", "pause", "step", "epoch", "reset", "new_seed", "speed", "theme", "export", "add",
    "remove", "duplicate", "menu", "close", "float", "copy", "link", "eye", "help", "warning",
]
CHECKOUT = Path(resources.__file__).resolve().parents[1]


@pytest.fixture
def no_folders_set(monkeypatch, tmp_path):
    """Forget every chosen folder and use an empty home."""
    for name in ("RELUVIZ_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    return tmp_path


def test_resources_are_found():
    assert resources.path("icons", "reluviz.svg").is_file()
    assert resources.path() == resources.folder()


def test_missing_resource_is_named():
    with pytest.raises(FileNotFoundError, match=r"no-such\.svg is missing.*\.$"):
        resources.path("icons", "no-such.svg")


@pytest.mark.parametrize("inside", [True, False])
def test_packaged_resources_come_first(tmp_path, inside):
    package = tmp_path / "site-packages" / "reluviz"
    package.mkdir(parents=True)
    shutil.copy(resources.__file__, package)
    (package / "__init__.py").touch()
    # Next to an installed package this folder may belong to another project.
    (package.parent / "resources").mkdir()
    if inside:
        (package / "resources").mkdir()
    code = "from reluviz.resources import folder; print(folder())"
    done = subprocess.run([sys.executable, "-c", code], cwd=package.parent, capture_output=True, text=True, check=True)
    expected = (package if inside else package.parent) / "resources"
    assert Path(done.stdout.strip()) == expected.resolve()


def test_one_variable_moves_every_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("RELUVIZ_HOME", str(tmp_path / "elsewhere"))
    folders = [resources.user_cache_dir(), resources.user_state_dir(), resources.user_config_dir()]
    assert folders == [tmp_path / "elsewhere" / kind for kind in ("cache", "state", "config")]
    assert resources.numba_cache_dir() == tmp_path / "elsewhere" / "cache" / "numba"
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.skipif(os.name == "nt", reason="paths of another system")
def test_linux_folders(monkeypatch, no_folders_set):
    monkeypatch.setattr(sys, "platform", "linux")
    home = no_folders_set
    assert resources.user_cache_dir() == home / ".cache" / "reluviz"
    assert resources.user_state_dir() == home / ".local" / "state" / "reluviz"
    assert resources.user_config_dir() == home / ".config" / "reluviz"
    monkeypatch.setenv("XDG_CACHE_HOME", "/var/cache")
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative/paths/are/ignored")
    assert resources.user_cache_dir() == Path("/var/cache/reluviz")
    assert resources.user_config_dir() == home / ".config" / "reluviz"


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_folders_of_other_systems(monkeypatch, no_folders_set, platform):
    monkeypatch.setattr(sys, "platform", platform)
    folders = {resources.user_cache_dir(), resources.user_state_dir(), resources.user_config_dir()}
    top = no_folders_set / ("Library" if platform == "darwin" else "AppData")
    assert len(folders) == 3
    assert all(folder.is_relative_to(top) and "reluviz" in folder.parts for folder in folders)


def test_user_without_a_home_gets_a_temporary_folder(monkeypatch, no_folders_set):
    def no_home():
        raise RuntimeError("no home")

    monkeypatch.setattr(resources.Path, "home", no_home)
    assert "reluviz" in str(resources.user_cache_dir())


def test_import_sets_the_environment_and_nothing_else(tmp_path):
    code = (
        "import os, sys, reluviz;"
        "print(os.environ['OPENBLAS_NUM_THREADS'], os.environ['OMP_NUM_THREADS'], os.environ['NUMBA_CACHE_DIR']);"
        "sys.exit(any(name in sys.modules for name in ('numpy', 'numba', 'PySide6', 'scipy')))"
    )
    wanted = {name: text for name, text in os.environ.items() if name not in ("NUMBA_CACHE_DIR", "OMP_NUM_THREADS")}
    wanted |= {"RELUVIZ_HOME": str(tmp_path), "OPENBLAS_NUM_THREADS": "2"}
    done = subprocess.run([sys.executable, "-c", code], env=wanted, cwd=CHECKOUT, capture_output=True, text=True)
    assert done.returncode == 0
    # A value set by the user is kept.
    assert done.stdout.strip() == f"2 1 {tmp_path / 'cache' / 'numba'}"
    assert not list(tmp_path.iterdir())


def test_icon_set_is_complete():
    assert set(ICONS) <= {file.stem for file in resources.path("icons").glob("*.svg")}


@pytest.mark.parametrize("name", ICONS)
def test_icon_is_one_coherent_stroke_drawing(name):
    text = resources.path("icons", f"{name}.svg").read_text(encoding="ascii")
    root = ElementTree.fromstring(text)
    assert root.get("viewBox") == "0 0 24 24"
    assert (root.get("stroke"), root.get("stroke-width"), root.get("fill")) == ("#000000", "1.75", "none")
    # The program replaces this one colour, so no other may occur.
    assert re.findall(r"#[0-9a-fA-F]{3,8}", text) == ["#000000"]


@pytest.mark.parametrize("weight", ["Regular", "Medium", "SemiBold"])
def test_font_can_be_loaded(qapp, weight):
    from PySide6.QtGui import QFontDatabase

    number = QFontDatabase.addApplicationFont(str(resources.path("fonts", f"Inter-{weight}.otf")))
    assert number >= 0
    assert any(family.startswith("Inter") for family in QFontDatabase.applicationFontFamilies(number))


def test_fonts_travel_with_their_licence():
    text = resources.path("fonts", "LICENSE-Inter.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    assert "The Inter Project Authors" in text
    assert sum(file.stat().st_size for file in resources.path("fonts").iterdir()) < 1_000_000


@pytest.mark.parametrize("name", [*ICONS, "reluviz"])
def test_icon_is_drawn_by_qt(qapp, name):
    from PySide6.QtGui import QIcon

    picture = QIcon(str(resources.path("icons", f"{name}.svg"))).pixmap(32, 32).toImage()
    drawn = sum(picture.pixelColor(x, y).alpha() > 64 for x in range(32) for y in range(32))
    assert drawn >= 32
