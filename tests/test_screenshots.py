"""Tests of docs/screenshots: every kind of page, and small files."""

from pathlib import Path

from tests.browser.every_page import DESK, KINDS_OF_PAGES, PHONE

PICTURES = sorted((Path(__file__).parent.parent / "docs" / "screenshots").iterdir())


def test_every_kind_of_page_is_shown_at_both_widths_and_nothing_else():
    assert {file.name for file in PICTURES} == {
        f"{name}-{width}.png" for name in KINDS_OF_PAGES for width in (PHONE, DESK)
    }


def test_all_pictures_together_are_small():
    assert sum(file.stat().st_size for file in PICTURES) <= 2.5 * 1000 * 1000
