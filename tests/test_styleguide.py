"""Tests of the style guide, which only developers see."""

import re

import pytest

from tests.html_page import html_page

pytestmark = pytest.mark.django_db


def test_visitors_get_no_style_guide(client):
    assert client.get("/styleguide/").status_code == 404


def test_style_guide_shows_every_colour_of_the_look(client, settings):
    settings.DEBUG = True
    tokens = re.findall(r"--([\w-]+): light-dark", (settings.BASE_DIR / "static/css/cisfilm.css").read_text())

    page = html_page(client.get("/styleguide/"))

    shown = {name.text for name in page.one("ul", class_="swatches").all("li")}
    assert set(tokens) - {"on-accent"} == shown


def test_style_guide_shows_every_picture(client, settings):
    settings.DEBUG = True

    page = html_page(client.get("/styleguide/"))

    assert len(list(page.one("svg", class_="city-map").all("a"))) == 3
    assert len(list(page.one("ul", class_="timeline").all("rect"))) == 4
    assert len(list(page.section("pictures").all("a", href="#pictures"))) == 2 * 10
