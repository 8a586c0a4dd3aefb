"""A machine of its own for a test: systemd, booted over an empty copy of this one's files, without a network.

Namespaces keep processes, mounts and ports apart from this machine; the files are an overlay, of which nothing remains.
"""

import os
import platform
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.outside_programs import CONTROL_GROUPS

CHECKOUT = Path(__file__).resolve().parent.parent.parent
BOOT_SECONDS = 30
# Where `uv python install` of the manual puts this Python.
HOME = f"/opt/python/cpython-{platform.python_version()}-linux-{platform.machine()}-gnu"
# The overlay, and what systemd expects in a container. What the machine has running or set up does not come along.
BOOT = """
set -eu
mount --make-rprivate /
mount -t tmpfs none {place}
cd {place}
mkdir upper work root
mount -t overlay overlay -o lowerdir=/,upperdir=$PWD/upper,workdir=$PWD/work root
cd root
mount -t proc proc proc
mount -t sysfs sysfs sys -o ro
mount -t tmpfs none sys/fs/cgroup
mount -t cgroup2 none sys/fs/cgroup
mount -t tmpfs none run -o mode=755
mount -t tmpfs none tmp -o mode=1777
mount -t tmpfs none srv -o mode=755
mount -t tmpfs none dev -o mode=755
for device in null zero full random urandom tty; do touch dev/$device; mount --bind /dev/$device dev/$device; done
mkdir dev/shm dev/pts
mount -t tmpfs none dev/shm -o mode=1777
mount -t devpts none dev/pts -o newinstance,ptmxmode=0666
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
for name in stdin:0 stdout:1 stderr:2; do ln -s /proc/self/fd/${{name#*:}} dev/${{name%:*}}; done
mkdir -p .{home} old etc/systemd/system
mount --bind {python} .{home}
rm -rf etc/systemd/system/*.wants var/lib/postgresql/* etc/postgresql/* var/log/nginx/* var/lib/apt/lists/*
for unit in systemd-sysctl systemd-modules-load systemd-udevd systemd-logind systemd-networkd; do
  ln -sf /dev/null etc/systemd/system/$unit.service
done
mount --bind -o ro proc/sys proc/sys
echo box > etc/hostname
echo 127.0.0.1 localhost box cisfilm.example > etc/hosts
: > etc/machine-id
printf '[Unit]\\nRequires=basic.target\\nAfter=basic.target\\nAllowIsolate=yes\\n' > etc/systemd/system/box.target
pivot_root . old
exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin /bin/sh -c '
  umount -l /old
  exec /lib/systemd/systemd --unit=box.target --log-target=console </dev/null >/run/boot.log 2>&1'
"""


class Failed(Exception):
    """Raised if a command of the machine fails; the message holds what it said."""


class Machine:
    def __init__(self, pid: int):
        self.pid = pid

    def run(self, script: str, *, seconds=300, **environment: str) -> str:
        """Run a shell script as root, and return what it printed. Raise Failed."""
        own = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root",
            "LANG": "C.UTF-8",
        }
        told = self._enter(f"cd /\n{script}", own | environment, seconds)
        if told.returncode:
            journal = self._enter("journalctl --no-pager --lines=60 --output=cat", own).stdout
            raise Failed(
                "\n".join([f"{script}\n-> {told.returncode}", told.stdout[-4000:], told.stderr[-4000:], journal])
            )
        return told.stdout

    def _enter(self, script: str, environment: dict[str, str], seconds=30) -> subprocess.CompletedProcess:
        return subprocess.run(
            ["nsenter", "--all", f"--target={self.pid}", "bash", "-euo", "pipefail", "-c", script],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
        )

    def is_up(self) -> bool:
        with suppress(Failed):
            return self.run("systemctl is-active box.target || true").strip() == "active"
        return False


@contextmanager
def booted() -> Iterator[Machine]:
    """Boot a machine for the block."""
    place = Path(f"/tmp/cisfilm-machine-{secrets.token_hex(4)}")  # noqa: S108 nobody can guess it
    place.mkdir(mode=0o700)
    group = CONTROL_GROUPS / place.name
    group.mkdir()
    namespaces = ["--mount", "--net", "--pid", "--uts", "--ipc", "--cgroup", "--fork", "--kill-child"]
    process = subprocess.Popen(
        # It ends with the tests, however they end.
        [
            "setpriv",
            "--pdeathsig",
            "KILL",
            "unshare",
            *namespaces,
            "bash",
            "-c",
            BOOT.format(place=place, python=sys.base_prefix, home=HOME),
        ],
        preexec_fn=lambda: (group / "cgroup.procs").write_text(str(os.getpid())),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        machine = _when_up(process)
        # Its libraries are found by a path that is closed to the users of services.
        machine.run(
            f"ln -s {shutil.which('uv')} /usr/local/bin/; echo {HOME}/lib > /etc/ld.so.conf.d/python.conf; ldconfig"
        )
        yield machine
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
        _remove(group)
        place.rmdir()


def _when_up(process) -> Machine:
    deadline = time.monotonic() + BOOT_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.2)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        if children and Path(f"/proc/{children[0]}/comm").read_text() == "systemd\n":
            machine = Machine(int(children[0]))
            if machine.is_up():
                return machine
    process.kill()
    raise Failed(f"The machine did not boot: {process.communicate()[1]}")


def _remove(group: Path):
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with suppress(OSError):
            for folder in sorted(group.rglob("*/"), reverse=True):
                folder.rmdir()
            group.rmdir()
            return
        time.sleep(0.1)


def sections(manual: str) -> dict[str, str]:
    """Return the scripts of a manual by heading: all blocks marked `sh` of the section, one after the other."""
    scripts = {}
    for part in re.split(r"^#{2,3} ", manual, flags=re.MULTILINE)[1:]:
        heading, _newline, text = part.partition("\n")
        scripts[heading] = "".join(re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    return scripts
