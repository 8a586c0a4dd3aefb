"""Tests that unpublished content is in no page, count, URL or file."""

import csv
import io
import json
import re
import zipfile
from urllib.parse import urlencode, urlsplit

import pytest
import reversion
from django.contrib.auth.models import User
from django.core import mail
from django.utils import timezone, translation
from pypdf import PdfReader

from api.embedding.lists import embedded_lists
from api.members import address_of
from api.resources import resources
from cooperation.models import Film
from editors.withholding.withhold import withhold
from exports.columns import COLUMNS
from exports.file_formats import FORMATS
from exports.saved_lists import save_list
from institutions.models import Institution, Programme
from people.models import Person, Position
from records.history.models import RecordChange
from tests.factories import (
    create_city,
    create_contact,
    create_country,
    create_editor,
    create_event,
    create_film,
    create_institution,
    create_institution_name,
    create_participation,
    create_person,
    create_person_name,
    create_position,
    create_programme,
    create_source,
    create_stage,
)
from visitors.checking.uploads import Upload
from visitors.corrections.confirmations import write_to
from visitors.corrections.facts import record_reference

pytestmark = pytest.mark.django_db

LISTS = [
    "/",
    "/institutions/",
    "/studios/",
    "/agencies/",
    "/countries/",
    "/countries/tj/",
    "/programmes/",
    "/rebates/?country=TJ",
]
LISTS += [f"/embed/{name}/" for name in embedded_lists()]
LISTS += ["/people/", "/people/?ever=true", "/people/?on=2020", "/events/", "/films/", "/about/", "/changes/"]
EVERY_COLUMN = "rows=both&names=all&" + "&".join(f"columns={column.name}" for column in COLUMNS)
# A format writes the rows of a list and knows no records: each list in one with all columns and one with cards, and two
# of them, one with institutions and one with people in its rows, in every format.
EVERY_FORMAT = [f"/institutions/export/{name}/?{EVERY_COLUMN}" for name in FORMATS]
EVERY_FORMAT += [f"/people/export/{name}/?ever=true&{EVERY_COLUMN}" for name in FORMATS]
FILES = [
    f"/{page}/export/{name}/?{EVERY_COLUMN}" for page in ("events/open-forum", "my-list") for name in ("csv", "vcf")
]
FILES += [f"/{page}/export/csv/" for page in ("programmes", "films", "events")]
FILES += ["/programmes/export/json/", "/films/export/json/", "/events/export/ics/", "/events/open-forum/event.ics"]
FILES += ["/studios/export/csv/", "/agencies/export/csv/", "/people/export/csv/", "/people/export/vcf/?on=2024"]
FILES += ["/institutions/export/csv/?rows=representatives", "/people/export/csv/?rows=institutions&ever=true"]
FOR_PROGRAMS = [f"/api/v1/{name}?limit=200" for name in resources()] + ["/api/v1/openapi.json"]
FOR_PROGRAMS += ["/api/v1/people?limit=200&ever=true", "/api/v1/positions?limit=200&on=2020&role=head"]
FOR_PROGRAMS += [
    "/api/reconcile?" + urlencode({"queries": json.dumps({"q": {"query": f"Xsecret {name}", "type": kind}})})
    for kind, name in [
        ("institution", "Studio"),
        ("person", "Person"),
        ("event", "Event"),
        ("film", "Film"),
        ("programme", "Programme"),
    ]
]
FOR_PROGRAMS += ["/api/reconcile/suggest/entity?prefix=Xsecret"]
ADDRESS_BOOKS = [f"{prefix}/dav/all/{name}/" for prefix in ("", "/ru") for name in ("country-tj", "kind-studio")]
EVERY_CARD = """<C:addressbook-query xmlns:C="urn:ietf:params:xml:ns:carddav" xmlns:D="DAV:">
<D:prop><C:address-data version="4.0"/></D:prop></C:addressbook-query>"""
CARDS = ["card.vcf", "card-3.vcf", "card.svg"]
FEEDS = ["/changes.atom", "/countries/tj/changes.atom", "/changes/studio.atom"]
COUNTED = ["/institutions/", "/studios/", "/people/", "/events/", "/films/", "/programmes/"]
SEARCHES = [
    "/search/?q=Xsecret",
    "/search/?q=Xsecrte",
    "/search/suggest/?q=Xsecre",
    "/institutions/?q=Xsecret",
    "/people/?q=Xsecret&ever=true",
    "/events/?q=Xsecret",
    "/films/?q=Xsecret",
]
SEARCHES += [
    f"/api/v1/{name}?q=Xsecret" for name in ("institutions", "people", "positions", "programmes", "events", "films")
]
SEARCHES += ["/programmes/?q=Xsecret", "/institutions/export/csv/?q=Xsecret", "/people/export/csv/?q=Xsecret&ever=true"]


@pytest.fixture
def seen():
    """A published record of each kind, connected with everything hidden."""
    country = create_country(code="TJ", editors_note="Xsecret country note")
    studio = create_institution(name_en="Open Studio", country=country, city=create_city(country=country))
    person = create_person(name_en="Open Person", country=country)
    create_position(person=person, institution=studio, seat="director", as_of="2020")
    event = create_event(name_en="Open Forum", country=country, start="2025-09-01")
    create_participation(event=event, person=person, institution=studio)
    film = create_film(name_en="Open Film", countries=[country])
    film.film_institutions.create(institution=studio)
    programme = create_programme(name_en="Open Rebate", country=country, institution=studio)
    return {"studio": studio, "person": person, "event": event, "film": film, "programme": programme}


def tie_institution(seen, **fields):
    """Create an institution that every published record refers to."""
    country = seen["studio"].country
    hidden = create_institution(
        name_en="Xsecret Studio",
        name_ru="Xsecret студия",
        country=country,
        city=create_city(name_en="Xsecret City", country=country),
        services=["laboratory"],
        successor=seen["studio"],
        **fields,
    )
    create_institution_name(institution=hidden, text="Xsecret former", kind="former")
    create_contact(institution=hidden, value="xsecret@example.org")
    create_stage(institution=hidden, name_en="Xsecret Stage")
    create_institution(name_en="Child of the hidden", parent=hidden, country=country)
    create_position(person=seen["person"], institution=hidden, title_en="Xsecret post", as_of="2024")
    create_position(person=create_person(name_en="Employee"), institution=hidden, title_en="Xsecret post 2")
    create_participation(event=seen["event"], institution=hidden)
    seen["film"].film_institutions.create(institution=hidden)
    seen["programme"].partner_institutions.add(hidden)
    create_programme(name_en="Programme of the hidden", institution=hidden, country=country)
    return [hidden]


def tie_draft_institution(seen):
    return tie_institution(seen, publication_state="draft")


def tie_archived_institution(seen):
    return tie_institution(seen, publication_state="archived")


def tie_person(seen, **fields):
    """Create a person that every published record refers to; the newest in a seat, too."""
    hidden = create_person(
        name_en="Xsecret Person", name_ru="Xsecret Человек", country=seen["studio"].country, **fields
    )
    create_person_name(person=hidden, text="Xsecret Spelling")
    position = create_position(
        person=hidden, institution=seen["studio"], title_en="Xsecret post", seat="director", as_of="2025"
    )
    create_contact(position=position, value="xsecret@example.org")
    create_participation(event=seen["event"], person=hidden, role="moderator")
    create_event(name_en="Event of the hidden").participations.create(person=hidden, institution=seen["studio"])
    return [hidden]


def tie_draft_person(seen):
    return tie_person(seen, publication_state="draft")


def tie_withheld_person(seen):
    Film.objects.filter(pk=seen["film"].pk).update(directors=["Xsecret Person", "xsecret spelling", "Somebody"])
    create_participation(event=seen["event"], name="XSECRET Person", institution=seen["studio"])
    return tie_person(seen, withheld=True, publication_state="archived")


def tie_person_withheld_by_an_editor(seen):
    (hidden,) = tie_person(seen)
    Film.objects.filter(pk=seen["film"].pk).update(directors=["Person XSECRET", "Хsecret Person", "Somebody"])
    create_participation(event=seen["event"], name="Person Middle Xsecret", institution=seen["studio"])
    withhold(hidden, reason="letter", note="Xsecret note")
    return [hidden]


def tie_private_contact(seen):
    create_contact(institution=seen["studio"], value="xsecret@example.org", is_public=False)
    create_contact(institution=seen["studio"], kind="website", value="https://xsecret.example.org", is_public=False)
    return []


def tie_private_post(seen):
    person = create_person(name_en="Holder", country=seen["studio"].country)
    create_position(person=person, institution=seen["studio"], title_en="Xsecret post", is_public=False)
    create_position(person=seen["person"], institution=seen["studio"], title_en="Xsecret post", is_public=False)
    return []


def tie_editors_notes(seen):
    for record in seen.values():
        type(record).objects.filter(pk=record.pk).update(editors_note="Xsecret note")
    source = create_source(title="Page", note="Xsecret note on the source")
    create_contact(institution=seen["studio"], note="Xsecret note on the contact", source=source)
    seen["studio"].record_sources.create(source=source, supports=["names"])
    return []


def tie_draft_event(seen):
    hidden = create_event(name_en="Xsecret Event", country=seen["studio"].country, publication_state="draft")
    create_participation(event=hidden, person=seen["person"], institution=seen["studio"])
    return [hidden]


def tie_draft_film(seen):
    hidden = create_film(name_en="Xsecret Film", countries=[seen["studio"].country], publication_state="draft")
    hidden.film_institutions.create(institution=seen["studio"])
    return [hidden]


def tie_draft_programme(seen):
    hidden = create_programme(
        name_en="Xsecret Programme",
        country=seen["studio"].country,
        institution=seen["studio"],
        publication_state="draft",
    )
    hidden.partner_institutions.add(seen["studio"])
    return [hidden]


def tie_changes_of_hidden_things(seen):
    """Create history of what was hidden before, and of what is hidden now."""
    studio = seen["studio"]
    hidden = create_institution(name_en="Xsecret Studio", country=studio.country, publication_state="draft")
    withheld = create_person(name_en="Xsecret Person", withheld=True)
    post = create_position(person=withheld, institution=studio, title_en="Xsecret post")
    contact = create_contact(institution=studio, value="xsecret@example.org", is_public=False)
    with reversion.create_revision():
        reversion.set_comment("Xsecret comment")
        reversion.set_user(create_editor(username="xsecret-editor"))
        for record in (hidden, withheld, post, contact, studio):
            reversion.add_to_revision(record)
    for number, record in enumerate((hidden, withheld, post, contact, studio)):
        with reversion.create_revision():
            reversion.set_user(User.objects.get(username="xsecret-editor"))
            for name in ("editors_note", "remarks_en", "title_en", "department"):
                if hasattr(record, name) and not (record is studio and name == "remarks_en"):
                    setattr(record, name, f"Xsecret {number}")
            record.save()
    studio.founded = "1930"
    with reversion.create_revision():
        reversion.set_user(User.objects.get(username="xsecret-editor"))
        studio.save()
    assert [change.facts for change in RecordChange.objects.all()] == [["founded"]]
    # As if the line of each had been written while it was public.
    for kind, record in [("institution", hidden), ("person", withheld)]:
        RecordChange.objects.create(
            record_kind=kind,
            record_key=record.key,
            country_codes=[studio.country_id],
            changed_at=timezone.now(),
            facts=["names"],
        )
    return [hidden]


# Things that can be hidden side by side: what one of them gives away, none of the others conceals.
WORLDS = {
    "drafts": [tie_draft_institution, tie_draft_person, tie_draft_event, tie_draft_film, tie_draft_programme],
    "archived and withheld": [tie_archived_institution, tie_withheld_person, tie_private_contact],
    "withheld by an editor": [tie_person_withheld_by_an_editor, tie_private_post, tie_editors_notes],
    "history": [tie_changes_of_hidden_things],
}


def body(response):
    """Return the text of the response; of a workbook and of cards, what their readers see."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"%PDF"):
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as workbook:
            return "".join(workbook.read(name).decode() for name in workbook.namelist())
    return content.decode().replace("\r\n ", "")


def said(response):
    """Return status and body; a streamed response is read before the next request."""
    return response.status_code, body(response)


def added_to_list(client, records):
    """Return what the check of a list with the keys and names of these records adds to it."""
    lines = ["id,name", *(f"{record.key},{record.name_en}" for record in records)]
    lines += [f",{record.name_en}" for record in records]
    upload = Upload("\n".join(lines).encode())
    upload.prepare()
    response = client.post("/check/", {"list": upload.kept, "format": "csv", "column-0": "key", "column-1": "name"})
    rows = csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline=""))
    return " ".join(cell for row in rows for cell in row[2:])


def write_letter(institution):
    """Ask the institution to confirm its entry, at its own e-mail address; return the path of the link."""
    create_contact(institution=institution, value="open@example.org")
    write_to(institution)
    return re.search(r"/confirm/[A-Za-z0-9_-]+/", mail.outbox[0].body)[0]


@pytest.mark.parametrize("ties", WORLDS.values(), ids=WORLDS)
def test_hidden_things_are_nowhere(client, seen, ties):
    hidden = [record for tie in ties for record in tie(seen)]
    with translation.override("en"):
        tied = [*seen.values(), *Person.objects.published(), *Programme.objects.published()]
        details = [record.get_absolute_url() for record in tied]
        cards = [f"{seen[kind].get_absolute_url()}{file}" for kind in ("studio", "person") for file in CARDS]
        hidden_pages = [record.get_absolute_url() for record in hidden]

    # Whatever is on the site can be corrected, nothing else; and the institution is asked only about that.
    forms = [
        f"/corrections/new/?record={record_reference(record)}" for record in [*seen.values(), seen["studio"].country]
    ]
    forms.append(f"/this-is-us/{seen['studio'].key}/")
    letter = write_letter(seen["studio"])
    corrections = [f"/corrections/new/?record={record_reference(record)}" for record in hidden]
    corrections += [f"/this-is-us/{record.key}/{page}" for record in hidden for page in ("", "sent/")]

    # Somebody put everything on a list of their own, before or after it was hidden.
    everything = [f"institution/{key}" for key in Institution.objects.values_list("key", flat=True)]
    everything += [f"person/{key}" for key in Person.objects.values_list("key", flat=True)]
    client.post("/my-list/add/", {"record": everything})
    of_everything, _owner_secret = save_list("hand", picked=everything)

    pages = [*LISTS, *FEEDS, "/my-list/", *FILES, *details, *forms, letter]
    pages += [f"/embed{page}" for page in details]
    pages += [f"/ru{page}" for page in [*pages, "/institutions/export/pdf/", f"/people/export/csv/?{EVERY_COLUMN}"]]
    of_programs = [urlsplit(address_of(record)).path for record in tied]
    answers = {path: said(client.get(path)) for path in [*pages, *cards, *EVERY_FORMAT, *FOR_PROGRAMS, *of_programs]}
    of_books = {
        path: said(client.generic("REPORT", path, EVERY_CARD, content_type="application/xml"))
        for path in [*ADDRESS_BOOKS, f"/dav/list-{of_everything.secret}/contacts/"]
    }
    gone = [f"{page}{file}" for page in hidden_pages for file in ("", *CARDS)]
    gone += [*corrections, *(f"/embed{page}" for page in hidden_pages)]
    refused = [client.get(prefix + page).status_code for page in gone for prefix in ("", "/ru")]
    refused += [
        client.get(urlsplit(address_of(record)).path).status_code for record in hidden for _language in range(2)
    ]
    hidden_posts = Position.objects.exclude(pk__in=Position.objects.public()).values_list("pk", flat=True)
    refused_posts = [client.get(f"/api/v1/positions/{number}").status_code for number in hidden_posts]

    added = added_to_list(client, [*tied, *hidden])
    assert "CISFilm" in added
    assert "xsecret" not in added.lower()
    assert {path: status for path, (status, _text) in answers.items() if status != 200} == {}
    assert [path for path, (_status, text) in answers.items() if "xsecret" in text.lower()] == []
    assert {status for status, _text in of_books.values()} == {207}
    assert all("Open Studio" in text and "Open Person" in text for _status, text in of_books.values())
    assert "xsecret" not in "".join(text for _status, text in of_books.values()).lower()
    assert refused == [404, 404] * (len(gone) + len(hidden))
    assert set(refused_posts) <= {404}
    assert "xsecret" not in f"{mail.outbox[0].to} {mail.outbox[0].body}".lower()


@pytest.mark.parametrize("ties", WORLDS.values(), ids=WORLDS)
def test_hidden_things_are_not_found_by_name(client, seen, ties):
    for tie in ties:
        tie(seen)

    for path in SEARCHES:
        text = body(client.get(path)).lower()
        # What the visitor typed is said back to them.
        for typed in [
            "q=xsecret",
            "q%3dxsecret",
            'value="xsecret"',
            '<span class="chip-label">search:</span> xsecret',
            ": xsecret ·",
        ]:
            text = text.replace(typed, "")
        text = re.sub(r'(<meta name="description" content="[^"]*search: )xsecret', r"\1", text)
        assert "xsecret" not in text, path


def create_hidden_deputy(studio, **fields):
    create_position(person=create_person(country=studio.country, **fields), institution=studio, role="deputy")


def test_counts_do_not_tell_of_hidden_things(client, seen):
    def counts():
        filtersets = [client.get(path).context["filterset"] for path in COUNTED]
        home = client.get("/").context
        countries = [(country.code, count) for country, count in home["countries"]]
        facets = [[filterset.qs.count(), *filterset.facets] for filterset in filtersets]
        return facets, home["kinds"], home["institution_count"], countries

    before = counts()
    # A number can only grow by each of them.
    studio = seen["studio"]
    country, draft = studio.country, {"publication_state": "draft"}
    create_institution(name_en="Hidden", country=country, **draft)
    create_institution(name_en="Hidden too", country=country, publication_state="archived")
    create_hidden_deputy(studio, name_en="Hidden", **draft)
    create_hidden_deputy(studio, name_en="Hidden too", withheld=True)
    create_event(name_en="Hidden", country=country, **draft)
    create_film(name_en="Hidden", countries=[country], **draft)
    create_programme(name_en="Hidden", country=country, **draft)

    assert counts() == before
