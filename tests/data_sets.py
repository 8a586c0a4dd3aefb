"""Small data sets, and changes to them."""

import re
from io import StringIO
from pathlib import Path

from django.core.management import call_command

DATA = Path(__file__).parent / "data"
VALID = DATA / "valid"


def replace(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def load(folder, *options) -> str:
    """Load the data set; return what the command prints."""
    output = StringIO()
    call_command("load_directory", str(folder), *options, stdout=output, stderr=StringIO())
    return output.getvalue()


def counts(output: str) -> dict[str, list[int]]:
    """Return the numbers of new, changed and unchanged records by kind, from what the command prints."""
    rows = re.findall(r"^(\w+) +(\d+) +(\d+) +(\d+)$", output, re.MULTILINE)
    return {kind: [int(number) for number in numbers] for kind, *numbers in rows}
