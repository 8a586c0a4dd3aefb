"""Tests of the editors' site: its functions, and what a form never loses or changes."""

import datetime

import pytest
from django.contrib import admin
from django.urls import reverse
from reversion.models import Version

from cooperation.models import Event, Film
from editors.forms.duplicate_warning import mark_of
from editors.merging.models import Merge
from editors.spreadsheets.models import Import
from institutions.models import Agency, City, Country, Institution, InstitutionContact, Programme, Studio
from people.models import Person, Position, PositionContact
from records.base import PublicationState
from records.keys import PastSlug
from records.link_checks import LinkCheck
from search.models import SuspectedDuplicate
from tests.admin_forms import messages_beside_fields, open_form, page, save
from tests.factories import (
    add_second_factor,
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
from tests.html_page import html_page
from visitors.corrections.models import ConfirmationRequest, Correction, NoMoreLetters

pytestmark = pytest.mark.django_db

# The inbox of proposals is a page of its own kind, with tests of its own.
MODELS = sorted(
    (model for model in admin.site._registry if model._meta.app_label not in ("auth", "accounts", "harvest")),
    key=lambda model: model._meta.label,
)
# Made by the site itself, or by others; editors only look them up or answer.
LOOKED_UP = {
    *(PastSlug, LinkCheck, Import, SuspectedDuplicate, Merge),
    *(Correction, ConfirmationRequest, NoMoreLetters),
}
MODEL_IDS = [model._meta.label for model in MODELS]


@pytest.fixture
def editor():
    return create_editor()


@pytest.fixture
def desk(client, editor):
    """Client of an editor who is logged in."""
    client.force_login(editor)
    return client


def create_full_institution(*, contact_count):
    source = create_source()
    city = create_city()
    institution = create_institution(
        city=city,
        parent=create_institution(name_en="Ministry of Culture", kind="ministry"),
        successor=create_institution(name_en="New Tajikfilm"),
        services=["sound-stages"],
    )
    create_institution_name(institution=institution, text="Таджикфильм", source=source)
    for number in range(contact_count):
        create_contact(institution=institution, kind="phone", value=f"+99237221000{number}", source=source)
        create_stage(institution=institution, name_en=f"Stage {number}")
        create_programme(name_en=f"Programme {number}", institution=institution)
        person = create_person(name_en=f"Person Number{number}")
        create_position(person=person, institution=institution, source=source)
    return institution


# Pages ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS, ids=MODEL_IDS)
def test_change_list_opens_and_searches(desk, model):
    response = desk.get(page(model, "changelist"), {"q": "tajikfilm"})

    assert response.status_code == 200
    assert response.context["cl"].result_count == 0


@pytest.mark.parametrize(
    "model", [model for model in MODELS if model not in LOOKED_UP], ids=lambda model: model._meta.label
)
def test_new_form_opens_with_the_cursor_in_its_first_text_and_not_on_a_button(desk, model):
    response = desk.get(page(model, "add"))

    # A browser shows each error of an untouched form only after sending it.
    assert messages_beside_fields(response) == {}
    tree = html_page(response)
    (focused,) = [element for element in tree.all() if "autofocus" in element.attributes]
    assert (focused.tag, focused.attributes.get("type", "text")) in [("input", "text"), ("input", "url")]
    assert not [script for script in tree.all("script") if "change_form.js" in script.attributes.get("src", "")]


def test_sections_have_a_sentence_for_the_editor_and_rows_stand_after_one_that_exists(rf, editor):
    request = rf.get("/")
    request.user = editor
    for model in MODELS:
        model_admin = admin.site.get_model_admin(model)
        sections = dict(model_admin.get_fieldsets(request))
        for inline in model_admin.inlines:
            assert getattr(inline, "after", None) in [None, *sections], (model, inline)
        if model not in LOOKED_UP:
            assert all(str(options["description"]) for options in sections.values()), model


def test_search_finds_an_institution_by_any_of_its_names(desk):
    institution = create_institution(name_en="Tajikfilm", name_ru="Таджикфильм", key="tj-film")
    create_institution_name(institution=institution, text="Тоҷикфилм")
    create_institution(name_en="Uzbekfilm")

    for words in ["tajikfilm", "Таджикфильм", "Тоҷикфилм", "tj-film"]:
        response = open_form(desk, page(Institution, "changelist") + f"?q={words}")

        assert list(response.context["cl"].result_list) == [institution], words


def test_search_finds_a_country_by_name(desk):
    country = create_country(code="TJ")
    create_country(code="AM")

    for words in ["TJ", "tajik", "Таджикистан"]:
        response = open_form(desk, page(Country, "changelist") + f"?q={words}")

        assert list(response.context["cl"].result_list) == [country], words


@pytest.mark.parametrize("contact_count", [1, 3])
def test_form_of_a_full_institution_opens_at_a_fixed_number_of_queries(desk, contact_count, django_assert_num_queries):
    institution = create_full_institution(contact_count=contact_count)

    # Content types are asked for once and remembered.
    desk.get(page(Institution, "change", institution.pk))
    with django_assert_num_queries(17):
        response = desk.get(page(Institution, "change", institution.pk))

    assert response.status_code == 200


@pytest.mark.parametrize("post_count", [1, 3])
def test_form_of_a_person_opens_at_a_fixed_number_of_queries(desk, post_count, django_assert_num_queries):
    person = create_person(country=create_country())
    institution = create_institution()
    for number in range(post_count):
        create_position(person=person, institution=institution, title_en=f"Post {number}")

    # Content types are asked for once and remembered.
    desk.get(page(Person, "change", person.pk))
    with django_assert_num_queries(15):
        response = desk.get(page(Person, "change", person.pk))

    assert response.status_code == 200


# Entering records ----------------------------------------------------------------------------------------------------


def test_editor_adds_a_studio_with_two_contacts_and_sees_it_on_the_site(desk):
    country = create_country(code="TJ")

    response = save(
        desk,
        page(Studio, "add"),
        name_en="Tajikfilm",
        country=country.pk,
        publication_state="published",
        **{
            "contacts-0-kind": "phone",
            "contacts-0-value": "+992 (37) 221-00-00",
            "contacts-1-kind": "email",
            "contacts-1-value": "Info@Tajikfilm.TJ",
        },
    )

    assert response.status_code == 302, messages_beside_fields(response)
    studio = Institution.objects.get()
    assert (studio.kind, studio.key, studio.slug, studio.is_published) == ("studio", "tj-tajikfilm", "tajikfilm", True)
    assert list(studio.contacts.order_by("pk").values_list("kind", "value", "is_public", "checked_on")) == [
        ("phone", "+992372210000", True, None),
        ("email", "info@tajikfilm.tj", True, None),
    ]
    public_page = desk.get(studio.get_absolute_url())
    assert public_page.status_code == 200
    assert "info@tajikfilm.tj" in public_page.content.decode()


def test_agency_gets_its_kind_from_the_section(desk):
    response = save(desk, page(Agency, "add"), name_en="Agency of Cinema", country=create_country().pk)

    assert response.status_code == 302
    assert Institution.objects.values_list("kind", "publication_state").get() == ("agency", "draft")


def test_keys_and_addresses_of_namesakes_differ(desk):
    country = create_country(code="TJ")
    save(desk, page(Studio, "add"), name_en="Tajikfilm", country=country.pk)
    known = Institution.objects.get()
    save(desk, page(Studio, "add"), name_en="Tajikfilm", country=country.pk, another_one=mark_of(known))

    assert list(Institution.objects.order_by("pk").values_list("key", "slug")) == [
        ("tj-tajikfilm", "tajikfilm"),
        ("tj-tajikfilm-2", "tajikfilm-2"),
    ]


@pytest.mark.parametrize(
    ("model", "fields", "key"),
    [
        (Institution, {"name_en": "Film Fund", "kind": "fund", "is_international": "on"}, "int-film-fund"),
        (Event, {"name_en": "Round Table", "kind": "round-table"}, "round-table"),
        (Film, {"name_en": "The Road Home"}, "the-road-home"),
    ],
)
def test_key_names_no_country_where_there_is_none(desk, model, fields, key):
    save(desk, page(model, "add"), **fields)

    assert model.objects.get().key == key


def test_key_is_made_for_a_city_too(desk):
    save(desk, page(City, "add"), name_en="Khujand", country=create_country(code="TJ").pk)

    assert City.objects.get().key == "tj-khujand"


def test_key_is_never_changed(desk):
    studio = create_institution(name_en="Tajikfilm")

    save(desk, page(Studio, "change", studio.pk), key="another", name_en="Tojikfilm")

    studio.refresh_from_db()
    assert (studio.key, studio.name_en) == ("tajikfilm", "Tojikfilm")


@pytest.mark.parametrize(
    ("name", "message"), [("—!—", "The name needs letters or digits."), ("", "This field is required.")]
)
def test_name_without_letters_is_refused_beside_it(desk, name, message):
    response = save(desk, page(Studio, "add"), name_en=name, country=create_country().pk)

    assert messages_beside_fields(response) == {"name_en": [message]}


def rows_of_contacts(contacts):
    """Return what a browser sends for these kinds and values, each in a row of its own."""
    data = {"contacts-TOTAL_FORMS": len(contacts)}
    for number, (kind, typed, *_) in enumerate(contacts):
        row = f"contacts-{number}"
        data |= {f"{row}-kind": kind, f"{row}-value": typed, f"{row}-order": number}
    return data


def test_contact_is_stored_in_one_form_however_typed(desk):
    contacts = [
        ("phone", "00992 37 221-00-00", "+992372210000"),
        ("phone", "+992 (37) 221-00-01", "+992372210001"),
        ("email", " Info@Example.ORG ", "info@example.org"),
        ("website", "tajikfilm.tj", "https://tajikfilm.tj"),
        ("website", "https://Kazakhfilm.kz/", "https://kazakhfilm.kz"),
        ("address", "43  Bukhoro   Street", "43 Bukhoro Street"),
    ]
    institution = create_institution()

    save(desk, page(Institution, "change", institution.pk), **rows_of_contacts(contacts))

    stored = institution.contacts.order_by("order").values_list("value", flat=True)
    assert list(stored) == [stored for _kind, _typed, stored in contacts]


def test_wrong_contact_comes_back_with_the_reason_beside_it_and_nothing_lost(desk):
    contacts = [
        ("phone", "221", "Write the number with + and the country code, such as +992 37 221 00 00."),
        ("email", "nobody", "This is not an e-mail address."),
        ("website", "ftp://example.org", "Give the full address, with https://."),
    ]
    institution = create_institution()
    data = rows_of_contacts(contacts)

    response = save(desk, page(Institution, "change", institution.pk), description_en="A studio.", **data)

    messages = {f"contacts-{number}-value": [message] for number, (*_, message) in enumerate(contacts)}
    assert messages_beside_fields(response) == messages
    assert response.context["adminform"].form["description_en"].value() == "A studio."
    rows = response.context["inline_admin_formsets"][1].formset.forms
    assert [row["value"].value() for row in rows] == [typed for _kind, typed, _message in contacts]
    institution.refresh_from_db()
    assert institution.description_en == ""


def test_contact_that_is_there_already_is_refused_beside_it(desk):
    institution = create_institution()
    create_contact(institution=institution, kind="phone", value="+992372210000")
    data = {
        "contacts-TOTAL_FORMS": 2,
        "contacts-1-kind": "phone",
        "contacts-1-value": "+992 37 2210000",
        "contacts-1-order": 0,
    }

    response = save(desk, page(Institution, "change", institution.pk), **data)

    assert response.status_code == 200
    assert institution.contacts.count() == 1


def test_two_spellings_of_one_new_contact_are_refused(desk):
    data = {
        "contacts-0-kind": "phone",
        "contacts-0-value": "+992 37 2210000",
        "contacts-1-kind": "phone",
        "contacts-1-value": "+992372210000",
    }

    response = save(desk, page(Studio, "add"), name_en="Tajikfilm", country=create_country().pk, **data)

    assert response.status_code == 200
    assert not Institution.objects.exists()


def test_two_equal_new_posts_without_dates_are_refused(desk):
    person, institution = create_person(), create_institution()
    data = {"positions-TOTAL_FORMS": 2}
    for number in range(2):
        data |= {
            f"positions-{number}-institution": institution.pk,
            f"positions-{number}-title_en": "Director",
            f"positions-{number}-role": "head",
            f"positions-{number}-order": 0,
        }

    response = save(desk, page(Person, "change", person.pk), **data)

    assert messages_beside_fields(response) == {
        "positions-1-__all__": ["The person already has this post from this date."]
    }


def test_rules_of_the_database_are_messages_of_the_form(desk):
    institution = create_institution()
    changes = {"country": "", "founded": "2020", "closed": "2019", "latitude": "38.5", "name_native": "Тоҷикфилм"}

    response = save(desk, page(Institution, "change", institution.pk), **changes)

    messages = messages_beside_fields(response)
    assert messages.keys() == {"__all__"}
    assert sorted(messages["__all__"]) == [
        "A native name needs its language, and a language its name.",
        "Give the country, or mark the institution as international.",
        "Latitude must be -90 to 90, longitude -180 to 180; give both or neither.",
        "The end is before the start.",
    ]


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("parent", "An institution can't be part of itself."),
        ("successor", "An institution can't be its own successor."),
    ],
)
def test_institution_is_not_related_to_itself(desk, field, message):
    institution = create_institution()

    response = save(desk, page(Institution, "change", institution.pk), **{field: institution.pk})

    assert messages_beside_fields(response) == {field: [message]}


def test_lists_and_register_numbers_are_typed_as_text(desk):
    institution = create_institution()

    save(
        desk,
        page(Institution, "change", institution.pk),
        services=["dubbing", "animation"],
        identifiers="OGRN: 1027700167450\nhttps://m.wikidata.org/wiki/q4208095?uselang=ru\nisni: 0000 0004 0462 968x",
    )

    institution.refresh_from_db()
    assert sorted(institution.services) == ["animation", "dubbing"]
    assert institution.identifiers == {
        "ogrn": "1027700167450",
        "wikidata": "Q4208095",
        "isni": "000000040462968X",
    }


def test_names_with_commas_stay_whole(desk):
    programme = create_programme(partners=["Ministry of Culture, Information and Sport"])

    save(desk, page(Programme, "change", programme.pk), summary_en="A laboratory.")

    programme.refresh_from_db()
    assert programme.summary_en == "A laboratory."
    assert programme.partners == ["Ministry of Culture, Information and Sport"]


def test_facts_that_a_source_supports_are_ticked(desk):
    studio = create_institution()
    studio.record_sources.create(source=create_source(), supports=["names", "cameras"])
    address = page(Institution, "change", studio.pk)

    form = html_page(desk.get(address)).one("div", id="id_record_sources-0-supports")
    ticked = {box.attributes["value"]: "checked" in box.attributes for box in form.all("input", type="checkbox")}
    assert [fact for fact in ticked if ticked[fact]] == ["names", "cameras"]
    assert {"founded", "phones", "positions"} <= ticked.keys()

    save(desk, address, **{"record_sources-0-supports": ["founded", "phones", "cameras"]})
    assert studio.record_sources.get().supports == ["founded", "phones", "cameras"]

    save(desk, address, **{"record_sources-0-supports": ["founded"]})
    assert studio.record_sources.get().supports == ["founded"]


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ([], "Select at least one fact that the source supports."),
        (["cameras"], "Select a valid choice. cameras is not one of the available choices."),
    ],
)
def test_source_that_supports_nothing_known_is_refused(desk, facts, message):
    studio = create_institution()
    studio.record_sources.create(source=create_source(), supports=["names"])

    response = save(desk, page(Institution, "change", studio.pk), **{"record_sources-0-supports": facts})

    assert messages_beside_fields(response) == {"record_sources-0-supports": [message]}
    assert studio.record_sources.get().supports == ["names"]


# Checks --------------------------------------------------------------------------------------------------------------


def create_checked_contact(**fields):
    return create_contact(checked_on="2024-03-01", check_method="letter", **fields)


def test_saving_a_form_confirms_nothing(desk):
    institution = create_institution()
    contact = create_checked_contact(institution=institution)

    response = save(desk, page(Institution, "change", institution.pk), description_en="A studio.")
    save(desk, page(InstitutionContact, "change", contact.pk), department="Press", checked_on="2026-01-01")

    assert response.status_code == 302
    contact.refresh_from_db()
    assert (contact.department, contact.checked_on, contact.check_method) == ("Press", "2024-03-01", "letter")


@pytest.mark.parametrize("of", ["institution", "position"])
def test_confirming_chosen_contacts_moves_date_method_and_editor(desk, editor, of):
    contact = create_checked_contact(**{of: create_institution() if of == "institution" else create_position()})
    source = create_source()
    address = page(type(contact), "changelist")

    question = desk.post(address, {"action": "confirm", "_selected_action": [contact.pk]})
    form = question.context["form"]
    response = desk.post(
        question.context["confirm_url"],
        {
            "contacts": str(contact.pk),
            "next": question.context["next"],
            "method": "telephone",
            "checked_on": form["checked_on"].value().isoformat(),
            "source": source.pk,
        },
    )

    assert response.url == address
    contact.refresh_from_db()
    assert contact.checked_on == datetime.date.today().isoformat()
    assert (contact.check_method, contact.checked_by, contact.source) == ("telephone", editor, source)


def test_contact_is_confirmed_from_the_form_of_its_institution(desk, editor):
    studio = create_institution()
    contact = create_checked_contact(institution=studio)
    form_address = page(Studio, "change", studio.pk)
    link = f"{page(InstitutionContact, 'confirm')}?contacts={contact.pk}&next={form_address}"

    assert link.replace("&", "&amp;") in desk.get(form_address).content.decode()
    question = desk.get(link)
    response = desk.post(
        page(InstitutionContact, "confirm"),
        {
            "contacts": str(contact.pk),
            "next": question.context["next"],
            "method": "e-mail",
            "checked_on": "2025-02-03",
        },
    )

    assert response.url == form_address
    contact.refresh_from_db()
    assert (contact.checked_on, contact.check_method, contact.checked_by) == ("2025-02-03", "e-mail", editor)
    assert Version.objects.get_for_object(studio).first().revision.comment == "Confirmed, info@example.org"


def test_all_public_contacts_of_institutions_are_confirmed_at_once(desk):
    institution = create_institution()
    public = create_contact(institution=institution)
    create_contact(institution=institution, value="private@example.org", is_public=False)

    question = desk.post(
        page(Institution, "changelist"), {"action": "confirm_contacts", "_selected_action": [institution.pk]}
    )

    assert [row["contact"] for row in question.context["rows"]] == [public]


@pytest.mark.parametrize(
    ("changes", "field"), [({"checked_on": "2999-01-01"}, "checked_on"), ({"method": "dream"}, "method")]
)
def test_confirming_with_nonsense_comes_back_with_the_reason(desk, changes, field):
    contact = create_contact()
    data = {"contacts": str(contact.pk), "method": "telephone", "checked_on": "2025-02-03"}

    response = desk.post(page(InstitutionContact, "confirm"), data | changes)

    assert list(response.context["form"].errors) == [field]
    contact.refresh_from_db()
    assert contact.checked_on is None


def test_confirming_does_not_lead_to_another_site(desk):
    contact = create_contact()
    data = {"contacts": str(contact.pk), "method": "telephone", "checked_on": "2025-02-03", "next": "//evil.example/"}

    response = desk.post(page(InstitutionContact, "confirm"), data)

    assert response.url == page(InstitutionContact, "changelist")


def test_confirming_needs_the_permission_to_change_contacts(client, django_user_model):
    contact = create_contact()
    client.force_login(add_second_factor(django_user_model.objects.create_user("helper", is_staff=True)))
    data = {"contacts": str(contact.pk), "method": "telephone", "checked_on": "2025-02-03"}

    assert client.get(page(InstitutionContact, "confirm"), data).status_code == 403
    assert client.post(page(InstitutionContact, "confirm"), data).status_code == 403
    contact.refresh_from_db()
    assert contact.checked_on is None


@pytest.mark.parametrize("numbers", ["", "x", "999999"])
def test_confirming_no_contact_is_not_found(desk, numbers):
    assert desk.get(page(InstitutionContact, "confirm"), {"contacts": numbers}).status_code == 404


@pytest.mark.parametrize(
    ("freshness", "expected"),
    [("fresh", ["a@example.org"]), ("ageing", ["b@example.org"]), ("unconfirmed", ["c@example.org", "d@example.org"])],
)
def test_contacts_are_listed_by_freshness(desk, freshness, expected):
    institution = create_institution()
    today = datetime.date.today()
    days = {
        "a": today,
        "b": today - datetime.timedelta(days=500),
        "c": today - datetime.timedelta(days=1000),
        "d": None,
    }
    for name, day in days.items():
        check = {"checked_on": day.isoformat(), "check_method": "letter"} if day else {}
        create_contact(institution=institution, value=f"{name}@example.org", **check)

    response = desk.get(page(InstitutionContact, "changelist"), {"freshness": freshness})

    assert [contact.value for contact in response.context["cl"].result_list] == expected


# Publication, withholding, history -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("action", "state"), [("publish", "published"), ("archive", "archived")])
def test_chosen_records_are_published_or_archived(desk, action, state):
    records = [create_institution(name_en=name, publication_state="draft") for name in ["One", "Two"]]

    desk.post(
        page(Institution, "changelist"), {"action": action, "_selected_action": [record.pk for record in records]}
    )

    assert {record.publication_state for record in Institution.objects.all()} == {state}
    revisions = {Version.objects.get_for_object(record).first().revision for record in records}
    assert len(revisions) == 2


def test_withheld_person_is_not_published_by_an_action(desk):
    person = create_person(withheld=True)

    response = desk.post(
        page(Person, "changelist"), {"action": "publish", "_selected_action": [person.pk]}, follow=True
    )

    person.refresh_from_db()
    assert person.publication_state == PublicationState.ARCHIVED
    assert "A withheld person can&#x27;t be published" in response.content.decode()


def test_withholding_a_published_person_archives_them_and_erases_their_history(desk):
    person, institution = create_person(name_en="Nobody Known"), create_institution()
    create_person_name(person=person, text="Никто Известный")
    position = create_position(person=person, institution=institution)
    contact = create_contact(position=position)
    event = create_event()
    create_participation(event=event, person=person)
    save(desk, page(Person, "change", person.pk), remarks_en="First.")
    save(desk, page(Position, "change", position.pk), title_ru="Директор")
    save(desk, page(PositionContact, "change", contact.pk), department="Press")
    save(desk, page(Institution, "change", institution.pk), description_en="A studio.")
    save(desk, page(type(event), "change", event.pk), summary_en="A meeting.")
    assert Version.objects.filter(serialized_data__contains="Nobody Known").exists()

    response = desk.post(
        reverse("admin:people_person_withhold"), {"people": person.pk, "reason": "letter", "understood": "on"}
    )
    save(desk, page(Institution, "change", institution.pk), description_en="Another studio.")
    save(desk, page(type(event), "change", event.pk), summary_en="Another meeting.")

    assert response.status_code == 302
    person.refresh_from_db()
    assert (person.withheld, person.publication_state, person.remarks_en) == (True, "archived", "")
    assert sorted(set(Version.objects.values_list("content_type__model", flat=True))) == ["event", "institution"]
    assert not any("Nobody" in comment for comment in Version.objects.values_list("revision__comment", flat=True))
    # The first page tells what was saved before.
    desk.get(reverse("admin:index"))
    assert "Nobody Known" not in desk.get(reverse("admin:index")).content.decode()


def test_bringing_a_version_back_brings_its_rows_back(desk):
    institution = create_institution()
    contact = create_contact(institution=institution)
    address = page(Institution, "change", institution.pk)
    save(desk, address, description_en="First.")
    version = Version.objects.get_for_object(institution).first()
    save(desk, address, description_en="Second.", **{"contacts-0-DELETE": "on"})
    assert not InstitutionContact.objects.exists()

    assert desk.get(page(Institution, "history", institution.pk)).status_code == 200
    response = save(desk, page(Institution, "revision", institution.pk, version.pk))

    assert response.status_code == 302
    institution.refresh_from_db()
    assert institution.description_en == "First."
    assert [row.value for row in institution.contacts.all()] == [contact.value]


@pytest.mark.parametrize("way", ["form", "action"])
def test_state_before_the_first_change_can_be_brought_back(desk, way):
    institution = create_institution(description_en="As imported.")
    contact = create_contact(institution=institution)
    address = page(Institution, "change", institution.pk)
    if way == "form":
        save(desk, address, description_en="Changed.", **{"contacts-0-DELETE": "on"})
    else:
        desk.post(page(Institution, "changelist"), {"action": "archive", "_selected_action": [institution.pk]})
        InstitutionContact.objects.all().delete()
    first = Version.objects.get_for_object(institution).last()

    save(desk, page(Institution, "revision", institution.pk, first.pk))

    institution.refresh_from_db()
    assert (institution.description_en, institution.publication_state) == ("As imported.", "published")
    assert [row.value for row in institution.contacts.all()] == [contact.value]


def test_bringing_a_version_back_keeps_later_checks_and_addresses(desk):
    institution = create_institution(name_en="Tajikfilm", slug="first")
    contact = create_contact(institution=institution)
    address = page(Institution, "change", institution.pk)
    save(desk, address, description_en="First.")
    version = Version.objects.get_for_object(institution).first()
    save(desk, address, description_en="Second.", slug="second")
    contact.confirm(method="letter")

    save(desk, page(Institution, "revision", institution.pk, version.pk))

    contact.refresh_from_db()
    institution.refresh_from_db()
    assert (contact.check_method, contact.checked_on) == ("letter", datetime.date.today().isoformat())
    assert institution.slug == "first"
    assert sorted(PastSlug.objects.values_list("slug", flat=True)) == ["first", "second"]


def test_page_of_an_old_version_offers_no_actions(desk):
    institution = create_institution(name_en="Tajikfilm")
    address = page(Institution, "change", institution.pk)
    save(desk, address)
    version = Version.objects.get_for_object(institution).first()
    save(desk, address, name_en="Tojikfilm")

    old = desk.get(page(Institution, "revision", institution.pk, version.pk))

    assert desk.get(address).context["action_form"] is not None
    assert old.context["action_form"] is None
    institution.refresh_from_db()
    assert institution.name_en == "Tojikfilm"


def test_deleted_record_can_be_recovered(admin_client):
    studio = create_institution(name_en="Tajikfilm")
    create_contact(institution=studio)
    save(admin_client, page(Studio, "change", studio.pk), description_en="A studio.")
    version = Version.objects.get_for_object(studio).first()
    admin_client.post(page(Studio, "delete", studio.pk), {"post": "yes"})
    assert not Institution.objects.exists()

    deleted = admin_client.get(page(Studio, "recoverlist"), follow=True).context["deleted"]
    assert [entry.object_repr for entry in deleted] == ["Tajikfilm"]
    save(admin_client, page(Institution, "recover", version.pk))

    assert Institution.objects.get().contacts.count() == 1


# Permissions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "create",
    [
        create_institution,
        create_person,
        create_event,
        create_film,
        create_source,
        create_country,
        create_city,
        create_programme,
    ],
)
def test_editor_deletes_no_record(desk, create):
    record = create()

    assert desk.post(page(type(record), "delete", record.pk), {"post": "yes"}).status_code == 403
    assert type(record).objects.filter(pk=record.pk).exists()


@pytest.mark.parametrize("address", ["admin:auth_user_changelist", "admin:auth_group_changelist"])
def test_editor_does_not_see_accounts(desk, address):
    assert desk.get(reverse(address)).status_code == 403


def test_admin_is_closed_to_those_who_are_not_staff(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("reader"))
    autocomplete = {"app_label": "institutions", "model_name": "institution", "field_name": "parent", "term": "a"}

    assert client.get(page(Institution, "changelist")).status_code == 302
    assert client.get(reverse("admin:autocomplete"), autocomplete).status_code == 302


def test_staff_without_permission_find_nobody_in_a_search_box(client, django_user_model):
    create_person(name_en="Hidden Person", withheld=True)
    client.force_login(add_second_factor(django_user_model.objects.create_user("helper", is_staff=True)))
    query = {"app_label": "people", "model_name": "position", "field_name": "person", "term": "hidden"}

    assert client.get(reverse("admin:autocomplete"), query).status_code == 403


def test_editor_finds_records_in_a_search_box(desk):
    institution = create_institution(name_ru="Таджикфильм")
    query = {"app_label": "people", "model_name": "position", "field_name": "institution", "term": "таджик"}

    found = desk.get(reverse("admin:autocomplete"), query).json()["results"]

    assert found == [{"id": str(institution.pk), "text": "Tajikfilm"}]


@pytest.mark.parametrize("address", ["admin:index", "account_login"])
def test_pages_name_the_site_and_lead_to_it(client, address):
    if address == "admin:index":
        client.force_login(create_editor())
    html = client.get(reverse(address)).content.decode()

    assert "CISFilm: editors" in html
    if address == "admin:index":
        assert '<a href="/">View site</a>' in html
