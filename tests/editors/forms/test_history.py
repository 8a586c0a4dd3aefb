"""Tests of the history: who changed what and when, field by field; and of restoring and undeleting."""

import datetime

import pytest
import reversion
from django.urls import reverse
from reversion.models import Version

from cooperation.models import Film
from editors.accounts.models import CountryLimit
from editors.withholding.withhold import withhold
from institutions.models import Country, Institution, InstitutionContact, Programme, Studio
from people.models import Person, Position, PositionContact
from records.keys import PastSlug
from search.rebuilding import rebuild_changed
from tests.admin_forms import open_form, page, posted, save
from tests.factories import (
    add_second_factor,
    create_city,
    create_contact,
    create_country,
    create_editor,
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

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(create_editor())
    return client


def change(client, record, **changes):
    response = save(client, page(type(record), "change", record.pk), **changes)
    assert response.status_code == 302
    return response


def history(client, record):
    return open_form(client, page(type(record), "history", record.pk)).context["revisions"]


def told(difference):
    """Return the difference as an editor reads it."""
    fields = [(each.label, each.old_in_words, each.new_in_words) for each in difference.fields]
    rows = [
        (row.what, row.name, [(each.label, each.old_in_words, each.new_in_words) for each in row.fields])
        for row in difference.rows
    ]
    return fields, rows


def newest(client, record):
    return told(history(client, record)[0].difference)


# Told in words -------------------------------------------------------------------------------------------------------


def test_fields_are_told_with_old_and_new_value_in_words(desk):
    city = create_city()
    studio = create_institution(ownership="state", parent=create_institution(name_en="Ministry"))

    change(
        desk,
        studio,
        ownership="private",
        founded="1930-05",
        city=city.pk,
        services=["dubbing"],
        parent="",
        is_international=None,
        identifiers="ogrn: 1027700167450",
    )

    assert newest(desk, studio) == (
        [
            ("City", "", "Dushanbe"),
            ("Part of", "Ministry", ""),
            ("Ownership", "state", "private"),
            ("Founded", "", "May 1930"),
            ("Services", "", "dubbing"),
            ("Ids in registers", "", "ogrn: 1027700167450"),
        ],
        [],
    )


def test_rows_are_told_as_added_changed_and_removed(desk):
    studio = create_institution()
    create_contact(institution=studio, value="a@example.org")
    create_contact(institution=studio, value="b@example.org")
    create_institution_name(institution=studio, text="Old name", kind="former")

    change(
        desk,
        studio,
        **{
            "contacts-0-department": "Press",
            "contacts-0-is_public": None,
            "contacts-1-DELETE": "on",
            "stages-TOTAL_FORMS": 1,
            "stages-0-name_en": "Stage 1",
            "stages-0-area_m2": "600",
            "stages-0-order": "0",
            "other_names-0-until": "1991",
        },
    )

    fields, rows = newest(desk, studio)
    assert fields == []
    assert sorted(rows) == [
        ("added", "Stage 1", [("Name", "", "Stage 1"), ("Area, m²", "", "600")]),
        ("changed", "Old name", [("Until", "", "1991")]),
        ("changed", "a@example.org", [("Department", "", "Press"), ("Public", "yes", "no")]),
        (
            "removed",
            "b@example.org",
            [("Kind", "e-mail", ""), ("Number, address or link", "b@example.org", "")],
        ),
    ]


def test_related_records_of_a_programme_are_told_by_name(desk):
    programme = create_programme()
    partners = [create_institution(name_en=name) for name in ("One", "Two")]

    change(desk, programme, partner_institutions=[partner.pk for partner in partners], partners="Fund\nBank")

    assert newest(desk, programme)[0] == [
        ("Other partners", "", "Fund; Bank"),
        ("Partner institutions", "", "One; Two"),
    ]


def test_page_says_who_changed_what_newest_first_and_without_numbers_of_records(desk):
    studio = create_institution(description_en="First.")
    create_position(institution=studio, person=create_person(name_en="Anna Berg"))
    change(desk, studio, description_en="Second.")
    change(desk, studio, description_en="Third.", **{"positions-0-title_en": "Head"})

    response = desk.get(page(Institution, "history", studio.pk))

    html = response.content.decode()
    assert html.index("Third.") < html.index("First.")
    assert "editor" in html
    assert "Anna Berg, Head, Tajikfilm" in html
    assert [
        revision.revision.user and revision.revision.user.username for revision in response.context["revisions"]
    ] == [
        "editor",
        "editor",
        None,
    ]
    assert '[{"' not in html
    assert "style=" not in html


def test_history_in_russian_is_in_russian(desk):
    studio = create_institution(ownership="state")
    change(desk, studio, ownership="private")
    change(desk, studio)

    response = desk.get(f"/ru{page(Institution, 'history', studio.pk)}")

    html = response.content.decode()
    assert "Восстановить эту версию" in html
    assert "Ни одно поле не изменено." in html
    assert told(response.context["revisions"][1].difference)[0] == [
        ("Форма собственности", "государственная", "частная")
    ]


def test_check_of_a_contact_is_told(desk):
    contact = create_contact()
    check = {"contacts": str(contact.pk), "method": "telephone", "checked_on": "2025-02-03"}
    desk.post(page(InstitutionContact, "confirm"), check)

    ((_what, name, fields),) = newest(desk, contact.institution)[1]
    assert name == "info@example.org"
    assert fields == [
        ("Checked on", "", "3 February 2025"),
        ("Checked by", "", "telephone"),
        ("Editor who checked", "", "editor"),
    ]


def test_post_changed_in_the_form_of_the_institution_stands_in_the_history_of_the_person(desk):
    position = create_position()
    change(desk, position.person)
    change(desk, position.institution, description_en="Nothing about the person.")

    change(desk, position.institution, **{"positions-0-until": "2025"})

    assert newest(desk, position.person) == ([], [("changed", str(position), [("Until", "", "2025")])])
    assert len(history(desk, position.person)) == 3


def test_row_changed_added_and_deleted_on_its_own_page_stands_in_the_history_of_its_record(desk):
    studio = create_institution()
    contact = create_contact(institution=studio)

    change(desk, contact, department="Press")
    assert newest(desk, studio)[1] == [("changed", "info@example.org", [("Department", "", "Press")])]

    save(desk, page(InstitutionContact, "add"), institution=studio.pk, kind="email", value="b@example.org")
    assert [(what, name) for what, name, _fields in newest(desk, studio)[1]] == [("added", "b@example.org")]

    desk.post(page(InstitutionContact, "delete", contact.pk), {"post": "yes"})
    assert [(what, name) for what, name, _fields in newest(desk, studio)[1]] == [("removed", "info@example.org")]
    assert history(desk, studio)[0].revision.user.username == "editor"


def test_what_an_import_changed_stands_apart_from_what_the_editor_changed(desk):
    studio = create_institution()
    change(desk, studio, founded="1930")
    Institution.objects.update(postal_code="734025")
    create_contact(institution=studio)

    change(desk, studio, description_en="A studio.")

    by_editor, by_import = history(desk, studio)[:2]
    assert (by_editor.revision.user.username, by_import.revision.user) == ("editor", None)
    assert told(by_editor.difference) == ([("Description", "", "A studio.")], [])
    assert told(by_import.difference)[0] == [("Postal code", "", "734025")]
    assert told(by_import.difference)[1][0][:2] == ("added", "info@example.org")


def test_history_comes_in_pages(desk):
    studio = create_institution()
    change(desk, studio, founded="1900")
    for year in range(1901, 1925):
        with reversion.create_revision():
            studio.founded = str(year)
            studio.save()
    address = page(Institution, "history", studio.pk)

    first, second = desk.get(address), desk.get(address, {"p": 2})

    assert [len(response.context["revisions"]) for response in (first, second)] == [20, 6]
    # The oldest change of the first page is compared with the newest state of the second.
    assert told(first.context["revisions"][-1].difference)[0] == [("Founded", "1904", "1905")]
    assert told(second.context["revisions"][0].difference)[0] == [("Founded", "1903", "1904")]
    assert 'href="?p=2"' in first.content.decode()
    assert desk.get(address, {"p": "nonsense"}).status_code == 200


def test_record_without_history_says_so(desk):
    studio = create_institution()

    assert "This record has not been edited yet." in desk.get(page(Institution, "history", studio.pk)).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_history_opens_at_a_fixed_number_of_queries(desk, count, django_assert_num_queries):
    studio = create_institution()
    for number in range(count):
        create_contact(institution=studio, value=f"a{number}@example.org")
        create_position(institution=studio, person=create_person(name_en=f"No{number} Body"))
    for number in range(count):
        change(desk, studio, founded=str(1900 + number), city=create_city(name_en=f"City {number}").pk)
    address = page(Institution, "history", studio.pk)
    desk.get(address)

    with django_assert_num_queries(26):
        desk.get(address)


def test_somebody_without_permission_sees_no_history(client, django_user_model):
    studio = create_institution()
    client.force_login(add_second_factor(django_user_model.objects.create_user("helper", is_staff=True)))

    assert client.get(page(Institution, "history", studio.pk)).status_code == 403


# Bringing back -------------------------------------------------------------------------------------------------------


def test_preview_tells_what_bringing_back_would_change(desk):
    studio = create_institution(description_en="First.")
    create_contact(institution=studio, value="a@example.org")
    change(desk, studio, description_en="Second.", **{"contacts-0-DELETE": "on"})
    first = Version.objects.get_for_object(studio).last()

    response = desk.get(page(Institution, "revision", studio.pk, first.pk))

    fields, rows = told(response.context["preview"].difference)
    assert fields == [("Description", "Second.", "First.")]
    assert [(what, name) for what, name, _fields in rows] == [("added", "a@example.org")]
    assert "What would change" in response.content.decode()
    studio.refresh_from_db()
    assert studio.description_en == "Second."


def test_what_changed_after_the_preview_is_not_overwritten(desk):
    studio = create_institution(description_en="First.")
    change(desk, studio, description_en="Second.")
    first = Version.objects.get_for_object(studio).last()
    address = page(Institution, "revision", studio.pk, first.pk)
    data = posted(open_form(desk, address))
    Institution.objects.update(description_en="Third.")

    response = desk.post(address, data | {"postal_code": "734025"})

    studio.refresh_from_db()
    assert response.status_code == 409
    assert studio.description_en == "Third."
    assert told(response.context["preview"].difference)[0] == [("Description", "Third.", "First.")]
    assert response.context["adminform"].form["postal_code"].value() == "734025"
    assert desk.post(address, posted(response)).status_code == 302
    studio.refresh_from_db()
    assert (studio.description_en, studio.postal_code) == ("First.", "734025")


def test_bringing_back_a_post_leaves_its_person_as_it_is(desk):
    position = create_position(title_en="Director")
    change(desk, position, title_en="Head")
    first = Version.objects.get_for_object(position).last()
    change(desk, position.person, remarks_en="Later.")

    save(desk, page(Position, "revision", position.pk, first.pk))

    position.refresh_from_db()
    position.person.refresh_from_db()
    assert (position.title_en, position.person.remarks_en) == ("Director", "Later.")


@pytest.mark.parametrize("of", ["institution", "contact", "person", "position", "institution with a post"])
def test_bringing_back_moves_no_check(desk, of):
    contact = create_contact() if of in ("institution", "contact") else create_contact(position=create_position())
    record = {
        "contact": lambda: contact,
        "institution": lambda: contact.institution,
        "position": lambda: contact.position,
        "person": lambda: contact.position.person,
        "institution with a post": lambda: contact.position.institution,
    }[of]()
    change(desk, record)
    first = Version.objects.get_for_object(record).last()
    contact.confirm(method="letter")
    change(desk, record)

    response = save(desk, page(type(record), "revision", record.pk, first.pk))

    assert response.status_code == 302
    contact.refresh_from_db()
    assert (contact.check_method, contact.checked_on) == ("letter", datetime.date.today().isoformat())
    # The history knows it so, too.
    assert '"letter"' in Version.objects.get_for_object(contact).first().serialized_data


def test_withheld_person_does_not_come_back_by_a_version(desk):
    person = create_person()
    change(desk, person, remarks_en="One.")
    version = Version.objects.get_for_object(person).first()
    # Withheld by an import, which knows nothing of versions.
    Person.objects.update(withheld=True, publication_state="archived")

    assert desk.get(page(Person, "revision", person.pk, version.pk)).status_code == 404
    assert desk.post(page(Person, "revision", person.pk, version.pk)).status_code == 404
    person.refresh_from_db()
    assert person.withheld


def test_withheld_person_does_not_come_back_with_an_institution_or_a_recovery(desk, admin_client):
    person, studio = create_person(name_en="Nobody Known"), create_institution()
    create_person_name(person=person, text="Никто")
    create_position(person=person, institution=studio)
    create_participation(person=person)
    change(admin_client, studio, description_en="First.")
    change(admin_client, person)
    withhold(person, reason="letter")
    version = Version.objects.get_for_object(studio).last()

    save(admin_client, page(Institution, "revision", studio.pk, version.pk))
    admin_client.post(page(Person, "delete", person.pk), {"post": "yes"})

    assert not Person.objects.exists()
    assert "Nobody" not in "".join(Version.objects.values_list("serialized_data", flat=True))
    admin_client.get(reverse("admin:index"))
    for model in (Person, Position, PositionContact):
        assert "Nobody" not in admin_client.get(page(model, "recoverlist")).content.decode()


def test_deleted_person_whom_an_import_withheld_does_not_come_back(admin_client):
    person = create_person(name_en="Nobody Known")
    change(admin_client, person, remarks_en="One.")
    Person.objects.update(withheld=True, publication_state="archived")

    delete(admin_client, person)

    assert not Version.objects.filter(serialized_data__contains="Nobody").exists()
    assert list(admin_client.get(page(Person, "recoverlist")).context["deleted"]) == []


@pytest.mark.parametrize("number", ["999999", "of another record"])
def test_version_of_another_record_is_not_found(desk, number):
    studio, other = create_institution(), create_institution(name_en="Other")
    change(desk, other)
    if number == "of another record":
        number = Version.objects.get_for_object(other).first().pk

    assert desk.get(page(Institution, "revision", studio.pk, number)).status_code == 404


# Recovering ----------------------------------------------------------------------------------------------------------


def delete(client, record):
    response = client.post(page(type(record), "delete", record.pk), {"post": "yes"})
    assert response.status_code == 302
    assert not type(record).objects.filter(pk=record.pk).exists()


def recover(client, model):
    (version,) = client.get(page(model, "recoverlist"), follow=True).context["deleted"]
    model = version.content_type.model_class()
    response = save(client, page(model, "recover", version.pk))
    assert response.status_code == 302
    return version


@pytest.mark.parametrize("model", [Institution, Studio])
def test_deleted_institution_that_nobody_had_edited_comes_back_whole(admin_client, model):
    studio = create_institution(name_en="Tajikfilm", slug="now")
    PastSlug.objects.create(record_kind="institution", slug="before", record_key=studio.key)
    create_institution_name(institution=studio, text="Tojikfilm")
    contact = create_contact(institution=studio, checked_on="2026-05-31", check_method="letter")
    create_stage(institution=studio)
    studio.record_sources.create(source=create_source(), supports=["names"])
    delete(admin_client, model.objects.get())

    version = recover(admin_client, model)

    assert version.object_repr == "Tajikfilm"
    studio = Institution.objects.get()
    contact = studio.contacts.get()
    assert (studio.slug, studio.key, studio.is_published) == ("now", "tajikfilm", True)
    assert (contact.checked_on, contact.check_method) == ("2026-05-31", "letter")
    assert [rows.count() for rows in (studio.other_names, studio.stages, studio.record_sources)] == [1, 1, 1]
    rebuild_changed()
    assert admin_client.get("/institutions/before/").status_code == 301
    assert list(Institution.objects.published().search("tojikfilm")) == [studio]


def test_deleted_person_comes_back_with_posts_and_their_contacts(admin_client):
    person = create_person(name_en="Anna Berg")
    create_contact(position=create_position(person=person), checked_on="2026", check_method="letter")
    change(admin_client, person)
    PositionContact.objects.get().confirm(method="telephone")
    delete(admin_client, person)

    recover(admin_client, Person)

    contact = PositionContact.objects.get()
    assert contact.position.person.name_en == "Anna Berg"
    assert (contact.check_method, contact.checked_on) == ("telephone", datetime.date.today().isoformat())


def test_deleted_contact_comes_back_and_nothing_else_goes_back(desk):
    contact = create_contact()
    delete(desk, contact)
    change(desk, contact.institution, description_en="Later.")

    recover(desk, InstitutionContact)

    institution = Institution.objects.get()
    assert institution.contacts.get().value == "info@example.org"
    assert institution.description_en == "Later."
    assert [(what, name) for what, name, _fields in newest(desk, institution)[1]] == [("added", "info@example.org")]


def test_records_deleted_by_an_action_come_back(admin_client):
    film = create_film(countries=[create_country()])
    admin_client.post(
        page(Film, "changelist"), {"action": "delete_selected", "_selected_action": [film.pk], "post": "yes"}
    )
    assert not Film.objects.exists()

    recover(admin_client, Film)

    assert Film.objects.get().film_countries.count() == 1


def test_list_of_deleted_records_says_who_deleted_them(admin_client):
    delete(admin_client, create_institution())

    html = admin_client.get(page(Institution, "recoverlist")).content.decode()

    assert "Tajikfilm" in html
    assert ", admin" in html


def test_record_whose_address_was_given_away_meanwhile_does_not_come_back_in_silence(admin_client):
    studio = create_institution(name_en="Tajikfilm")
    delete(admin_client, studio)
    create_institution(name_en="Tajikfilm")
    (version,) = admin_client.get(page(Institution, "recoverlist")).context["deleted"]

    response = admin_client.get(page(Institution, "recover", version.pk), follow=True)

    assert response.status_code == 409
    assert "can&#x27;t be restored: another record now has its key: tajikfilm." in response.content.decode()


@pytest.mark.parametrize("kind", ["present", "of another model"])
def test_only_deleted_records_of_the_kind_are_recovered(admin_client, kind):
    studio, person = create_institution(), create_person()
    change(admin_client, studio)
    delete(admin_client, person)
    record = studio if kind == "present" else person
    version = Version.objects.get_for_object_reference(type(record), record.pk or 0).first() or Version.objects.get(
        object_repr=str(person)
    )

    assert admin_client.get(page(Institution, "recover", version.pk)).status_code == 404


# Editors of some countries -------------------------------------------------------------------------------------------


def deleted_names(client, model):
    return [version.object_repr for version in client.get(page(model, "recoverlist")).context["deleted"]]


@pytest.mark.parametrize(
    ("model", "create"),
    [
        (Institution, lambda country: create_institution(name_en=f"In {country}", country=country)),
        (Person, lambda country: create_person(name_en=f"In {country}", country=country)),
        (Programme, lambda country: create_programme(name_en=f"In {country}", country=country)),
        (Film, lambda country: create_film(name_en=f"In {country}", countries=[country])),
    ],
)
def test_editor_of_a_country_recovers_its_records_only(client, admin_client, model, create):
    editor = create_editor()
    CountryLimit.objects.create(user=editor, country_code="TJ")
    for code in ("TJ", "AM"):
        delete(admin_client, create(create_country(code=code)))
    client.force_login(editor)

    assert deleted_names(client, model) == ["In Tajikistan"]
    foreign = Version.objects.get(object_repr="In Armenia")
    assert client.get(page(model, "recover", foreign.pk)).status_code == 404
    assert client.post(page(model, "recover", foreign.pk)).status_code == 404
    assert not model.objects.exists()


def test_countries_themselves_are_recovered_by_those_who_may(client, admin_client):
    editor = create_editor()
    CountryLimit.objects.create(user=editor, country_code="TJ")
    delete(admin_client, create_country(code="AM"))
    client.force_login(editor)

    assert deleted_names(client, Country) == []


def test_former_start_of_the_recover_page_is_kept(desk):
    assert desk.get(reverse("admin:institutions_studio_recoverlist")).status_code == 302
