"""Tests of every page of the site: frame, URLs, headers, and no third parties."""

import re
from functools import cache
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver, reverse
from django.utils import translation

from exports.models import hashed
from exports.saved_lists import save_list
from institutions.models import Institution
from records.history.models import Load
from search.models import ChangedRecord
from tests.html_page import html_page
from tests.public_history import note
from tests.rich_records import (
    create_rich_country,
    create_rich_event,
    create_rich_film,
    create_rich_institution,
    create_rich_person,
    create_rich_programme,
)
from visitors.corrections.models import ConfirmationRequest, Correction
from web.data_version import VERSION
from web.page_store import is_public

pytestmark = pytest.mark.django_db

# Every public address pattern by its name, with an address that it serves.
PAGES = {
    "home": "/",
    "about": "/about/",
    "search": "/search/",
    "coverage": "/coverage/",
    "check": "/check/",
    "compare": "/compare/",
    "change_list": "/changes/",
    "load_changes": "/changes/99/",
    "institutions:institution_list": "/institutions/",
    "institutions:institution_detail": "/institutions/tajikfilm/",
    "institutions:studio_list": "/studios/",
    "institutions:agency_list": "/agencies/",
    "institutions:country_list": "/countries/",
    "institutions:country_detail": "/countries/tj/",
    "institutions:programme_list": "/programmes/",
    "institutions:programme_detail": "/programmes/rebate/",
    "people:person_list": "/people/",
    "people:person_detail": "/people/anna-berg/",
    "cooperation:event_list": "/events/",
    "cooperation:event_detail": "/events/forum/",
    "cooperation:film_list": "/films/",
    "cooperation:film_detail": "/films/the-road-home/",
    "institutions:rebates": "/rebates/",
    "contacts:my_list": "/my-list/",
    "corrections:correction_new": "/corrections/new/",
    "corrections:this_is_us": "/this-is-us/tajikfilm/",
    "corrections:this_is_us_sent": "/this-is-us/tajikfilm/sent/",
    "for_programs": "/for-programs/",
    "releases": "/data/",
    "address_books_page": "/address-books/",
}
# Known by a secret, so that none calls itself canonical; tests/contacts and tests/corrections look at them.
SECRET_PAGES = {
    *("contacts:contact_list", "contacts:contact_list_owner", "contacts:contact_list_export"),
    *("contacts:contact_list_feed", "contacts:contact_list_calendar"),
    *("corrections:correction_status", "corrections:confirmation", "corrections:no_more_letters"),
}
FORMS = {
    "choose_theme",
    *("contacts:my_list_add", "contacts:my_list_change"),
    *("contacts:contact_list_save", "contacts:contact_list_delete"),
}
FILES = {
    "robots": "/robots.txt",
    "sitemap": "/sitemap.xml",
    "sitemap_section": "/sitemap-institutions.xml",
    "changes_feed": "/changes.atom",
    "country_changes_feed": "/countries/tj/changes.atom",
    "kind_changes_feed": "/changes/studio.atom",
    "search_suggest": "/search/suggest/?q=studio",
    "api:start": "/api/v1/",
    "api:openapi": "/api/v1/openapi.json",
    "api:record_list": "/api/v1/institutions",
    "embedding:list": "/embed/institutions/",
    "embedding:record": "/embed/people/anna-berg/",
    "oembed": "/api/oembed?url=http://127.0.0.1:8000/institutions/tajikfilm/",
    "reconciliation:service": "/api/reconcile",
    "reconciliation:suggest": "/api/reconcile/suggest/entity?prefix=taj",
    "reconciliation:properties": "/api/reconcile/properties",
    "reconciliation:preview": "/api/reconcile/preview?id=people/anna-berg",
    "api:record_detail": "/api/v1/people/anna-berg",
    "contacts:institutions_export": "/institutions/export/csv/",
    "contacts:studios_export": "/studios/export/xlsx/",
    "contacts:agencies_export": "/agencies/export/vcf/",
    "contacts:people_export": "/people/export/json/",
    "contacts:event_export": "/events/forum/export/emails/",
    "contacts:programmes_export": "/programmes/export/csv/",
    "contacts:films_export": "/films/export/xlsx/",
    "contacts:events_export": "/events/export/ics/",
    "contacts:event_calendar": "/events/forum/event.ics",
    "contacts:institutions_calendar": "/institutions/calendar.ics",
    "contacts:programmes_calendar": "/programmes/calendar.ics",
    "contacts:my_list_export": "/my-list/export/csv/",
    "contacts:institution_card": "/institutions/tajikfilm/card.vcf",
    "contacts:institution_card_3": "/institutions/tajikfilm/card-3.vcf",
    "contacts:institution_qr_code": "/institutions/tajikfilm/card.svg",
    "contacts:person_card": "/people/anna-berg/card.vcf",
    "contacts:person_card_3": "/people/anna-berg/card-3.vcf",
    "contacts:person_qr_code": "/people/anna-berg/card.svg",
}
# Answer only where DEBUG is on; tests/test_styleguide.py looks at them.
# Of those above, the ones that no store or proxy may keep: they are personal, or files of the moment.
NEVER_KEPT = {"contacts:my_list", "corrections:correction_new", "releases"}
NEVER_KEPT |= {"corrections:this_is_us", "corrections:this_is_us_sent"}
NEVER_KEPT |= {name for name in FILES if name.endswith("_export")} | {"contacts:event_calendar"}
DEBUG_PAGES = {"styleguide"}
WITHOUT_PARAMETERS = {"embedding:record", "oembed", "api:start", "api:openapi", "api:record_detail"}
WITHOUT_PARAMETERS |= {f"reconciliation:{name}" for name in ("service", "suggest", "properties", "preview")}
# Leads to pages, answers whatever else is asked below its path, or sends a file of a folder, as tests/api looks at.
NOWHERE = {"api:nowhere", "reconciliation:view", "release_file"}
# For programs that speak CardDAV; tests/api/test_address_books.py does.
NOWHERE |= {"carddav", *(f"address_books:{name}" for name in ("root", "account", "book", "card"))}
NOT_PUBLIC = {"admin"}
# Login and second factors; tests/editors/accounts/test_getting_in.py looks at them.
ACCOUNT_PAGES = {pattern.name for pattern in get_resolver("editors.accounts.urls").url_patterns}
LANGUAGES = ["en", "ru"]
# Tables that no public page draws on. All others move the data version, so that their pages are made anew.
APPS_BEHIND_PAGES = {"admin", "auth", "contenttypes", "sessions", "account", "mfa", "usersessions", "reversion", "web"}
APPS_BEHIND_PAGES |= {"contacts", "merging", "intake", "desk", "accounts", "harvest", "cisfilm"}
TABLES_BEHIND_PAGES = {"search_recordnames", "search_suspectedduplicate", "sources_importedrecord"}
TABLES_BEHIND_PAGES |= {"corrections_confirmationrequest", "corrections_nomoreletters", "corrections_mailbox"}
# Lists ask this table which records have changed. Triggers write it along with other tables, which move the version.
LOG_OF_CHANGES = "search_listchange"
TABLES_BEHIND_PAGES |= {LOG_OF_CHANGES}
TABLES_BEHIND_PAGES |= {
    model._meta.db_table
    for model in apps.get_models(include_auto_created=True)
    if model._meta.app_label in APPS_BEHIND_PAGES
}
# Where a browser fetches something by itself, without a click.
FETCHING = {"link": "href", "script": "src", "img": "src", "source": "src", "iframe": "src", "video": "src"}
RELATIONS_NOT_FETCHED = {"canonical", "alternate", "prev", "next"}


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """At least one record of each kind, connected with each other; created once, since these tests only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        with translation.override("en"):
            create_rich_country()
            studio = create_rich_institution()
            load = Load.objects.create(pk=99, happened_at="2026-05-01T10:00Z")
            note(studio, load=load)
            create_rich_person()
            create_rich_programme()
            create_rich_event()
            create_rich_film()
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def visit(site):
    """Return a function that requests a path without cookies; each path is rendered once, as the tests only read."""
    return cache(lambda path: Client().get(path))


@pytest.fixture(scope="module")
def page_at(visit):
    """Return a function that parses the page at a path, once."""
    return cache(lambda path: html_page(visit(path)))


def in_language(path, language):
    return path if language == "en" else f"/{language}{path}"


def public_pattern_names(patterns, namespace=""):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"
        elif pattern.namespace not in NOT_PUBLIC:
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from public_pattern_names(pattern.url_patterns, namespace + inner)


def on_every_page(test):
    """Run the test for each page in each language."""
    for_pages = pytest.mark.parametrize("path", [pytest.param(path, id=name) for name, path in PAGES.items()])
    return for_pages(pytest.mark.parametrize("language", LANGUAGES)(test))


def test_every_public_address_pattern_is_walked_here():
    assert set(public_pattern_names(get_resolver().url_patterns)) == (
        PAGES.keys() | FILES.keys() | SECRET_PAGES | FORMS | DEBUG_PAGES | NOWHERE | ACCOUNT_PAGES
    )


@pytest.mark.parametrize(("name", "path"), [pytest.param(*item, id=item[0]) for item in (PAGES | FILES).items()])
def test_page_is_read_from_a_standby_and_begins_no_session(client, site, name, path):
    assert ChangedRecord.objects.exists(), "words are pending, which no page may write"
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        connection.cursor().execute("SET LOCAL transaction_read_only = on")
        for address in (path, *([] if name in WITHOUT_PARAMETERS else [f"{path.partition('?')[0]}?q=tajikfilm"])):
            response = client.get(address)
            assert response.status_code == 200
            b"".join(response.streaming_content if response.streaming else [response.content])
            assert response.cookies == {}
            assert is_public(response) == (name not in NEVER_KEPT)
        transaction.set_rollback(True)
    read = {word for query in queries for word in re.findall(r"\w+", query["sql"])}
    read -= {LOG_OF_CHANGES}
    assert not read & TABLES_BEHIND_PAGES, "public pages draw on tables that don't move the data version"


def test_secret_page_is_never_kept(client, site):
    studio = Institution.objects.get(slug="tajikfilm")
    contact_list, owner_secret = save_list("studios")
    correction = Correction.objects.create(wrong="This.")
    ConfirmationRequest.objects.create(institution=studio, secret_hash=hashed("x" * 22), addresses=["a@example.org"])
    of_list = {"secret": contact_list.secret}
    keys = {
        "contacts:contact_list": of_list,
        "contacts:contact_list_owner": of_list | {"owner_secret": owner_secret},
        "contacts:contact_list_export": of_list | {"format_name": "csv"},
        "contacts:contact_list_feed": of_list,
        "contacts:contact_list_calendar": of_list,
        "corrections:correction_status": {"secret": correction.secret},
        "corrections:confirmation": {"secret": "x" * 22},
        "corrections:no_more_letters": {"secret": "x" * 22},
    }
    assert keys.keys() == SECRET_PAGES
    for name, key in keys.items():
        response = client.get(reverse(name, kwargs=key))
        assert (response.status_code, is_public(response)) == (200, False), name


def test_every_table_that_a_page_may_draw_on_moves_the_data_version(db):
    tables = {model._meta.db_table: model._meta for model in apps.get_models(include_auto_created=True)}
    assert tables.keys() >= TABLES_BEHIND_PAGES
    # By raw SQL, and without rows, which makes no difference to the triggers. Some other tables refuse the rest.
    insert = "INSERT INTO {0} ({1}) SELECT {1} FROM {0} WHERE false"
    rest = ["DELETE FROM {0} WHERE false", "UPDATE {0} SET {1} = {1} WHERE false"]
    changes = [
        (table, statement.format(table, model.pk.column))
        for table, model in tables.items()
        for statement in [insert, *([] if table in TABLES_BEHIND_PAGES else rest)]
    ]
    # One trigger of a table stands for all; most tables can't be emptied for others that refer to them.
    changes.append(("search_changedrecord", "TRUNCATE search_changedrecord"))
    wrong = []
    for table, statement in changes:
        with transaction.atomic(), connection.cursor() as cursor:
            # A transaction moves it once, and records of this module were made in this one.
            cursor.execute("SELECT set_config('cisfilm.data_changed_in', '', true)")
            before = seen_version(cursor)
            cursor.execute(statement)
            if (seen_version(cursor) != before) == (table in TABLES_BEHIND_PAGES):
                wrong.append(statement)
            transaction.set_rollback(True)
    assert wrong == []


def seen_version(cursor):
    cursor.execute(VERSION)
    return cursor.fetchone()


@pytest.mark.parametrize("name", sorted(ACCOUNT_PAGES - {"mfa_edit_webauthn", "mfa_remove_webauthn"}))
def test_way_in_begins_no_session_before_somebody_is_in(client, name):
    key = {"uidb36": "1", "key": "none"} if name == "account_reset_password_from_key" else {}

    client.get(reverse(name, kwargs=key))
    client.post(reverse(name, kwargs=key), {"login": "nobody", "password": "wrong", "email": "nobody@example.org"})

    assert not Session.objects.exists()


@on_every_page
def test_page_has_one_heading_a_title_and_its_language(visit, page_at, path, language):
    response, page = visit(in_language(path, language)), page_at(in_language(path, language))

    (heading,) = page.texts("h1")
    # A picture may hold titles of its own further down.
    title = next(iter(page.all("title"))).text
    assert (response.status_code, page.one("html").attributes["lang"]) == (200, language)
    assert heading
    assert title.removesuffix(" · CISFilm").strip()
    assert title.endswith(" · CISFilm")


@on_every_page
def test_page_names_its_address_and_its_twin_in_the_other_language(page_at, path, language):
    page = page_at(in_language(path, language))

    canonical = page.one("link", rel="canonical").attributes["href"]
    alternates = [link.attributes for link in page.all("link", rel="alternate")]
    twins = {link["hreflang"]: link["href"] for link in alternates if "hreflang" in link}
    english, russian = settings.SITE_URL + path, f"{settings.SITE_URL}/ru{path}"
    assert canonical == settings.SITE_URL + in_language(path, language)
    assert twins == {"en": english, "ru": russian, "x-default": english}


@on_every_page
def test_page_leads_to_its_twin_with_the_state_of_the_list(visit, path, language):
    page = html_page(visit(f"{in_language(path, language)}?country=TJ&country=AM"))

    menu = page.one("nav", class_="languages")
    links = [(link.attributes["hreflang"], link.attributes["href"]) for link in menu.all("a")]
    assert links == [("en", f"{path}?country=TJ&country=AM"), ("ru", f"/ru{path}?country=TJ&country=AM")]


@on_every_page
def test_page_is_small_and_sent_with_headers_that_protect_readers(visit, path, language):
    response = visit(in_language(path, language))

    policy = dict(rule.strip().partition(" ")[::2] for rule in response["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "object-src": "'none'",
    }
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert response.cookies == {}
    assert len(response.content) < 60_000


@on_every_page
def test_page_loads_nothing_from_another_host(page_at, path, language):
    page = page_at(in_language(path, language))

    fetched = [
        element.attributes[attribute]
        for tag, attribute in FETCHING.items()
        for element in page.all(tag)
        if attribute in element.attributes and element.attributes.get("rel") not in RELATIONS_NOT_FETCHED
    ]
    assert fetched == ["/static/favicon.svg", "/static/css/cisfilm.css", "/static/js/suggest.js"]


@on_every_page
def test_page_holds_no_inline_style_or_script(page_at, path, language):
    page = page_at(in_language(path, language))

    inline = [
        element
        for element in page.all()
        if element.tag == "style"
        or (
            element.tag == "script"
            and "src" not in element.attributes
            and element.attributes.get("type") != "application/ld+json"
        )
        or any(name == "style" or name.startswith("on") for name in element.attributes)
        or element.attributes.get("href", "").startswith("javascript:")
    ]
    assert inline == []


@on_every_page
def test_page_has_no_id_twice_and_every_inner_link_leads_somewhere(page_at, path, language):
    page = page_at(in_language(path, language))

    ids = [element.attributes["id"] for element in page.all() if "id" in element.attributes]
    wanted = {link.attributes["href"][1:] for link in page.all("a") if link.attributes["href"].startswith("#")}
    named = {
        element.attributes[attribute]
        for attribute in ("for", "aria-labelledby", "aria-describedby")
        for element in page.all()
        if attribute in element.attributes
    }
    assert len(ids) == len(set(ids))
    assert (wanted | named) - set(ids) == set()


@on_every_page
def test_page_leads_only_to_pages_that_are_there(visit, page_at, path, language):
    page = page_at(in_language(path, language))
    links = {link.attributes["href"].partition("#")[0] for link in page.all("a")}
    inner = {link for link in links if link.startswith("/")}

    statuses = {link: visit(link).status_code for link in inner}

    assert {link: status for link, status in statuses.items() if status != 200} == {}


@on_every_page
def test_page_answers_head_without_a_body(visit, path, language):
    asked, headed = visit(in_language(path, language)), Client().head(in_language(path, language))

    assert (headed.status_code, headed.content, headed["Content-Type"]) == (200, b"", asked["Content-Type"])


@pytest.mark.parametrize("path", FILES.values(), ids=FILES)
def test_file_answers_get_and_head(client, site, path):
    asked, headed = client.get(path), client.head(path)
    # A file that nobody reads to its end keeps its cursor open.
    b"".join(asked)

    assert (asked.status_code, headed.status_code, headed.content) == (200, 200, b"")
    assert headed["Content-Type"] == asked["Content-Type"]


def test_outer_links_are_plain_links_to_the_web(client, site):
    page = html_page(client.get("/institutions/tajikfilm/"))

    schemes = {urlsplit(link.attributes["href"]).scheme for link in page.all("a")}

    assert schemes == {"", "https", "tel", "mailto"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_not_found_says_so_in_the_frame_of_the_site(client, language):
    response = client.get(in_language("/no-such-page/", language))

    page = html_page(response)
    assert (response.status_code, len(page.texts("h1"))) == (404, 1)
    assert page.one("html").attributes["lang"] == language
    assert list(page.all("link", rel="canonical")) == []


def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
