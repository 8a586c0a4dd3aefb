"""Tests of address books: as their programs ask, what changes become, and what is refused."""

import re
import subprocess

import pytest
import vobject
from django.db import connection
from django.utils import translation
from lxml import etree

from api.address_books import cards, views
from editors.withholding.withhold import withhold
from exports.saved_lists import save_list
from tests.factories import create_contact, create_country, create_institution, create_person, create_position
from tests.outside_programs import beside_python
from web.pace import Pace

pytestmark = pytest.mark.django_db
BOOK = "/dav/all/country-uz/"
NAMESPACES = 'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav" xmlns:CS="http://calendarserver.org/ns/"'
NAMES = {"D": "DAV:", "C": "urn:ietf:params:xml:ns:carddav", "CS": "http://calendarserver.org/ns/"}


@pytest.fixture(autouse=True)
def studio():
    country = create_country(code="UZ")
    studio = create_institution(key="uz-film", name_en="Uzbek Film", name_ru="Узбекфильм", country=country)
    create_contact(institution=studio, kind="phone", value="+998711234567")
    create_contact(institution=studio, value="info@example.org")
    archive = create_institution(key="uz-archive", name_en="Archive, State; one", country=country, kind="archive")
    person = create_person(key="uz-anna", name_en="Anna Berg", name_ru="Анна Берг", country=country)
    create_position(person=person, institution=studio, title_en="Director")
    post = create_position(person=person, institution=archive, title_en="Adviser")
    create_contact(position=post, value="anna@example.org")
    return studio


@pytest.fixture
def ask(client):
    def asked(method, path, body="", status=207, **headers):
        """Return the document that answers, or the response where it is none."""
        body = re.sub(r"^<([\w:-]+)", rf"<\1 {NAMESPACES}", body)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        response = client.generic(method, path, body, content_type="application/xml", headers=given)
        assert response.status_code == status, (method, path, response.status_code)
        return etree.fromstring(response.getvalue()) if status == 207 else response

    return asked


def propfind(*names):
    return f"<D:propfind><D:prop>{''.join(f'<{name}/>' for name in names)}</D:prop></D:propfind>"


def found(document, path):
    return [each if isinstance(each, str) else each.tag for each in document.xpath(path, namespaces=NAMES)]


def sync(token="", more=""):
    token = f"<D:sync-token>{token}</D:sync-token>" if token else "<D:sync-token/>"
    properties = "<D:prop><D:getetag/></D:prop>"
    return f"<D:sync-collection>{token}<D:sync-level>1</D:sync-level>{properties}{more}</D:sync-collection>"


def query(conditions="", test="anyof", more="", data="<C:address-data/>"):
    asked = f"<D:prop><D:getetag/>{data}</D:prop>"
    return f'<C:addressbook-query>{asked}<C:filter test="{test}">{conditions}</C:filter>{more}</C:addressbook-query>'


def begin_further_change():
    """Let the next change move the data version, which a transaction, here the whole test, does once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('cisfilm.data_changed_in', '', true)")


def with_text(name, text, **attributes):
    given = "".join(f' {attribute.replace("_", "-")}="{value}"' for attribute, value in attributes.items())
    return f'<C:prop-filter name="{name}"><C:text-match{given}>{text}</C:text-match></C:prop-filter>'


def multiget(hrefs, version="3.0"):
    data = f'<C:address-data content-type="text/vcard" version="{version}"/>'
    named = "".join(f"<D:href>{href}</D:href>" for href in hrefs)
    return f"<C:addressbook-multiget><D:prop><D:getetag/>{data}</D:prop>{named}</C:addressbook-multiget>"


def cards_in(document):
    return {
        card.fn.value: card for text in found(document, "//C:address-data/text()") for card in [vobject.readOne(text)]
    }


def hrefs(document, status="200"):
    return found(document, f"//D:response[.//D:status[contains(., '{status}')]]/D:href/text()")


@pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/ru", "ru")])
def test_from_the_host_to_the_cards_as_phones_go(ask, client, prefix, language):
    """Follow the steps of RFC 6764 and 6352 that DAVx5, iOS and Thunderbird take."""
    led = client.generic("PROPFIND", "/.well-known/carddav", headers={"Accept-Language": language})
    assert (led.status_code, led["Location"]) == (307, f"{prefix}/dav/")
    options = client.options(led["Location"])
    assert "addressbook" in options["DAV"]
    assert "REPORT" in client.options(f"{prefix}{BOOK}")["Allow"]

    principal = ask("PROPFIND", led["Location"], propfind("D:current-user-principal"), Depth="0")
    (account,) = found(principal, "//D:current-user-principal/D:href/text()")
    home = ask(
        "PROPFIND", account, propfind("C:addressbook-home-set", "D:displayname", "CS:email-address-set"), Depth="0"
    )
    (books,) = found(home, "//C:addressbook-home-set/D:href/text()")
    assert found(home, "//D:propstat[contains(D:status, '404')]/D:prop/*") == [
        "{http://calendarserver.org/ns/}email-address-set"
    ]

    wanted = ("D:resourcetype", "D:displayname", "D:current-user-privilege-set", "CS:getctag", "D:sync-token")
    listed = ask("PROPFIND", books, propfind(*wanted), Depth="1", Prefer="return=minimal")
    paths = found(listed, "//D:response[.//C:addressbook]/D:href/text()")
    assert paths == [f"{prefix}/dav/all/{name}/" for name in ("country-uz", "kind-studio", "kind-archive")]
    assert found(listed, "//D:write | //D:all | //D:propstat[contains(D:status, '404')]") == []
    shown = found(listed, "//D:response[.//C:addressbook]//D:displayname/text()")
    assert shown[0] == ("CISFilm: Uzbekistan" if language == "en" else "CISFilm: Узбекистан")

    changed = ask("REPORT", paths[0], sync(), Depth="0")
    got = ask("REPORT", paths[0], multiget([*hrefs(changed), f"{paths[0]}0123456789abcdef.vcf"], "4.0"), Depth="1")
    assert len(hrefs(got)) == 3
    assert hrefs(got, "404") == [f"{paths[0]}0123456789abcdef.vcf"]
    cards_there = cards_in(got)
    assert all(card.version.value == "4.0" for card in cards_there.values())
    assert ("Anna Berg" if language == "en" else "Анна Берг") in cards_there
    etags = dict(zip(hrefs(changed), found(changed, "//D:getetag/text()"), strict=True))
    assert etags == dict(zip(hrefs(got), found(got, "//D:getetag/text()"), strict=True))


def test_person_has_one_card_with_all_posts_in_every_book(ask, studio):
    saved, _owner = save_list("hand", picked=["person/uz-anna"])
    account = f"/dav/list-{saved.secret}/"

    anna, of_list = (cards_in(ask("REPORT", path, query()))["Anna Berg"] for path in (BOOK, f"{account}contacts/"))
    book = ask("PROPFIND", account, propfind("D:displayname"), Depth="1")

    assert anna.serialize() == of_list.serialize()
    assert anna.title.value == "Director"
    assert "Adviser, Archive, State; one" in anna.note.value
    assert {each.value for each in anna.contents["email"]} == {"info@example.org", "anna@example.org"}
    assert found(book, "//D:displayname/text()") == ["List made by hand", "CISFilm: List made by hand"]


def test_next_sync_tells_what_was_added_changed_and_removed_whichever_process_answers(ask, studio):
    first = ask("REPORT", BOOK, sync())
    (token,) = found(first, "//D:sync-token/text()")
    cards.REMEMBERED.__init__()
    nothing = ask("REPORT", BOOK, sync(token))
    assert found(nothing, "//D:response") == []
    assert found(nothing, "//D:sync-token/text()") == [token]

    (anna,) = hrefs(
        ask("REPORT", BOOK, query('<C:prop-filter name="FN"><C:text-match>anna</C:text-match></C:prop-filter>'))
    )
    begin_further_change()
    withhold(studio.positions.get().person, reason="letter", note="")
    studio.name_en = "Uzbek Film Studio"
    studio.save()
    create_institution(key="uz-new", name_en="New", country=studio.country)
    cards.REMEMBERED.__init__()

    then = ask("REPORT", BOOK, sync(token))
    (later,) = found(then, "//D:sync-token/text()")
    assert hrefs(then, "404") == [anna]
    assert set(cards_in(ask("REPORT", BOOK, multiget(hrefs(then))))) == {"Uzbek Film Studio", "New"}
    assert ask("GET", anna, status=404)
    assert found(ask("REPORT", BOOK, sync(later)), "//D:response") == []

    # Another change in the data that leaves this book as it is.
    begin_further_change()
    create_institution(key="tj-film", country=create_country(code="TJ"))
    assert found(ask("REPORT", BOOK, sync(later)), "//D:response") == []


def test_tokens_of_long_books_are_short_and_refused_after_a_change(ask, studio, monkeypatch):
    monkeypatch.setattr(cards, "MOST_IN_TOKEN", 2)
    (token,) = found(ask("REPORT", BOOK, sync()), "//D:sync-token/text()")
    assert len(token) < 80
    begin_further_change()
    create_institution(key="tj-film", country=create_country(code="TJ"))
    assert found(ask("REPORT", BOOK, sync(token)), "//D:response") == []

    begin_further_change()
    studio.publication_state = "archived"
    studio.save()
    refused = ask("REPORT", BOOK, sync(token), status=403)
    assert b"valid-sync-token" in refused.content

    monkeypatch.setattr(cards, "MOST_CARDS", 0)
    cards.REMEMBERED.__init__()
    assert b"number-of-matches-within-limits" in ask("REPORT", BOOK, sync(), status=507).content
    others = ask("PROPFIND", "/dav/all/", propfind("D:displayname", "D:sync-token"), Depth="1")
    assert found(others, "//D:propstat[contains(D:status, '507')]//D:sync-token")


TWO_TEXTS = "<C:text-match>anna</C:text-match><C:text-match match-type='ends-with'>.ORG</C:text-match>"
VOICE = "<C:param-filter name='TYPE'><C:text-match>voice</C:text-match></C:param-filter>"
NOT_PREFERRED = "<C:param-filter name='PREF'><C:is-not-defined/></C:param-filter>"
FILM, ARCHIVE, ANNA = "Uzbek Film", "Archive, State; one", "Anna Berg"


@pytest.mark.parametrize(
    ("conditions", "test", "names"),
    [
        ("", "anyof", {FILM, ARCHIVE, ANNA}),
        (with_text("FN", "UZBEK", match_type="starts-with"), "anyof", {FILM}),
        (with_text("FN", "uzbek", collation="i;octet"), "anyof", set()),
        (with_text("FN", "archive, state; ONE", match_type="equals"), "anyof", {ARCHIVE}),
        (with_text("NICKNAME", "узбек"), "anyof", {FILM}),
        (with_text("FN", "film", negate_condition="yes"), "anyof", {ARCHIVE, ANNA}),
        ("<C:prop-filter name='TITLE'><C:is-not-defined/></C:prop-filter>", "anyof", {FILM, ARCHIVE}),
        (f"<C:prop-filter name='TEL'>{VOICE}</C:prop-filter>", "anyof", {FILM, ANNA}),
        (f"<C:prop-filter name='TEL'>{NOT_PREFERRED}</C:prop-filter><C:prop-filter name='TITLE'/>", "allof", {ANNA}),
        (f"<C:prop-filter name='EMAIL' test='allof'>{TWO_TEXTS}</C:prop-filter>", "anyof", {ANNA}),
    ],
)
def test_queries_find_cards_by_their_properties(ask, conditions, test, names):
    assert set(cards_in(ask("REPORT", BOOK, query(conditions, test)))) == names


def test_query_may_ask_for_few_cards_and_few_properties(ask):
    few = '<C:address-data><C:prop name="FN"/><C:prop name="NOTE"/></C:address-data>'
    document = ask("REPORT", BOOK, query(more="<C:limit><C:nresults>1</C:nresults></C:limit>", data=few))

    (text,) = found(document, "//C:address-data/text()")
    assert re.findall(r"(?m)^[A-Z-]+", text) == ["BEGIN", "VERSION", "FN", "NOTE", "END"]
    assert hrefs(document, "507") == [BOOK]


def test_card_comes_in_the_version_asked_for_and_only_when_it_changed(ask, client):
    listed = ask("PROPFIND", BOOK, Depth="1")
    path, etag = hrefs(listed)[1], found(listed, "//D:getetag/text()")[0]

    plain, newer = client.get(path), client.get(path, headers={"Accept": "text/vcard; version=4.0"})
    known = client.get(path, headers={"If-None-Match": etag})

    assert (plain["ETag"], plain["Vary"], plain["Cache-Control"]) == (etag, "Accept, Accept-Language", "no-cache")
    assert b"VERSION:3.0" in plain.content
    assert b"VERSION:4.0" in newer.content
    assert (known.status_code, known.content) == (304, b"")
    assert hrefs(ask("PROPFIND", path, propfind("D:getcontenttype"), Depth="0")) == [path]
    assert client.get(BOOK).headers["Location"] == "/address-books/"


BOMB = '<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;">]><D:propfind xmlns:D="DAV:"><D:prop>&c;</D:prop></D:propfind>'


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        ("PROPFIND", BOOK, "", {"Depth": "infinity"}, 403),
        ("PROPFIND", BOOK, "", {}, 403),
        ("PROPFIND", BOOK, "<D:propfind>", {"Depth": "0"}, 400),
        ("PROPFIND", BOOK, "<D:propfind/>", {"Depth": "0"}, 400),
        ("PROPFIND", BOOK, BOMB, {"Depth": "0"}, 400),
        ("PROPFIND", BOOK, "x" * 1_100_000, {"Depth": "0"}, 413),
        ("PROPFIND", "/dav/country-xx/", "", {"Depth": "0"}, 404),
        ("PROPFIND", "/dav/all/country-xx/", "", {"Depth": "0"}, 404),
        ("PROPFIND", "/dav/list-unknown/", "", {"Depth": "0"}, 404),
        ("REPORT", BOOK, "", {}, 400),
        ("REPORT", BOOK, "<D:expand-property/>", {}, 403),
        ("REPORT", BOOK, multiget([]), {}, 400),
        ("REPORT", BOOK, multiget(["x"], "2.1"), {}, 403),
        ("REPORT", BOOK, sync("urn:x-cisfilm:sync:invented"), {}, 403),
        ("REPORT", BOOK, sync(f"urn:x-cisfilm:sync:{'0' * 24}:Aabcde"), {}, 403),
        ("REPORT", BOOK, sync(more="<D:limit><D:nresults>x</D:nresults></D:limit>"), {}, 400),
        ("REPORT", BOOK, sync(more="<D:limit><D:nresults>1</D:nresults></D:limit>"), {}, 507),
        ("REPORT", BOOK, query("<C:prop-filter/>"), {}, 403),
        ("REPORT", BOOK, query('<C:prop-filter name="FN"><C:text-match collation="x"/></C:prop-filter>'), {}, 403),
        ("REPORT", "/dav/all/", sync(), {}, 405),
        ("PUT", f"{BOOK}0123456789abcdef.vcf", "BEGIN:VCARD", {}, 405),
        ("DELETE", BOOK, "", {}, 405),
        ("PROPPATCH", BOOK, "", {}, 405),
        ("MKCOL", "/dav/all/mine/", "", {}, 405),
        ("POST", BOOK, "", {}, 405),
    ],
)
def test_what_is_not_understood_is_refused(ask, method, path, body, headers, status):
    response = ask(method, path, body, status=status, **headers)

    assert response.content.strip()
    assert "addressbook" in response["DAV"]
    assert (status == 405) == ("PUT" not in response["Allow"] and b"can only be read" in response.content)


CONFIGURATION = """
[general]
status_path = "{folder}/status"
[pair films]
a = "computer"
b = "site"
collections = ["from b"]
conflict_resolution = "b wins"
[storage computer]
type = "filesystem"
path = "{folder}/books"
fileext = ".vcf"
[storage site]
type = "carddav"
url = "{url}"
read_only = true
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.server
def test_vdirsyncer_and_khard_keep_a_book_as_the_site_has_it(live_server, tmp_path, studio):
    configuration = CONFIGURATION.format(folder=tmp_path, url=f"{live_server.url}/dav/country-uz/")
    (tmp_path / "config").write_text(configuration)
    (tmp_path / "khard.conf").write_text(
        f"[addressbooks]\n[[films]]\npath = {tmp_path}/books/contacts\n[contact table]\ndisplay = formatted_name\n"
    )

    def run(program, *arguments, stdin=""):
        command = [beside_python(program), "-c", str(tmp_path / arguments[0]), *arguments[1:]]
        done = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def synchronised():
        run("vdirsyncer", "config", "sync")
        return set(run("khard", "khard.conf", "list", "--parsable", "--fields", "name").split("\n")) - {""}

    run("vdirsyncer", "config", "discover", stdin="y\n")
    assert synchronised() == {FILM, ARCHIVE, ANNA}
    assert "+998 71 123 45 67" in run("khard", "khard.conf", "phone", "--parsable")

    with translation.override("en"):
        withhold(studio.positions.get().person, reason="letter", note="")
    studio.name_en = "Uzbek Film Studio"
    studio.save()
    create_institution(key="uz-new", name_en="New Studio", country=studio.country)
    assert synchronised() == {"Uzbek Film Studio", ARCHIVE, "New Studio"}


def test_other_content_and_too_many_requests_are_refused(client, monkeypatch):
    assert client.generic("REPORT", BOOK, "{}", content_type="application/json").status_code == 415
    monkeypatch.setattr(views, "PACE", Pace(per_second=0.001, at_once=1))
    statuses = [client.generic("PROPFIND", BOOK, headers={"Depth": "0"}) for _each in range(2)]
    assert [response.status_code for response in statuses] == [207, 429]
    assert int(statuses[1]["Retry-After"]) > 1
