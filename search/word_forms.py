"""Endings and joining words of many languages, folded."""

from functools import cache
from pathlib import Path

import yaml

from languages.folding import fold_for_search

WORD_FORMS_FILE = Path(__file__).parent / "word_forms.yaml"


@cache
def endings() -> frozenset[str]:
    """Return endings that forms of a word differ in, and the empty one."""
    return frozenset({"", *_folded("endings")})


@cache
def joining_words() -> frozenset[str]:
    """Return words without a meaning of their own, such as "of" and "where"."""
    return _folded("joining")


def _folded(section: str) -> frozenset[str]:
    languages = yaml.safe_load(WORD_FORMS_FILE.read_text("utf-8"))[section].values()
    return frozenset(word for texts in languages for text in texts for word in fold_for_search(text).split())
