"""Tests of the pictures of the editors' manual."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "docs" / "editing"
MANUAL = FOLDER.with_suffix(".md").read_text("utf-8")
PICTURES = re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", MANUAL)


def test_every_picture_is_there_and_every_one_that_is_there_is_shown():
    assert sorted(path for _words, path in PICTURES) == sorted(f"editing/{file.name}" for file in FOLDER.iterdir())


@pytest.mark.parametrize("file", sorted(FOLDER.iterdir()), ids=lambda file: file.name)
def test_pictures_are_small(file):
    assert file.stat().st_size <= 40 * 1024


def test_pictures_say_in_words_what_they_show():
    assert [path for words, path in PICTURES if len(words) < 20] == []


def test_links_to_sections_lead_somewhere():
    headings = re.findall(r"^#+ (.+)$", MANUAL, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}

    assert set(re.findall(r"\]\(#([^)]+)\)", MANUAL)) <= anchors
