"""Words by which pages are read, as regular expressions."""

import re
from functools import cache, lru_cache
from pathlib import Path

import yaml

ANY_ENDING, NO_ENDING = r"\w*", r"(?!\w)"
WORDS_FILE = Path(__file__).parent / "words.yaml"
# Of one length, so that places in the text stay the same.
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʻʼ`´ʹ′", "'"))


def plain(text: str) -> str:
    """Return the text with one kind of apostrophe, as the words are written."""
    return text.translate(_APOSTROPHES)


@cache
def words(*sections: str) -> re.Pattern[str]:
    """Return a pattern of all words of these sections, the longest first."""
    tree: dict = {}
    for section in sections:
        for entry in _entries(section):
            node = tree
            for letter in entry.removesuffix("~").lower():
                node = node.setdefault(letter, {})
            # Any ending takes in the plain word.
            node[""] = ANY_ENDING if entry.endswith("~") else node.get("", NO_ENDING)
    return re.compile(rf"(?<!\w){_pattern(tree)}", re.IGNORECASE)


def _pattern(node):
    """Return the pattern of a tree of letters, so that words with a common beginning are tried at once."""
    branches = [
        ("\\s+" if letter == " " else re.escape(letter)) + _pattern(node[letter]) for letter in sorted(node) if letter
    ]
    if "" in node:
        branches.append(node[""])
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


def _entries(section):
    for texts in _file()[section]:
        yield from filter(None, (" ".join(entry.split()) for entry in texts.split(",")))


@cache
def _file():
    return yaml.safe_load(WORDS_FILE.read_text("utf-8"))


@lru_cache(maxsize=20_000)
def has(section: str, text: str) -> bool:
    """Return whether the text has a word of the section."""
    return bool(words(section).search(plain(text)))


def last_match(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Return the last match of the pattern in the text, or None."""
    last = None
    for match in pattern.finditer(text):
        last = match
    return last
