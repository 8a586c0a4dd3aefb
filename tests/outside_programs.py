"""Programs that some tests need and pyproject.toml does not install: detection, and how to install them."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

CLIENTS = Path(__file__).parent / "clients"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
JAVA_LIBRARIES = [Path("/usr/share/java/ez-vcard.jar"), Path("/usr/share/java/vinnie.jar")]


def find_chromium() -> str | None:
    return next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def _module(name: str) -> bool:
    return (CLIENTS / "node_modules" / name).exists()


# Of a machine within this one, see tests/deploy/machine.py.
PACKAGES_KEPT = Path("/root/.cache/uv")
CONTROL_GROUPS = next(filter(Path.is_dir, [Path("/sys/fs/cgroup/unified"), Path("/sys/fs/cgroup")]), Path("/"))
OVERLAY = """
mount --make-rprivate / && mount -t tmpfs none /mnt && cd /mnt && mkdir upper work root groups &&
mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work root &&
mount -t cgroup2 none groups
"""


@cache
def _may_boot() -> bool:
    """Return whether this process may boot another machine in namespaces; most containers don't allow it."""
    if not (shutil.which("nsenter") and shutil.which("unshare") and os.geteuid() == 0):
        return False
    # It has no network, so uv installs there what it has kept here.
    if not PACKAGES_KEPT.is_dir():
        return False
    group = CONTROL_GROUPS / f"cisfilm-probe-{os.getpid()}"
    try:
        group.mkdir()
        group.rmdir()
        namespaces = ["--mount", "--net", "--pid", "--uts", "--ipc", "--cgroup", "--fork"]
        tried = subprocess.run(["unshare", *namespaces, "sh", "-c", OVERLAY], capture_output=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return tried.returncode == 0


def beside_python(name: str) -> Path:
    """Return the program that a package of the environment brings along."""
    return Path(sys.executable).with_name(name)


# By the names that the mark `outside_programs` takes: a function that says whether it is there, and what installs it.
PROGRAMS = {
    "chromium": (find_chromium, "apt-get install chromium"),
    "soffice": (lambda: shutil.which("soffice"), "apt-get install libreoffice-calc-nogui"),
    "systemd": (lambda: shutil.which("systemd-analyze"), "apt-get install systemd"),
    "nginx": (lambda: shutil.which("nginx"), "apt-get install nginx-light"),
    "postgresql": (lambda: shutil.which("pg_createcluster"), "apt-get install postgresql"),
    "namespaces": (_may_boot, "run the test as root, outside of a container, with util-linux and the cache of uv"),
    "git": (lambda: shutil.which("git"), "apt-get install git"),
    "xgettext": (lambda: shutil.which("xgettext"), "apt-get install gettext"),
    "zbarimg": (lambda: shutil.which("zbarimg"), "apt-get install zbar-tools"),
    "ez-vcard": (
        lambda: shutil.which("javac") and all(library.exists() for library in JAVA_LIBRARIES),
        "apt-get install default-jdk-headless libez-vcard-java libvinnie-java",
    ),
    "java": (lambda: shutil.which("java"), "apt-get install default-jre-headless"),
    "node": (lambda: shutil.which("node"), "apt-get install nodejs"),
} | {
    name: (lambda name=name: _module(name), "npm install --prefix tests/clients --no-package-lock")
    for name in ("axe-core", "html-validate", "ical.js", "vnu-jar")
}


def missing(names) -> list[str]:
    """Return each missing program with the way to install it."""
    return [f"no {name} on this machine: {PROGRAMS[name][1]}" for name in names if not PROGRAMS[name][0]()]
