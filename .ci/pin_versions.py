"""Renews the exact versions in pyproject.toml: resolves the newest that the dependencies allow and writes them down.

Usage: uv run .ci/pin_versions.py    Then run the tests, look at `git diff pyproject.toml` and commit it.

A lock file would name the package index of the machine that made it; a list of versions holds everywhere.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

PROJECT_FILE = Path(__file__).resolve().parent.parent / "pyproject.toml"
PINS = re.compile(r"constraint-dependencies = \[\n.*?^\]\n", re.MULTILINE | re.DOTALL)


def newest_versions(project_text: str) -> list[str]:
    """One "name==version" a package, resolved in a folder of its own so that no older choice holds it back."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "pyproject.toml").write_text(project_text, encoding="utf-8")
        lock = ["uv", "lock", "--quiet", "--python", sys.executable]
        subprocess.run(lock, cwd=folder, check=True)
        resolved = tomllib.loads(Path(folder, "uv.lock").read_text(encoding="utf-8"))["package"]
    return sorted(f"{package['name']}=={package['version']}" for package in resolved if "registry" in package["source"])


def main():
    text = PROJECT_FILE.read_text(encoding="utf-8")
    unpinned = PINS.sub("constraint-dependencies = [\n]\n", text)
    pins = "".join(f'    "{pin}",\n' for pin in newest_versions(unpinned))
    PROJECT_FILE.write_text(PINS.sub(f"constraint-dependencies = [\n{pins}]\n", text), encoding="utf-8")


if __name__ == "__main__":
    main()
