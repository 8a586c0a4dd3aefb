"""Small data sets, and changes to them."""

from pathlib import Path

DATA = Path(__file__).parent / "data"


VALID = DATA / "valid"


def replace(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
