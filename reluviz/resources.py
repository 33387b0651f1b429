"""Find the files that travel with the program and the folders it may write to."""

import os
import sys
from pathlib import Path

NAME = "reluviz"


def folder() -> Path:
    """Return the `resources` folder of this installation: wheel, frozen program or checkout."""
    here = Path(__file__).resolve().parent
    # The packaged copy comes first: next to an installed package, `resources` may belong to another project.
    inside = here / "resources"
    return inside if inside.is_dir() else here.parent / "resources"


def path(*parts: str) -> Path:
    """Return one resource, for example `path("icons", "play.svg")`."""
    found = folder().joinpath(*parts)
    if not found.exists():
        raise FileNotFoundError(f"The resource file {found} is missing; please install reluviz again.")
    return found


def user_cache_dir() -> Path:
    """Return the folder for what can be computed again."""
    return _user_dir("cache")


def user_state_dir() -> Path:
    """Return the folder for logs, window geometry and the autosave."""
    return _user_dir("state")


def user_config_dir() -> Path:
    """Return the folder for the settings a person chose."""
    return _user_dir("config")


def numba_cache_dir() -> Path:
    """Return the folder for compiled kernels, the same wherever the program is started from."""
    return user_cache_dir() / "numba"


def _user_dir(kind: str) -> Path:
    home = os.environ.get("RELUVIZ_HOME")
    if home:
        return Path(home).expanduser().absolute() / kind
    if sys.platform == "win32":
        return _windows_dir(kind)
    if sys.platform == "darwin":
        return _mac_dir(kind)
    return _xdg_dir(kind)


def _xdg_dir(kind: str) -> Path:
    variable, below_home = {
        "cache": ("XDG_CACHE_HOME", ".cache"),
        "state": ("XDG_STATE_HOME", ".local/state"),
        "config": ("XDG_CONFIG_HOME", ".config"),
    }[kind]
    chosen = Path(os.environ.get(variable, ""))
    # The XDG specification asks to ignore relative paths.
    return (chosen if chosen.is_absolute() else _home() / below_home) / NAME


def _mac_dir(kind: str) -> Path:
    library = _home() / "Library"
    if kind == "cache":
        return library / "Caches" / NAME
    support = library / "Application Support" / NAME
    return support / "State" if kind == "state" else support


def _windows_dir(kind: str) -> Path:
    local = os.environ.get("LOCALAPPDATA")
    base = Path(local) if local else _home() / "AppData" / "Local"
    return base / NAME / kind.capitalize()


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:
        # A container may run under a user number without an account, and so without a home folder.
        import tempfile  # noqa: PLC0415

        return Path(tempfile.gettempdir()) / f"{NAME}-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
