"""Tests of published changes, on pages and in feeds."""

import gzip

import feedparser
import pytest
import reversion
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from editors.withholding.withhold import withhold
from institutions.models import Institution, InstitutionKind
from records.history.models import RecordChange
from tests.editors.merging.pages import merge
from tests.factories import (
    create_contact,
    create_country,
    create_editor,
    create_event,
    create_film,
    create_institution,
    create_person,
    create_programme,
)
from tests.html_page import html_page
from tests.public_history import note
from visitors.feeds import ENTRIES

pytestmark = pytest.mark.django_db

ATOM = "application/atom+xml"
FEEDS = ["/changes.atom", "/countries/tj/changes.atom", "/changes/studio.atom"]


def read(client, path="/changes.atom"):
    """Return the feed as a reader parses it."""
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (200, f"{ATOM}; charset=utf-8")
    feed = feedparser.parse(response.content, response_headers={"content-type": response["Content-Type"]})
    assert (feed.bozo, feed.version) == (False, "atom10")
    return feed


def titles(client, path="/changes.atom"):
    return [entry.title for entry in read(client, path).entries]


def test_entry_says_what_changed_when_and_where(client, settings):
    change = note(create_institution(), facts=["names", "contacts"], changed_at="2026-11-24T10:05:30Z")

    (entry,) = read(client).entries

    assert (entry.title, entry.summary, entry.updated) == ("Tajikfilm", "Names, contacts", "2026-11-24T10:05:30+00:00")
    assert [(link.rel, link.type, link.href) for link in entry.links] == [
        ("alternate", "text/html", f"{settings.SITE_URL}/institutions/tajikfilm/")
    ]
    assert entry.id == f"tag:127.0.0.1,2026-11-24:change/{change.pk}/en"


def test_entry_of_a_new_record_says_so(client):
    note(create_institution(), facts=[], is_publication=True)

    assert [entry.summary for entry in read(client).entries] == ["New on the site"]


@pytest.mark.parametrize(
    ("prefix", "language", "title", "summary"),
    [("", "en", "Tajikfilm", "Names, contacts"), ("/ru", "ru", "Таджикфильм", "Названия и имена, контакты")],
)
def test_feed_speaks_the_language_of_its_address(client, settings, prefix, language, title, summary):
    note(create_institution(name_ru="Таджикфильм"), facts=["names", "contacts"])

    feed = read(client, f"{prefix}/changes.atom")

    (entry,) = feed.entries
    assert feed.feed.language == language
    assert (entry.title, entry.title_detail.language, entry.summary) == (title, language, summary)
    assert entry.summary_detail.language == language
    assert entry.link == f"{settings.SITE_URL}{prefix}/institutions/tajikfilm/"


def test_name_in_another_language_is_marked(client):
    note(create_institution(name_native="Тоҷикфилм", native_language="tg"))
    note(create_country(), changed_at="2025-05-01T10:00Z")

    studio, country = read(client, "/ru/changes.atom").entries

    assert (studio.title, studio.title_detail.language) == ("Tajikfilm", "en")
    assert (country.title, country.title_detail.language) == ("Таджикистан", "ru")


@pytest.mark.parametrize("prefix", ["", "/ru"], ids=["en", "ru"])
@pytest.mark.parametrize(
    ("path", "english", "russian", "page"),
    [
        ("/changes.atom", "Changes in CISFilm", "Изменения в CISFilm", "/changes/"),
        (
            "/countries/tj/changes.atom",
            "Changes in CISFilm: Tajikistan",
            "Изменения в CISFilm: Таджикистан",
            "/countries/tj/",
        ),
        (
            "/changes/studio.atom",
            "Changes in CISFilm: Studios",
            "Изменения в CISFilm: Киностудии",
            "/institutions/?kind=studio",
        ),
    ],
)
def test_feed_names_itself_its_page_and_who_it_is_from(client, settings, path, english, russian, page, prefix):
    note(create_institution(), changed_at="2026-05-01T10:00Z")
    note(create_institution(name_en="Another"), changed_at="2026-05-02T10:00Z")

    feed = read(client, prefix + path).feed

    own = f"{settings.SITE_URL}{prefix}{path}"
    assert (feed.title, feed.id, feed.author) == (russian if prefix else english, own, "CISFilm")
    assert {link.rel: link.href for link in feed.links} == {
        "self": own,
        "alternate": f"{settings.SITE_URL}{prefix}{page}",
    }
    assert feed.updated == "2026-05-02T10:00:00+00:00"


def test_addresses_are_those_of_the_site_whatever_host_was_asked(client, settings):
    settings.SITE_URL = "https://film.example.org"
    settings.ALLOWED_HOSTS = ["inner.example.com"]
    note(create_institution())

    feed = client.get("/countries/TJ/changes.atom", headers={"host": "inner.example.com"}).content.decode()

    assert "inner" not in feed
    assert "<id>https://film.example.org/countries/tj/changes.atom</id>" in feed
    assert "<id>tag:film.example.org,2026-05-01:change/" in feed


def test_id_stays_when_the_address_of_the_record_changes(client):
    studio = create_institution()
    note(studio)
    before = read(client).entries[0]

    studio.slug = "another-address"
    studio.save()

    after = read(client).entries[0]
    assert after.id == before.id
    assert after.link.endswith("/institutions/another-address/")


def test_every_feed_and_entry_in_every_language_has_an_id_of_its_own(client):
    for changed_at in ["2026-05-01T10:00Z", "2026-05-01T11:00Z"]:
        note(create_institution(name_en=changed_at), changed_at=changed_at)

    feeds = [read(client, prefix + path) for prefix in ("", "/ru") for path in FEEDS]

    assert len({feed.feed.id for feed in feeds}) == 6
    assert len({entry.id for feed in feeds for entry in feed.entries}) == 4


# Which changes ------------------------------------------------------------------------------------------------------


def test_newest_come_first_and_not_without_end(client):
    studio = create_institution()
    for minute in range(ENTRIES + 2):
        note(studio, changed_at=f"2026-05-01T10:{minute:02}Z")

    times = [entry.updated for entry in read(client).entries]

    assert len(times) == ENTRIES == 50
    assert (times[0], times[-1]) == ("2026-05-01T10:51:00+00:00", "2026-05-01T10:02:00+00:00")


def test_all_kinds_of_records_have_entries(client):
    country = create_country()
    for record in [
        create_institution(),
        create_person(name_en="Anna Berg"),
        create_programme(name_en="Rebate"),
        create_event(name_en="Forum"),
        create_film(name_en="Film"),
        country,
    ]:
        note(record)

    everything = {"Tajikfilm", "Anna Berg", "Rebate", "Forum", "Film", "Tajikistan"}
    assert set(titles(client)) == set(titles(client, "/countries/tj/changes.atom")) == everything


def test_feed_of_a_country_holds_what_changed_there(client):
    armenia = create_country(code="AM")
    note(create_institution(name_en="In Tajikistan"))
    note(create_institution(name_en="In Armenia", country=armenia), country_codes=["AM"])
    note(create_film(name_en="Of both"), country_codes=["AM", "TJ"])
    note(create_institution(name_en="International", is_international=True), country_codes=[])

    assert set(titles(client, "/countries/am/changes.atom")) == {"In Armenia", "Of both"}


def test_feed_of_a_kind_holds_institutions_that_are_of_this_kind_now(client):
    note(create_institution(name_en="A studio"))
    note(create_institution(name_en="An archive", kind="archive"))
    note(create_person(name_en="Archivist"))

    assert titles(client, "/changes/archive.atom") == ["An archive"]

    Institution.objects.filter(name_en="A studio").update(kind="archive")
    assert set(titles(client, "/changes/archive.atom")) == {"A studio", "An archive"}


def test_every_kind_of_institution_has_a_feed(client):
    for kind in InstitutionKind.values:
        read(client, f"/changes/{kind}.atom")


def test_there_is_no_feed_of_what_the_directory_does_not_know(client):
    create_country(code="US", cis_status="none")
    for prefix in ["", "/ru"]:
        for feed in ["countries/zz/changes", "countries/us/changes", "changes/cinema", "changes/person"]:
            assert client.get(f"{prefix}/{feed}.atom").status_code == 404, feed


# Nothing hidden -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_record_that_is_hidden_now_has_no_entry(client, state):
    note(create_institution(name_en="Open"))
    note(create_institution(name_en="Hidden", publication_state=state))

    for path in FEEDS:
        assert titles(client, path) == ["Open"], path


def test_withheld_person_has_no_entry(client):
    person = create_person(name_en="Anna Berg", country=create_country())
    note(person)
    note(create_person(name_en="Withheld before", withheld=True))
    assert titles(client) == ["Anna Berg"]

    withhold(person, reason="letter")

    assert (titles(client), titles(client, "/countries/tj/changes.atom")) == ([], [])


def test_country_that_is_no_longer_listed_has_no_entry(client):
    note(create_country(code="US", cis_status="none"), country_codes=["TJ"])
    create_country()

    assert titles(client, "/countries/tj/changes.atom") == []


def test_merged_record_has_no_entry_and_leads_nowhere(client, settings):
    kept, merged = create_institution(name_en="Kept"), create_institution(name_en="Gone")
    change = note(merged)
    merge(kept, merged)

    for path in FEEDS:
        entries = read(client, path).entries
        assert {(entry.title, entry.link) for entry in entries} == {("Kept", f"{settings.SITE_URL}/institutions/kept/")}
        assert f"change/{change.pk}/en" in entries[-1].id


def test_deleted_record_has_no_entry(client):
    studio = create_institution()
    note(studio)
    studio.delete()

    assert titles(client) == []


def test_contact_that_is_not_public_and_name_of_the_editor_make_no_entry(client):
    editor = create_editor(username="secret-editor")
    contact = create_contact(is_public=False)
    for department in ["Secret one", "Secret two"]:
        with reversion.create_revision():
            reversion.set_user(editor)
            reversion.set_comment("Secret comment")
            contact.department = department
            contact.save()
            reversion.add_to_revision(contact.institution)
    assert titles(client) == []

    contact.institution.founded = "1930"
    with reversion.create_revision():
        reversion.set_user(editor)
        reversion.set_comment("Secret comment")
        contact.institution.save()

    assert [entry.summary for entry in read(client).entries] == ["Founding date"]
    assert "ecret" not in client.get("/changes.atom").content.decode()


# Asking again -------------------------------------------------------------------------------------------------------


def test_empty_feed_is_the_same_each_time(client):
    assert read(client).entries == []
    assert client.get("/changes.atom").content == client.get("/changes.atom").content


def test_reader_that_asks_by_date_learns_that_the_newest_record_is_hidden(client):
    note(create_institution(name_en="Older"), changed_at="2026-05-01T10:00Z")
    newer = create_institution(name_en="Newer")
    note(newer, changed_at="2026-05-02T10:00Z")
    date = client.get("/changes.atom").headers.get("Last-Modified", "Sat, 02 May 2026 10:00:00 GMT")

    Institution.objects.filter(pk=newer.pk).update(publication_state="archived")

    answer = client.get("/changes.atom", headers={"if-modified-since": date})
    assert answer.status_code == 200
    assert "Newer" not in answer.content.decode()


def test_feed_is_packed_on_the_way(client):
    note(create_institution())

    packed = client.get("/changes.atom", headers={"accept-encoding": "gzip"})

    assert b"Tajikfilm" in gzip.decompress(packed.content)


def test_feed_needs_no_cookie_and_sets_none(client):
    assert client.get("/changes.atom").cookies == {}


def test_character_that_xml_does_not_allow_does_not_end_the_feed(client):
    note(create_institution(name_en="Tajik\ufffffilm & <sons>"))

    assert titles(client) == ["Tajik film & <sons>"]


@pytest.mark.parametrize(
    ("path", "number_of_queries"),
    [("/changes.atom", 7), ("/countries/tj/changes.atom", 8), ("/changes/studio.atom", 2)],
)
@pytest.mark.parametrize("record_count", [1, 3])
def test_feed_asks_a_fixed_number_of_times(client, django_assert_num_queries, path, number_of_queries, record_count):
    note(create_country())
    for number in range(record_count):
        for create in [create_institution, create_person, create_programme, create_event, create_film]:
            note(create(name_en=f"Number {number}"))

    with django_assert_num_queries(number_of_queries):
        client.get(path)


# On the pages ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/ru"], ids=["en", "ru"])
@pytest.mark.parametrize(
    ("path", "feed"),
    [
        ("/", "/changes.atom"),
        ("/about/", "/changes.atom"),
        ("/changes/", "/changes.atom"),
        ("/institutions/", "/changes.atom"),
        ("/countries/tj/", "/countries/tj/changes.atom"),
        ("/studios/", "/changes/studio.atom"),
        ("/agencies/", "/changes/agency.atom"),
    ],
)
def test_page_tells_readers_of_its_feed(client, prefix, path, feed):
    create_country()

    link = html_page(client.get(prefix + path)).one("link", type=ATOM).attributes

    assert (link["rel"], link["href"]) == ("alternate", prefix + feed)
    assert read(client, link["href"]).feed.title == link["title"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", "Changes as a feed"),
        ("/changes/", "Changes as a feed"),
        ("/countries/tj/", "Changes in this country as a feed"),
    ],
)
def test_page_has_a_link_to_its_feed_that_people_see(client, path, words):
    create_country()

    page = html_page(client.get(path))

    (link,) = [link for link in page.all("a") if link.text == words]
    assert link.attributes["href"] == page.one("link", type=ATOM).attributes["href"]


def test_about_names_all_feeds(client):
    create_country()
    create_country(code="AM")
    create_country(code="US", cis_status="none")

    links = [link.attributes["href"] for link in html_page(client.get("/about/")).all("a", type=ATOM)]

    kinds = [f"/changes/{kind}.atom" for kind in InstitutionKind]
    assert links == ["/changes.atom", "/countries/am/changes.atom", "/countries/tj/changes.atom", *kinds]


def newest_changes(client, path="/"):
    return html_page(client.get(path)).section("newest-changes")


def test_start_page_tells_what_changed_lately(client):
    note(create_institution(name_ru="Таджикфильм"), facts=["names", "contacts"], changed_at="2026-11-24T10:00Z")
    note(create_person(name_en="Anna Berg"), facts=[], is_publication=True, changed_at="2026-11-24T09:00Z")
    note(create_country(), facts=["film_law"], changed_at="2026-11-23T09:00Z")
    film = create_film(name_en="Road")
    note(film, facts=["year"], country_codes=["AM", "TJ"], changed_at="2026-11-23T08:00Z")

    section = newest_changes(client)

    assert section.texts("h3") == ["24 November 2026", "23 November 2026"]
    assert section.texts("li") == [
        "Tajikfilm studio Tajikistan names, contacts",
        "Anna Berg person Tajikistan new on the site",
        "Tajikistan country film law",
        "Road film Armenia, Tajikistan year",
    ]
    assert "/films/road/" in [link.attributes["href"] for link in section.all("a")]
    russian = newest_changes(client, "/ru/").texts("li")[0]
    assert russian == "Таджикфильм киностудия Таджикистан названия и имена, контакты"


def test_start_page_tells_the_last_change_of_eight_records(client):
    studio = create_institution()
    for day in range(1, 11):
        note(studio, changed_at=f"2026-11-{day:02}T10:00Z")
        note(create_person(name_en=f"Number {day}"), changed_at=f"2026-10-{day:02}T10:00Z")

    names = [row.one("a").text for row in newest_changes(client).all("li")]

    assert names == ["Tajikfilm", *(f"Number {day}" for day in range(10, 3, -1))]


def test_start_page_keeps_hidden_records_to_itself(client):
    note(create_institution(name_en="Open"))
    note(create_institution(name_en="Hidden", publication_state="archived"), changed_at="2026-06-01T10:00Z")
    note(create_person(name_en="Hidden too", withheld=True), changed_at="2026-06-01T10:00Z")

    assert [row.one("a").text for row in newest_changes(client).all("li")] == ["Open"]


def test_start_page_says_that_nothing_changed_yet(client):
    assert "Nothing has changed since" in newest_changes(client).text


@pytest.mark.parametrize("record_count", [1, 3])
def test_changes_cost_the_start_page_one_query_and_one_for_each_kind(client, record_count):
    with CaptureQueriesContext(connection) as without:
        client.get("/")
    for number in range(record_count):
        note(create_institution(name_en=f"Studio {number}"))
        note(create_person(name_en=f"Person {number}"))

    with CaptureQueriesContext(connection) as asked:
        client.get("/")

    assert len(asked) - len(without) == 2


def test_changes_of_records_are_told_with_their_records(django_assert_num_queries):
    studio, person = create_institution(), create_person()
    for record in [studio, person, studio, create_institution(name_en="Hidden", publication_state="draft")]:
        note(record)

    with django_assert_num_queries(3), translation.override("en"):
        changes = RecordChange.objects.newest_first().with_records()

    assert [change.record for change in changes] == [studio, person, studio]


# The page of all changes ----------------------------------------------------------------------------------------------


def rows(client, query="", path="/changes/"):
    return [row.text for row in html_page(client.get(path + query)).one("div", id="results").all("li")]


def test_page_tells_all_changes_by_day(client):
    studio = create_institution()
    note(studio, facts=["founded"], changed_at="2026-11-23T10:00Z")
    note(studio, facts=["names", "contacts"], changed_at="2026-11-24T10:00Z")
    note(create_person(name_en="Anna Berg"), facts=[], is_publication=True, changed_at="2026-11-24T09:00Z")

    results = html_page(client.get("/changes/")).one("div", id="results")

    assert results.texts("h2") == ["24 November 2026", "23 November 2026"]
    assert results.texts("li") == [
        "Tajikfilm studio Tajikistan names, contacts",
        "Anna Berg person Tajikistan new on the site",
        "Tajikfilm studio Tajikistan founding date",
    ]
    assert "3 changes" in results.text


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?country=TJ", ["Of both", "Tajikfilm"]),
        ("?country=AM", ["Of both", "In Armenia"]),
        ("?country=AM&country=TJ", ["Of both", "In Armenia", "Tajikfilm"]),
        ("?kind=institution", ["International", "In Armenia", "Tajikfilm"]),
        ("?kind=film&country=TJ", ["Of both"]),
        ("?kind=person", []),
        ("?country=XX&kind=cinema", ["International", "Of both", "In Armenia", "Tajikfilm"]),
    ],
)
def test_changes_are_filtered_by_country_and_kind(client, query, names):
    note(create_institution())
    armenia = create_country(code="AM")
    note(create_institution(name_en="In Armenia", country=armenia), country_codes=["AM"])
    note(create_film(name_en="Of both"), country_codes=["AM", "TJ"])
    note(create_institution(name_en="International", is_international=True), country_codes=[])

    page = html_page(client.get(f"/changes/{query}"))

    results = page.one("div", id="results")
    assert [row.one("a").text for found in results.all("ul", class_="plain") for row in found.all("li")] == names
    assert ("not recognised" in results.text) == ("XX" in query)


def test_choices_are_counted(client):
    note(create_institution())
    note(create_film(), country_codes=["AM", "TJ"])
    create_country(code="AM")

    filters = html_page(client.get("/changes/?country=TJ")).one("form", id="filters").texts("label")

    assert filters == ["Armenia 1", "Tajikistan 2", "Institution 1", "Film 1"]


def test_page_keeps_hidden_records_to_itself(client):
    note(create_institution(name_en="Open"))
    note(create_institution(name_en="Hidden", publication_state="archived"))
    note(create_person(name_en="Hidden too", withheld=True))

    page = html_page(client.get("/changes/"))

    assert "1 change" in page.one("div", id="results").text
    assert "Hidden" not in page.text


def test_long_list_has_pages(client):
    studio = create_institution()
    for minute in range(26):
        note(studio, changed_at=f"2026-05-01T10:{minute:02}Z", facts=["founded" if minute == 0 else "names"])

    assert len(rows(client)) == 25
    assert rows(client, "?page=2") == ["Tajikfilm studio Tajikistan founding date"]
    assert client.get("/changes/?page=3").status_code == 404


def test_page_of_changes_says_that_nothing_changed_yet(client):
    assert "Nothing has changed since" in html_page(client.get("/changes/")).one("div", id="results").text


@pytest.mark.parametrize("record_count", [1, 3])
def test_page_of_changes_asks_a_fixed_number_of_times(client, django_assert_num_queries, record_count):
    for number in range(record_count):
        note(create_institution(name_en=f"Studio {number}"))
        note(create_person(name_en=f"Person {number}"))

    with django_assert_num_queries(8):
        client.get("/changes/?country=TJ")
