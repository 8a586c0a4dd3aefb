"""Tests of withholding: what is deleted, what stays, and how the person is recognised."""

import datetime
import json

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.urls import reverse
from reversion.models import Revision, Version

from cooperation.models import Event, Film, Participation
from editors.withholding.eraser import Eraser
from editors.withholding.withhold import ERASERS, withhold
from institutions.models import Institution
from people.models import Person, PersonName, Position, PositionContact
from people.withheld_names import WithheldNames, is_withheld
from records.models import ImportedRecord, Source
from tests.admin_forms import messages_beside_fields, page, save
from tests.factories import (
    add_second_factor,
    create_contact,
    create_country,
    create_editor,
    create_event,
    create_film,
    create_institution,
    create_participation,
    create_person,
    create_person_name,
    create_position,
    create_source,
)

pytestmark = pytest.mark.django_db

WITHHOLD = "/admin/people/person/withhold/"
ASKED = {"reason": "letter", "note": "Letter of 3 May.", "understood": "on"}


@pytest.fixture
def desk(client):
    client.force_login(create_editor())
    return client


@pytest.fixture
def anna():
    """Person with everything that the directory can hold about her."""
    source = create_source(title="Interview")
    person = create_person(
        name_en="Anna Berg",
        name_ru="Анна Берг",
        key="tj-anna-berg",
        country=create_country(),
        given_name_en="Anna",
        family_name_ru="Берг",
        form_of_address_en="Dear Ms Berg",
        remarks_en="Sources differ.",
        editors_note="Prefers letters.",
    )
    create_person_name(person=person, text="Ann Berg", source=source, since="2020")
    person.record_sources.create(source=source, supports=["names"])
    position = create_position(person=person, institution=create_institution(name_en="Open Studio"), source=source)
    create_contact(position=position, value="anna@example.org")
    return person


# What goes and what stays --------------------------------------------------------------------------------------------


def test_only_what_is_needed_to_refuse_them_stays(anna):
    ImportedRecord.objects.create(kind="person", key=anna.key)

    withhold(anna, reason="letter", note="Letter of 3 May.")

    stored = Person.objects.get()
    kept = {
        field.name for field in Person._meta.concrete_fields if getattr(stored, field.attname) not in ("", None, {})
    }
    assert kept == {
        *("id", "key", "slug", "name_en", "name_ru", "sort_key_en", "sort_key_ru", "publication_state"),
        *("created_at", "updated_at", "withheld", "withheld_on", "withheld_reason", "withheld_note"),
    }
    assert (stored.publication_state, stored.withheld_on) == ("archived", datetime.date.today())
    assert list(PersonName.objects.values_list("text", "source", "since")) == [("Ann Berg", None, None)]
    assert not any(model.objects.exists() for model in (Position, PositionContact, ImportedRecord))
    assert not stored.record_sources.exists()


def test_nobody_else_gets_the_address_and_nobody_answers_there(client, anna):
    address = anna.get_absolute_url()
    withhold(anna, reason="letter")

    assert client.get(address).status_code == 404
    assert create_person(name_en="Anna Berg", key="other").get_absolute_url() != address


def test_events_and_films_forget_the_person_in_any_spelling(anna):
    studio, event = Institution.objects.get(), create_event()
    create_participation(event=event, person=anna, institution=studio)
    create_participation(event=event, name="Берг Анна Петровна", role="speaker")
    create_participation(event=event, name="Anna Bergman", role="moderator")
    film = create_film(
        directors=["ANNA BERG", "Анна Берг", "Anna Bergman"], other_partners=["Ann Berg", "Anna Berg Studio"]
    )

    withhold(anna, reason="letter")

    film.refresh_from_db()
    assert (film.directors, film.other_partners) == (["Anna Bergman"], ["Anna Berg Studio"])
    assert {(row.name, row.institution, row.person) for row in Participation.objects.all()} == {
        ("Anna Bergman", None, None),
        ("", studio, None),
    }


def test_studio_that_took_part_anyway_is_not_there_twice(anna):
    studio, event = Institution.objects.get(), create_event()
    create_participation(event=event, institution=studio)
    create_participation(event=event, person=anna, institution=studio)

    withhold(anna, reason="letter")

    assert Participation.objects.get().institution == studio


def test_sources_go_that_nothing_else_rests_on(anna):
    shared = create_source(url="https://example.org/shared", title="Shared page")
    Position.objects.update(source=shared)
    Institution.objects.get().record_sources.create(source=shared, supports=["names"])
    ImportedRecord.objects.create(kind="source", key="https://example.org/about")

    withhold(anna, reason="letter")

    assert list(Source.objects.values_list("title", flat=True)) == ["Shared page"]
    assert not ImportedRecord.objects.exists()


def test_history_of_other_records_forgets_the_name(desk, anna):
    film = create_film(directors=["БЕРГ АННА", "Anna Berg", "Кто Ещё"])
    event = create_event()
    create_participation(event=event, name="Анна Берг")
    studio = Institution.objects.get()
    save(desk, page(Film, "change", film.pk), summary_en="A film by Anna Berg and others.")
    save(desk, page(Event, "change", event.pk), summary_en="A meeting.")
    save(desk, page(Institution, "change", studio.pk), description_en="Led by ANNA BERG.")
    Revision.objects.update(comment="Changed Anna Berg.")
    assert LogEntry.objects.exists()

    withhold(anna, reason="letter")

    remembered = [*Version.objects.values_list("serialized_data", "object_repr", "revision__comment")]
    remembered += LogEntry.objects.values_list("object_repr", "change_message")
    text = str(remembered).lower()
    assert "anna berg" not in text
    assert "анна берг" not in text
    old_film = json.loads(Version.objects.get_for_object(film).first().serialized_data)[0]["fields"]
    assert (old_film["directors"], old_film["summary_en"]) == (json.dumps(["Кто Ещё"]), "A film by … and others.")
    assert Version.objects.get_for_object(studio).exists()


def test_failure_on_the_way_takes_nothing_away(anna):
    ERASERS.append(Eraser("Broken", lambda person: [], lambda person: 1 / 0))
    try:
        with pytest.raises(ZeroDivisionError):
            withhold(anna, reason="letter")
    finally:
        ERASERS.pop()

    anna.refresh_from_db()
    assert (anna.withheld, anna.positions.count()) == (False, 1)


# Knowing them again --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "asked", "is_known"),
    [
        ({"name_en": "Anna Berg"}, "Anna Berg", True),
        ({"name_en": "Anna Berg"}, "ANNA  BERG", True),
        ({"name_en": "Anna Berg"}, "Berg, Anna", True),
        ({"name_en": "Anna Berg"}, "Анна Берг", True),
        ({"name_en": "Anna Berg"}, "Анна Петровна Берг", True),
        ({"name_en": "Anna Petrovna Berg"}, "Анна Берг", True),
        ({"name_en": "Mahmadsaid Shohiyon"}, "Маҳмадсаид Шоҳиён", True),
        ({"name_en": "Firdavs Abduxoliqov"}, "Фирдавс Абдухаликов", False),
        ({"name_en": "Firdavs Abduxoliqov", "name_ru": "Фирдавс Абдухаликов"}, "Firdavs Abdukhalikov", True),
        (
            {"name_en": "Armen Sargsyan", "name_native": "Արմեն Սարգսյան", "native_language": "hy"},
            "Армен Саргсян",
            True,
        ),
        ({"name_en": "Anna Berg"}, "Anna Bergman", False),
        ({"name_en": "Anna Berg"}, "Anna Berg film studio", False),
        ({"name_en": "Anna Berg"}, "Anna", False),
        ({"name_en": "Anna Berg"}, "Ivan Berg", False),
        ({"name_en": "Anna Berg"}, "—", False),
        ({"name_en": "Anna Berg"}, "", False),
        ({"name_en": "Madonna"}, "Мадонна", True),
        ({"name_en": "Madonna"}, "Madonna Berg", False),
    ],
)
def test_withheld_person_is_known_again_across_scripts(known, asked, is_known):
    person = create_person(withheld=True, key="anna", **known)
    create_person(name_en="Listed Person")

    assert is_withheld(["Somebody Else", asked]) == (person if is_known else None)


def test_other_names_are_known_as_well_and_listed_people_are_not():
    person = create_person(name_en="Anna Berg", withheld=True)
    create_person_name(person=person, text="Anna Testova")
    create_person(name_en="Ivan Testov")

    assert is_withheld(["Анна Тестова"]) == person
    assert is_withheld(["Ivan Testov"]) is None


def test_recognition_asks_the_database_twice_however_many_names(django_assert_num_queries):
    create_person(name_en="Anna Berg", withheld=True)
    with django_assert_num_queries(2):
        names = WithheldNames.read()
        assert [bool(names.find(name)) for name in ["Анна Берг", "Ivan Berg"] * 10] == [True, False] * 10


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (
            lambda: Participation(event=create_event(), name="Анна Берг"),
            {"name": ["Анна Берг asked not to be listed."]},
        ),
        (lambda: Film(name_en="Film", directors=["Anna Berg"]), {"directors": ["Anna Berg asked not to be listed."]}),
        (
            lambda: Film(name_en="F", other_partners=["Anna Berg"]),
            {"other_partners": ["Anna Berg asked not to be listed."]},
        ),
    ],
)
def test_name_can_not_be_typed_where_people_have_no_record(record, message):
    create_person(name_en="Anna Berg", withheld=True)

    with pytest.raises(ValidationError) as refusal:
        record().clean()

    assert refusal.value.message_dict == message


# The admin -----------------------------------------------------------------------------------------------------------


def test_page_shows_what_vanishes_and_where_the_name_stands_elsewhere(desk, anna):
    studio = Institution.objects.get()
    Institution.objects.update(description_en="Led by Anna Berg.", remarks_ru="Анна Берг.")
    source = create_source(url="https://example.org/anna", title="Talk with anna berg")
    create_participation(event=create_event(name_en="Forum"), person=anna)
    create_film(directors=["Анна Берг"], name_en="Road")
    twin = create_person(name_en="Берг Анна", key="twin")

    (entry,) = desk.get(f"{WITHHOLD}?people={anna.pk}").context["people"]

    assert {str(label): lines for label, lines in entry["vanishes"]} == {
        "Posts": ["Director, Open Studio"],
        "Contacts of posts": ["anna@example.org"],
        "Sources, unless other records use them": ["Interview"],
        "At events": ["Anna Berg, Forum"],
        "In film records": ["Road"],
    }
    assert entry["namesakes"] == [twin]
    assert {(str(mention["record"]), mention["fields"], mention["address"]) for mention in entry["mentions"]} == {
        ("Open Studio", "Remarks on the sources, in Russian, Description", page(Institution, "change", studio.pk)),
        ("Talk with anna berg", "Title", page(Source, "change", source.pk)),
    }


def test_form_leads_to_the_page_and_the_answer_is_stored(desk, anna):
    form = desk.get(page(Person, "change", anna.pk)).content.decode()
    assert f'href="{WITHHOLD}?people={anna.pk}"' in form

    response = desk.post(WITHHOLD, {"people": anna.pk, **ASKED}, follow=True)

    anna.refresh_from_db()
    assert (anna.withheld, anna.withheld_reason, anna.withheld_note) == (True, "letter", "Letter of 3 May.")
    assert "1 person is withheld." in response.content.decode()
    entry = LogEntry.objects.get()
    assert (entry.object_repr, entry.change_message) == ("Somebody who asked not to be listed", "Withheld")


def test_several_people_are_withheld_together(desk, anna):
    boris = create_person(name_en="Boris Probin")

    response = desk.post(
        page(Person, "changelist"), {"action": "withhold_people", "_selected_action": [anna.pk, boris.pk]}
    )
    shown = desk.get(response.url)
    desk.post(WITHHOLD, {"people": f"{anna.pk},{boris.pk}", **ASKED})

    assert [entry["person"] for entry in shown.context["people"]] == [anna, boris]
    assert Person.objects.withheld().count() == 2


@pytest.mark.parametrize("missing", ["reason", "understood"])
def test_reason_and_the_mark_are_asked_for_and_nothing_typed_is_lost(desk, anna, missing):
    response = desk.post(WITHHOLD, {"people": anna.pk, **ASKED, missing: ""})

    assert list(response.context["form"].errors) == [missing]
    assert response.context["form"]["note"].value() == "Letter of 3 May."
    assert not Person.objects.withheld().exists()


@pytest.mark.parametrize("people", ["", "x", "999999", "9" * 30])
def test_withholding_nobody_is_not_found(desk, people):
    assert desk.get(WITHHOLD, {"people": people}).status_code == 404
    assert desk.post(WITHHOLD, {"people": people, **ASKED}).status_code == 404


def test_one_who_is_gone_withholds_none(desk, anna):
    assert desk.post(WITHHOLD, {"people": f"{anna.pk},999999", **ASKED}).status_code == 404
    assert not Person.objects.withheld().exists()


def test_withholding_needs_the_permission_to_change_people(client, anna, django_user_model):
    client.force_login(add_second_factor(django_user_model.objects.create_user("helper", is_staff=True)))

    assert client.get(WITHHOLD, {"people": anna.pk}).status_code in (403, 404)
    assert client.post(WITHHOLD, {"people": anna.pk, **ASKED}).status_code in (403, 404)
    assert not Person.objects.withheld().exists()


@pytest.mark.parametrize("withheld", ["", "on"])
def test_form_neither_withholds_nor_brings_back(desk, withheld):
    listed = create_person(name_en="Listed Person")
    hidden = create_person(name_en="Anna Berg", withheld=True)

    for person in (listed, hidden):
        save(desk, page(Person, "change", person.pk), withheld=withheld, publication_state="published")

    assert list(Person.objects.withheld()) == [hidden]
    hidden.refresh_from_db()
    assert hidden.publication_state == "archived"


def test_form_of_somebody_withheld_has_names_and_reason_only(desk):
    person = create_person(name_en="Anna Berg", withheld=True, withheld_reason="letter")

    response = desk.get(page(Person, "change", person.pk))

    sections = [options["fields"] for _name, options in response.context["adminform"].fieldsets]
    assert sections == [
        ["name_en", "name_ru", ("name_native", "native_language")],
        ["withheld", "withheld_on", "withheld_reason", "withheld_note"],
    ]
    assert [inline.opts.model for inline in response.context["inline_admin_formsets"]] == [PersonName]
    assert "letter from the person" in response.content.decode()
    assert "Withhold…" not in response.content.decode()


def test_new_record_with_such_a_name_is_refused_until_the_editor_is_sure(desk):
    create_person(name_en="Anna Berg", withheld=True)

    refused = save(desk, page(Person, "add"), name_en="Берг Анна")
    assert messages_beside_fields(refused) == {
        "is_namesake": ["Somebody of this name asked not to be listed."],
    }
    assert Person.objects.count() == 1

    response = save(desk, page(Person, "add"), name_en="Берг Анна", is_namesake="on")
    assert response.status_code == 302
    assert Person.objects.filter(withheld=False).count() == 1


def test_nobody_withheld_is_offered_in_a_search_box_or_taken_from_it(desk):
    person = create_person(name_en="Anna Berg", withheld=True)
    query = {"app_label": "people", "model_name": "position", "field_name": "person", "term": "anna"}

    assert desk.get(reverse("admin:autocomplete"), query).json()["results"] == []
    save(desk, page(Position, "add"), person=person.pk, body_name="Guild", title_en="Chair")
    assert not Position.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_page_opens_at_a_fixed_number_of_queries(desk, anna, count, django_assert_num_queries):
    event = create_event()
    for number in range(count):
        create_participation(event=event, name=f"Somebody {number}")
        position = create_position(person=anna, body_name=f"Guild {number}")
        create_contact(position=position, value=f"{number}@example.org")
        Institution.objects.update(description_en="Anna Berg")
    address = f"{WITHHOLD}?people={anna.pk}"

    desk.get(address)
    with django_assert_num_queries(55):
        desk.get(address)
