"""Tests of lists and records in frames of other sites, and of oEmbed."""

from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html

from tests.factories import create_country, create_institution, create_person
from tests.html_page import html_page

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1:8000"


@pytest.fixture
def studios():
    uz = create_country(code="UZ")
    create_institution(name_en="Tajikfilm")
    create_institution(name_en="Xsecret", country=uz, publication_state="draft")
    return [create_institution(name_en=f"Studio {number:02}", country=uz) for number in range(30)]


def test_list_is_a_small_page_without_scripts_that_any_site_may_show(client, studios):
    for prefix, link in [("", "All 30"), ("/ru", "Все: 30")]:
        response = client.get(f"{prefix}/embed/studios/?country=UZ")

        page = html_page(response)
        names = [item.one("a").text for item in page.all("li")]
        assert names == [f"Studio {number:02}" for number in range(20)]
        assert link in page.one("footer").text
        links = {one.attributes["href"] for one in page.all("a")}
        assert f"{SITE}{prefix}/studios/?country=UZ" in links
        assert "xsecret" not in response.text.lower()
        assert list(page.all("script")) == []
        assert "X-Frame-Options" not in response
        policy = response["Content-Security-Policy"]
        assert "frame-ancestors *" in policy
        assert "default-src 'none'" in policy
        (style,) = page.all("link", rel="stylesheet")
        assert len(response.content) + len(b"".join(client.get(style.attributes["href"]))) < 20_000


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/embed/studios/?kind=fund", 400),
        ("/embed/institutions/?country=XX", 400),
        ("/embed/countries/", 404),
        ("/embed/institutions/xsecret/", 404),
        ("/embed/nothing/nobody/", 404),
        ("/embed/people/?ever=maybe", 400),
        ("/api/oembed", 404),
        ("/api/oembed?url=https://example.org/studios/", 404),
        (f"/api/oembed?url={SITE}/about/", 404),
        (f"/api/oembed?url={SITE}/institutions/xsecret/", 404),
        ("/api/oembed?url=http://[", 404),
        (f"/api/oembed?url={SITE}/studios/&maxwidth=0", 400),
        (f"/api/oembed?url={SITE}/studios/&callback=f", 400),
        (f"/api/oembed?url={SITE}/studios/&format=xml", 501),
    ],
)
def test_what_cannot_be_shown_is_refused_with_a_reason(client, studios, path, status):
    response = client.get(path)

    assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    assert response.json()["detail"]


@pytest.mark.parametrize(
    ("page", "title", "framed"),
    [
        ("/studios/?country=UZ&sort=name&page=2", "Studios, Uzbekistan", "/embed/studios/?country=UZ"),
        ("/ru/institutions/", "Организации", "/ru/embed/institutions/"),
        ("/institutions/studio-00/", "Studio 00", "/embed/institutions/studio-00/"),
        ("/people/anna-berg/", "Anna Berg", "/embed/people/anna-berg/"),
    ],
)
def test_pages_lead_to_oembed_and_this_to_their_frames(client, studios, page, title, framed):
    create_person(name_en="Anna Berg")
    link = html_page(client.get(page)).one("link", type="application/json+oembed").attributes["href"]
    assert parse_qs(urlsplit(link).query)["url"] == [SITE + page]

    said = client.get(link.removeprefix(SITE) + "&maxwidth=300").json()

    assert (said["version"], said["type"], said["width"]) == ("1.0", "rich", 300)
    frame = html.fromstring(said["html"]).attrib
    assert (frame["src"], frame["title"], said["title"]) == (SITE + framed, title, title)
    assert client.get(framed).status_code == 200


def test_record_in_a_frame_follows_its_new_address(client):
    studio = create_institution(name_en="Old Name")
    studio.slug = "new-name"
    studio.save()

    response = client.get("/embed/institutions/old-name/")

    assert (response.status_code, response["Location"]) == (301, "/embed/institutions/new-name/")
    assert "Old Name" in client.get(response["Location"]).text
    assert list(html_page(client.get("/about/")).all("link", type="application/json+oembed")) == []
