"""Set up, start, test and check a checkout: `python3 packaging/dev.py run | test | setup | lint`."""

# Standard library only, and no syntax newer than Python 3.8 at import: a wrong Python must reach its sentence.
from __future__ import annotations

import argparse
import contextlib
import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
LOCK = ROOT / ".venv.lock"
# Exists while packages are being installed; found at the start, it means that the last set-up was cut off.
MARKER = VENV / "reluviz-installing"
OLDEST, NEWEST = (3, 11), (3, 14)
# More test processes than this cost more memory than they save time.
MOST_WORKERS = 4
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}

# Shared libraries that the Qt wheels expect from the system, with the Debian package of each.
OFFSCREEN = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
}
WINDOW = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
}

HELP = """\
run [arguments]          set up what is missing, then start reluviz
test [pytest arguments]  set up what is missing, then run the tests without a display
lint                     set up what is missing, then run ruff and mypy
setup                    only set up
--no-system              anywhere: neither look for system packages nor install them"""


class Stop(Exception):
    """An end that a person can do something about; the text is a whole sentence."""


def say(text: str) -> None:
    """Print at once, so that the line stands before the output of the next program."""
    print(text, flush=True)


def python_problem(version: tuple[int, int], implementation: str) -> str:
    """Return why this Python will not do, or an empty string."""
    if implementation == "cpython" and OLDEST <= version <= NEWEST:
        return ""
    return (
        f"reluviz needs CPython {OLDEST[0]}.{OLDEST[1]} to {NEWEST[0]}.{NEWEST[1]}, but this is {implementation} "
        f"{version[0]}.{version[1]}; please start packaging/dev.py with another Python, for example python3.12."
    )


def has_display(environment: dict[str, str], platform: str) -> bool:
    """Tell whether a window can be shown; a platform chosen for Qt by hand counts as one."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not platform.startswith("linux") or any(environment.get(name) for name in names)


def missing_libraries(libraries: dict[str, str], load=ctypes.CDLL) -> dict[str, str]:
    """Return the part of `libraries` that the dynamic linker cannot load."""
    missing = dict(libraries)
    for name in libraries:
        with contextlib.suppress(OSError):
            load(name)
            del missing[name]
    return missing


def missing_packages(libraries: dict[str, str]) -> list[str]:
    """Return the Debian packages that still have to be installed."""
    packages = sorted(set(missing_libraries(libraries).values()))
    if importlib.util.find_spec("ensurepip") is None and not venv_python().exists():
        packages.insert(0, f"python{sys.version_info[0]}.{sys.version_info[1]}-venv")
    return packages


def apt_commands(packages: list[str], root: bool) -> list[list[str]]:
    """Return the command lines that install `packages`."""
    apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=120"]
    prefix = apt if root else ["sudo", "-n", *apt]
    return [[*prefix, "update"], [*prefix, "install", "-y", "--no-install-recommends", *packages]]


def ensure_system(libraries: dict[str, str]) -> None:
    """Install the system packages that are missing, where apt-get can do that."""
    packages = missing_packages(libraries)
    if not packages:
        return
    if not shutil.which("apt-get"):
        names = list(missing_libraries(libraries)) or ["ensurepip"]
        return say(f"Parts of the system were not found, so Qt or pip may fail to start: {', '.join(names)}.")
    root = os.geteuid() == 0
    if not root and not may_sudo():
        line = f"sudo apt-get install --no-install-recommends {' '.join(packages)}"
        raise Stop(f"Some system packages are missing; please run this line and then start again:\n  {line}")
    update, install = apt_commands(packages, root)
    say(f"Installing the missing system packages:\n  {' '.join(update)}\n  {' '.join(install)}")
    # A broken third-party source makes the update fail although the packages can be had.
    subprocess.call(update, stdout=subprocess.DEVNULL)
    if subprocess.call(install, stdout=subprocess.DEVNULL):
        raise Stop(f"apt-get could not install {' '.join(packages)}; its messages stand above.")
    importlib.invalidate_caches()
    if left := missing_packages(libraries):
        raise Stop(f"The system packages {' '.join(left)} are installed, but cannot be loaded.")


def may_sudo() -> bool:
    """Tell whether sudo works without a question."""
    return bool(shutil.which("sudo")) and subprocess.call(["sudo", "-n", "true"], **QUIET) == 0


def venv_python(venv: Path = VENV) -> Path:
    """Return the interpreter of the virtual environment."""
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


def stamp(pyproject: bytes, constraints: bytes, version: tuple[int, int], place: str) -> str:
    """Return a text that changes whenever the packages have to be installed again."""
    digest = hashlib.sha256()
    # The place counts because an editable installation points to it: a moved checkout is installed again.
    for part in (pyproject, constraints, repr(tuple(version)).encode(), place.encode()):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def is_ready(stamp_file: Path, wanted: str) -> bool:
    """Tell, without starting a program, whether the environment is complete and up to date."""
    if MARKER.exists() or not venv_python().exists() or not stamp_file.exists():
        return False
    return stamp_file.read_text(encoding="ascii").strip() == wanted


@contextlib.contextmanager
def locked():
    """Keep a second set-up of the same checkout waiting."""
    with open(LOCK, "a+b") as file:
        if not try_lock(file):
            say("Another set-up of this checkout is under way; waiting for it.")
            while not try_lock(file):
                time.sleep(0.2)
        # Closing the file releases the lock, also when this process is killed.
        yield


def try_lock(file) -> bool:
    """Take the lock if it is free."""
    with contextlib.suppress(OSError):
        if os.name == "nt":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def clean_environment(**extra: str) -> dict[str, str]:
    """Return the environment for the programs started here, without settings meant for another Python."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PIP_USER", "PIP_TARGET")}
    return {**kept, **extra}


def venv_works() -> bool:
    """Tell whether the environment starts, has pip and belongs to this Python version."""
    if MARKER.exists() or not venv_python().exists():
        return False
    check = f"import sys, pip; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    return subprocess.call([str(venv_python()), "-c", check], env=clean_environment(), **QUIET) == 0


def make_venv() -> None:
    """Make the virtual environment anew."""
    if importlib.util.find_spec("ensurepip") is None:
        raise Stop("This Python has no ensurepip module; please install the venv package of your system.")
    if Path(sys.prefix).resolve() == VENV.resolve():
        raise Stop("The virtual environment .venv has to be made anew; please start dev.py with the system's python3.")
    say(("Making anew" if VENV.exists() else "Making") + " the virtual environment .venv")
    if subprocess.call([sys.executable, "-m", "venv", "--clear", str(VENV)], env=clean_environment()):
        raise Stop("The virtual environment could not be made; the messages above say why.")


def ensure_packages(extras: str) -> None:
    """Install the Python packages, unless the stamp says that they are in place."""
    stamp_file = VENV / f"reluviz-{extras.replace(',', '-')}.stamp"
    wanted = stamp((ROOT / "pyproject.toml").read_bytes(), CONSTRAINTS.read_bytes(), sys.version_info[:2], str(ROOT))
    if is_ready(stamp_file, wanted):
        return
    with locked():
        if is_ready(stamp_file, wanted):
            return
        if not venv_works():
            make_venv()
        if install(extras):
            # A failure here costs only time later: each kernel is then compiled when it is first used.
            subprocess.call([str(venv_python()), "-P", "-m", "reluviz.core.warm"], env=clean_environment())
            stamp_file.write_text(wanted + "\n", encoding="ascii")
        elif not stamp_file.exists():
            raise Stop("pip could not install the packages; the messages above say why (is there a network?).")
        else:
            say("The packages could not be brought up to date; going on with what was installed before.")


def install(extras: str) -> bool:
    """Install this checkout and its packages into the environment; tell whether pip succeeded."""
    say("Installing the Python packages (about 250 MB to fetch the first time)")
    # Only a person at a terminal wants to watch hundreds of lines and progress bars go by.
    quiet = [] if sys.stdout.isatty() else ["-q"]
    pip = [str(venv_python()), "-m", "pip", "install", "--disable-pip-version-check", *quiet]
    MARKER.touch()
    failed = subprocess.call([*pip, "-c", str(CONSTRAINTS), "-e", f".[{extras}]"], cwd=ROOT, env=clean_environment())
    # pip refuses before it changes anything; only a killed pip (a negative code) leaves half a package behind.
    if failed >= 0:
        MARKER.unlink()
    return not failed


def execute(command: list[str], environment: dict[str, str]) -> int:
    """Become `command` where the system can, so signals and the exit code need no passing on."""
    if os.name == "posix":
        os.execve(command[0], command, environment)
    return subprocess.call(command, env=environment)


def run(arguments: list[str]) -> int:
    """Start the program; without a display and without arguments, run the default experiment instead."""
    # -P keeps files in the current folder from standing in for modules.
    command = [str(venv_python()), "-P", "-m", "reluviz"]
    if arguments or has_display(os.environ, sys.platform):
        return execute([*command, *arguments], clean_environment())
    say("There is no display, so the default experiment runs without a window and writes its results to a folder.")
    command += ["run", "--default", "--steps", "3000", "--out", "reluviz-output"]
    code = subprocess.call(command, env=clean_environment(QT_QPA_PLATFORM="offscreen"))
    if code == 0:
        say(f"The results are in {Path.cwd() / 'reluviz-output'}")
    return code if code >= 0 else 128 - code


def test(arguments: list[str]) -> int:
    """Run the tests of this checkout from its own folder."""
    os.chdir(ROOT)
    # File by file on some cores, in the order that tests/conftest.py gives: the tests of a file share what is slow to
    # make.
    # A process that dies ends the run: what was left of its file would be waited for without end.
    workers = str(min(os.cpu_count() or 1, MOST_WORKERS))
    spread = ["-n", workers, "--dist", "loadfile", "--no-loadscope-reorder", "--max-worker-restart", "0"]
    command = [str(venv_python()), "-m", "pytest", *spread, *arguments]
    return execute(command, clean_environment(QT_QPA_PLATFORM="offscreen"))


def lint(arguments: list[str]) -> int:
    """Run both linters, the second one also when the first one complains."""
    if arguments:
        raise Stop("lint takes no arguments.")
    commands = (["ruff", "check", "."], ["mypy"])
    return max(abs(subprocess.call([str(venv_python()), "-m", *command], cwd=ROOT)) for command in commands)


def main(argv: list[str]) -> int:
    """Read the command line, set up what it needs and do it."""
    if problem := python_problem(sys.version_info[:2], sys.implementation.name):
        raise Stop(problem)
    parser = argparse.ArgumentParser("dev.py", None, __doc__, HELP, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("action", choices=["run", "test", "setup", "lint"])
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="passed on to reluviz or to pytest")
    chosen = parser.parse_args([text for text in argv if text != "--no-system"])
    if sys.platform.startswith("linux") and "--no-system" not in argv:
        window = chosen.action == "setup" or (chosen.action == "run" and has_display(os.environ, sys.platform))
        ensure_system({} if chosen.action == "lint" else {**OFFSCREEN, **(WINDOW if window else {})})
    ensure_packages("test,lint" if chosen.action == "lint" else "test")
    actions = {"run": run, "test": test, "lint": lint, "setup": lambda _: 0}
    return actions[chosen.action](chosen.arguments)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as problem:
        sys.exit(f"{problem}")
    except OSError as problem:
        sys.exit(f"The set-up cannot go on: {problem}.")
    except KeyboardInterrupt:
        sys.exit(130)
