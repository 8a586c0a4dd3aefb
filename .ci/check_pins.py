"""Fails if a pinned version has a known weakness or, where no advisories are reached, has long been replaced.

Usage: uv run .ci/check_pins.py
"""

import json
import subprocess
import sys
import tempfile
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pin_versions import PINS, PROJECT_FILE, newest_versions

LONGEST_AGE = timedelta(days=365)


def weaknesses() -> list[str] | None:
    """Return those that pip-audit knows, or None if it reaches no source of advisories."""
    with tempfile.NamedTemporaryFile(suffix=".txt") as file:
        export = ["uv", "export", "--quiet", "--no-hashes", "--output-file", file.name]
        subprocess.run(export, cwd=PROJECT_FILE.parent, check=True)
        audit = ["uv", "tool", "run", "--quiet", "pip-audit", "--no-deps", "--disable-pip", "--progress-spinner=off"]
        audit += ["--timeout=10", "--format=json", f"--requirement={file.name}"]
        told = subprocess.run(audit, capture_output=True, text=True)
    try:
        packages = json.loads(told.stdout)["dependencies"]
    except (ValueError, KeyError):
        return None
    # An index that has no advisories answers for none.
    if all("skip_reason" in one for one in packages):
        return None
    return [f"{one['name']} {one['version']}: {weak['id']}" for one in packages for weak in one.get("vulns", [])]


def outdated(newest: list[str], lock: dict, today: datetime) -> list[str]:
    """Return the pins of the lock that are older than a year and that a newer version replaces."""
    known = dict(pin.split("==") for pin in newest)
    found = []
    for package in lock["package"]:
        files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
        times = [datetime.fromisoformat(file["upload-time"]) for file in files if "upload-time" in file]
        is_replaced = known.get(package["name"], package["version"]) != package["version"]
        if is_replaced and times and today - min(times) > LONGEST_AGE:
            name = package["name"]
            found.append(f"{name} {package['version']} of {min(times):%F}; {known[name]} is newer")
    return found


def main():
    found = weaknesses()
    if found is None:
        sys.stderr.write("No source of advisories is reached; looking at the age of versions.\n")
        newest = newest_versions(PINS.sub("constraint-dependencies = [\n]\n", PROJECT_FILE.read_text("utf-8")))
        lock = tomllib.loads(Path(PROJECT_FILE.parent, "uv.lock").read_text("utf-8"))
        found = outdated(newest, lock, datetime.now(UTC))
    if found:
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main()
