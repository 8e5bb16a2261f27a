"""Prepare a checkout: virtual environment, pinned dependencies, the one third-party script.

    python3 pim/devservices/setup.py run|dev

Runs on a bare Python, before anything is installed, and does nothing when nothing has changed. It
has to be readable by Pythons that are too old, to tell them so.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
import runpy
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

OLDEST = (3, 11)
CHECKOUT = Path(__file__).resolve().parents[2]
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "set-up.json"
ONE_DAY = 24 * 3600
NO_PIP = (
    "This Python can't make a virtual environment with pip in it. On Debian and Ubuntu:"
    " apt install python3-venv (or python3-pip)."
)


def main() -> None:
    """Bring the checkout to what the lock files and the sources say."""
    which = sys.argv[1] if len(sys.argv) == 2 else ""
    if which not in ("run", "dev"):
        sys.exit("usage: setup.py run|dev")
    with_new_python()
    wait_for_others()
    done = read_stamp()
    make_environment(done)
    install(which, done)
    fetch_script(done)
    write_stamp(done)


def with_new_python() -> None:
    """Go on under a Python that is new enough, or say that there is none."""
    if sys.version_info >= OLDEST:
        return
    for minor in range(20, OLDEST[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, *sys.argv])  # noqa: S606  # no shell is the point
    sys.exit(
        f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is {sys.version.split()[0]},"
        " and there is no newer one in the PATH."
    )


def wait_for_others() -> None:
    """Two set-ups at once would be in each other's way. The lock goes when this process ends."""
    fcntl.flock(os.open(CHECKOUT, os.O_RDONLY), fcntl.LOCK_EX)


def make_environment(done: dict[str, Any]) -> None:
    """Make the virtual environment, or make it again when its Python is gone or too old."""
    if PYTHON.exists() and works(str(PYTHON)) and done.get("place", str(VENV)) == str(VENV):
        return
    say("Making the virtual environment …")
    done.clear()
    command = [sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV)]
    if subprocess.run(command).returncode != 0:
        sys.exit(NO_PIP)
    if not has_pip(str(PYTHON)):
        # Debian splits this module off; then a pip outside can install into the environment.
        subprocess.run(
            [str(PYTHON), "-m", "ensurepip", "--upgrade", "--default-pip"], capture_output=True
        )
    if not has_pip(str(PYTHON)) and not has_pip(sys.executable):
        sys.exit(NO_PIP)
    done["place"] = str(VENV)


def works(python: str) -> bool:
    """Whether this Python starts and is new enough."""
    check = f"import sys; sys.exit(sys.version_info < {OLDEST!r})"
    return subprocess.run([python, "-c", check], capture_output=True).returncode == 0


def has_pip(python: str) -> bool:
    """Whether `python -m pip` works."""
    return subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode == 0


def pip(*arguments: str) -> None:
    """Run pip for the environment; end with its words when it fails."""
    if has_pip(str(PYTHON)):
        command = [str(PYTHON), "-m", "pip"]
    else:
        command = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    options = ["--disable-pip-version-check", "--no-input", "--quiet"]
    if subprocess.run([*command, "install", *options, *arguments]).returncode != 0:
        sys.exit("The dependencies could not be installed; pip said why, above.")


def install(which: str, done: dict[str, Any]) -> None:
    """Install the lock file if it has changed, then the project itself for the `pim` command."""
    locks = {"run": digest("requirements/run.lock"), "dev": digest("requirements/dev.lock")}
    if done.get(which) != locks[which]:
        say("Installing the pinned dependencies (the first time this takes a few minutes) …")
        pip("--require-hashes", "-r", str(CHECKOUT / "requirements" / (which + ".lock")))
        done[which] = locks[which]
        if which == "dev":  # everything that running needs is in it too
            done["run"] = locks["run"]
    project = digest("pyproject.toml")
    if done.get("project") != project or not (VENV / "bin" / "pim").exists():
        pip("--no-deps", "--no-build-isolation", "--editable", str(CHECKOUT))
        done["project"] = project


def fetch_script(done: dict[str, Any]) -> None:
    """Put the pinned htmx where the pages find it, so that they work without internet."""
    asset = runpy.run_path(str(CHECKOUT / "pim" / "web" / "assets.py"))
    target = CHECKOUT / "pim" / "static" / asset["HTMX_LOCAL"]
    wanted = asset["HTMX_INTEGRITY"]
    if target.exists() and integrity(target.read_bytes()) == wanted:
        return
    target.unlink(missing_ok=True)
    if done.get("no_script") == wanted and time.time() < done.get("try_again_at", 0):
        return
    for fetch in (from_cdn, from_npm):
        content = fetch(asset)
        if content and integrity(content) == wanted:
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(content)
            return
    say(f"htmx could not be fetched now; the pages will load it from {asset['CDN']}.")
    done.update(no_script=wanted, try_again_at=time.time() + ONE_DAY)


def from_cdn(asset: dict[str, Any]) -> bytes | None:
    """The file from the CDN, or nothing when that doesn't answer soon."""
    try:
        with urllib.request.urlopen(asset["HTMX_URL"], timeout=5) as answer:  # noqa: S310
            return bytes(answer.read())
    except OSError:
        return None


def from_npm(asset: dict[str, Any]) -> bytes | None:
    """The file out of the npm package, when there is npm."""
    if not shutil.which("npm"):
        return None
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", "--silent", "--pack-destination", folder, asset["HTMX_PACKAGE"]]
        try:
            subprocess.run(command, capture_output=True, check=True, timeout=60)
            with tarfile.open(next(Path(folder).glob("*.tgz"))) as package:
                member = package.extractfile("package/" + asset["HTMX_FILE"])
                return member.read() if member else None
        except (OSError, KeyError, StopIteration, subprocess.SubprocessError, tarfile.TarError):
            return None


def integrity(content: bytes) -> str:
    """The value of a script tag's `integrity` for this content."""
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def digest(path: str) -> str:
    """A hash of a file of the checkout."""
    return hashlib.sha256((CHECKOUT / path).read_bytes()).hexdigest()


def read_stamp() -> dict[str, Any]:
    """What has been done before; nothing if that can't be read."""
    try:
        return dict(json.loads(STAMP.read_text()))
    except (OSError, ValueError):
        return {}


def write_stamp(done: dict[str, Any]) -> None:
    """Remember what has been done. Only now: what is interrupted is done again."""
    STAMP.write_text(json.dumps(done, indent=1))


def say(sentence: str) -> None:
    """Tell the person at the terminal."""
    print(sentence, flush=True)


if __name__ == "__main__":
    main()
