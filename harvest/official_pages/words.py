"""Words by which pages are read, as regular expressions."""

import re
from functools import cache
from pathlib import Path

import yaml

WORDS_FILE = Path(__file__).parent / "words.yaml"
# Of one length, so that places in the text stay the same.
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʻʼ`´ʹ′", "'"))


def plain(text: str) -> str:
    """Return the text with one kind of apostrophe, as the words are written."""
    return text.translate(_APOSTROPHES)


@cache
def words(*sections: str) -> re.Pattern[str]:
    """Return a pattern of all words of these sections, the longest first."""
    entries = {entry for section in sections for entry in _entries(section)}
    longest_first = sorted(entries, key=lambda entry: (-len(entry), entry))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_pattern, longest_first))})", re.IGNORECASE)


def _entries(section):
    for texts in _file()[section]:
        yield from filter(None, (" ".join(entry.split()) for entry in texts.split(",")))


def _pattern(entry):
    ending = r"\w*" if entry.endswith("~") else r"(?!\w)"
    return re.escape(entry.removesuffix("~")).replace(r"\ ", r"\s+") + ending


@cache
def _file():
    return yaml.safe_load(WORDS_FILE.read_text("utf-8"))


def has(section: str, text: str) -> bool:
    """Return whether the text has a word of the section."""
    return bool(words(section).search(plain(text)))


def last_match(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Return the last match of the pattern in the text, or None."""
    last = None
    for match in pattern.finditer(text):
        last = match
    return last
