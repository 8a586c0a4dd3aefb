"""A program of its own: JSON of a directory from standard input, the PDF to standard output.

Setting a thousand entries takes about 150 MB, which go back to the machine only when the process ends.
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
# Addresses that links lead to are not printed, and must stay as they are.
NOT_PRINTED = ("link",)


def _letters_of_fonts() -> frozenset[str]:
    """The characters that each of the fonts holds: names are set in one, and the lines below them in the other."""
    codes = [TTFont(path, lazy=True).getBestCmap().keys() for path in sorted(FONTS.glob("*.ttf"))]
    return frozenset(map(chr, set.intersection(*map(set, codes)))) - {FORBIDDEN}


LETTERS = _letters_of_fonts()


def _replaced(character: str) -> str:
    """What stands for a character that the fonts lack; a document for screen readers may not hold an empty box."""
    if character.isspace():
        return " "
    kind = unicodedata.category(character)
    # Pictures and what nobody sees.
    if kind.startswith("C") or kind in ("So", "Sk"):
        return ""
    return anyascii(character) or (REPLACEMENT_MARK if kind.startswith(("L", "N")) else "")


def printable(data):
    """The same data with every text as the fonts can print it."""
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
        # DejaVu Sans holds Latin, Cyrillic, Armenian and Georgian letters; what fonts a machine has differs.
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(printable(json.load(sys.stdin)))},
        pdf_standards=["ua-1"],
    )
    sys.stdout.buffer.write(document)


if __name__ == "__main__":
    main()
