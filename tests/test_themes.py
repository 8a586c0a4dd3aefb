"""Tests of the visitor's choice between light and dark, without JavaScript."""

import pytest

from tests.html_page import html_page

pytestmark = pytest.mark.django_db


def theme_of(response):
    return html_page(response).one("html").attributes.get("data-theme")


def test_pages_follow_the_device_until_the_visitor_chooses(client):
    response = client.get("/about/")

    assert theme_of(response) is None
    assert "theme" not in response.cookies
    assert "Cookie" in response["Vary"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_choice_holds_on_all_pages_and_goes_back_to_the_page(client, theme):
    response = client.post("/theme/", {"theme": theme, "next": "/about/?page=2"})

    assert response["Location"] == "/about/?page=2"
    assert (response.cookies["theme"]["httponly"], response.cookies["theme"]["samesite"]) == (True, "Lax")
    assert theme_of(client.get("/about/")) == theme
    assert theme_of(client.get("/nothing/")) == theme
    page = html_page(client.get("/ru/about/"))
    assert [button.attributes["value"] for button in page.all("button", **{"aria-pressed": "true"})] == [theme]


def test_choice_is_forgotten(client):
    client.post("/theme/", {"theme": "dark"})
    client.post("/theme/", {"theme": "system"})

    assert theme_of(client.get("/about/")) is None


@pytest.mark.parametrize("theme", ["", "pink", "\x00"])
def test_no_other_theme(client, theme):
    assert client.post("/theme/", {"theme": theme}).status_code == 400


def test_nonsense_in_the_cookie_is_no_choice(client):
    client.cookies["theme"] = '"><script>'

    assert theme_of(client.get("/about/")) is None


def test_choice_leads_to_no_other_site(client):
    assert client.post("/theme/", {"theme": "dark", "next": "https://example.org/"})["Location"] == "/"


def test_other_sites_cannot_choose(client):
    assert client.post("/theme/", {"theme": "dark"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
