"""Separate program: JSON of a directory from standard input, PDF to standard output.

Setting a thousand entries takes about 150 MB, which are released only when the process ends.
"""

import json
import sys
import unicodedata
from pathlib import Path

import typst
from anyascii import anyascii
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
REPLACEMENT_MARK = "\ufffd"
# A byte-order mark, which PDF/UA-1 forbids in a text.
FORBIDDEN = "\ufeff"
# Link targets are not printed, and must not be changed.
NOT_PRINTED = ("link",)


def _letters_of_fonts() -> frozenset[str]:
    """Return the characters of each font: names use one, and the lines below them the other."""
    codes = [TTFont(path, lazy=True).getBestCmap().keys() for path in sorted(FONTS.glob("*.ttf"))]
    return frozenset(map(chr, set.intersection(*map(set, codes)))) - {FORBIDDEN}


LETTERS = _letters_of_fonts()


def _replaced(character: str) -> str:
    """Return a replacement for a character that the fonts lack; accessible documents may not hold an empty box."""
    if character.isspace():
        return " "
    kind = unicodedata.category(character)
    # Pictures and invisible characters.
    if kind.startswith("C") or kind in ("So", "Sk"):
        return ""
    return anyascii(character) or (REPLACEMENT_MARK if kind.startswith(("L", "N")) else "")


def printable(data):
    """Return the same data with every text as the fonts can print it."""
    if isinstance(data, str):
        shown = "".join(character if character in LETTERS else _replaced(character) for character in data)
        return shown if shown.strip() or not data else REPLACEMENT_MARK
    if isinstance(data, list):
        return [printable(item) for item in data]
    if isinstance(data, dict):
        return {name: value if name in NOT_PRINTED else printable(value) for name, value in data.items()}
    return data


def main():
    document = typst.compile(
        HERE / "directory.typ",
        format="pdf",
        # DejaVu Sans has Latin, Cyrillic, Armenian and Georgian letters; the fonts of machines differ.
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(printable(json.load(sys.stdin)))},
        pdf_standards=["ua-1"],
    )
    sys.stdout.buffer.write(document)


if __name__ == "__main__":
    main()
