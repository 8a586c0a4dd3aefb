"""Tests of the editors' site for an editor of Tajikistan: no URL leads to another country."""

import pytest
import reversion
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.urls import reverse
from reversion.models import Version

from cooperation.models import Event, Film, Participation
from editors.accounts.models import AuditLine
from editors.merging.models import Merge
from editors.spreadsheets.models import Import
from harvest.models import Proposal
from institutions.models import City, Country, Institution, InstitutionContact, Programme, Stage, Studio
from people.models import Person, Position, PositionContact
from records.keys import PastSlug
from records.link_checks import LinkCheck
from records.models import Source
from search.models import SuspectedDuplicate
from search.rebuilding import rebuild_changed
from tests.admin_forms import messages_beside_fields, open_form, page, save, send_form
from tests.editors.accounts.records_of_country import OF_COUNTRY, post_at, studio_of
from tests.factories import (
    create_administrator,
    create_contact,
    create_country,
    create_country_editor,
    create_editor,
    create_film,
    create_institution,
    create_person,
    create_position,
    create_programme,
    create_source,
)
from tests.html_page import html_page
from visitors.corrections.models import ConfirmationRequest, Correction, NoMoreLetters

pytestmark = pytest.mark.django_db


SHARED = {Source}
# Not for those who are limited.
WHOLE_DIRECTORY = [PastSlug, User, Group, AuditLine]

# About records of all kinds, with rules and tests of their own rooms.
LIMITED_BY_THEMSELVES = {
    *(LinkCheck, SuspectedDuplicate, Import, Merge),
    *(Correction, ConfirmationRequest, NoMoreLetters, Proposal),
}

by_kind = pytest.mark.parametrize("model", OF_COUNTRY, ids=lambda model: model.__name__)


@pytest.fixture
def tajikistan():
    return create_country(code="TJ")


@pytest.fixture
def armenia():
    return create_country(code="AM")


@pytest.fixture
def desk(client):
    """Client of an editor of Tajikistan."""
    client.force_login(create_country_editor("TJ"))
    return client


def test_every_admin_page_says_how_it_is_limited():
    limited = OF_COUNTRY.keys() | SHARED | set(WHOLE_DIRECTORY)
    assert set(admin.site._registry) == limited | LIMITED_BY_THEMSELVES
    for model in limited:
        assert isinstance(admin.site.get_model_admin(model).in_countries({"TJ"}), Q), model


@by_kind
def test_list_shows_own_records_only(desk, model, tajikistan, armenia):
    own = OF_COUNTRY[model](tajikistan)
    OF_COUNTRY[model](armenia)

    listed = open_form(desk, page(model, "changelist")).context["cl"]

    assert [record.pk for record in listed.result_list] == [own.pk]
    assert listed.result_count == 1


@by_kind
def test_record_of_another_country_is_not_found(desk, model, tajikistan, armenia):
    own, foreign = OF_COUNTRY[model](tajikistan), OF_COUNTRY[model](armenia)

    for name in ["change", "history", "delete"]:
        assert open_form(desk, page(model, name, foreign.pk)).status_code in (403, 404), name
        assert send_form(desk, page(model, name, foreign.pk), {"post": "yes"}).status_code in (403, 404, 405), name
    assert type(foreign).objects.filter(pk=foreign.pk).exists()
    for name in ["change", "history"]:
        assert open_form(desk, page(model, name, own.pk)).status_code == 200, name


def ways_on(response):
    """Return the links of the page, except breadcrumbs."""
    tree = html_page(response)
    assert tree.one("div", id="site-name").text == "CISFilm: editors"
    return [link.attributes["href"] for link in tree.one("div", id="content-main").all("a")]


def test_what_is_not_found_or_not_allowed_is_said_on_a_page_of_the_editors_site(desk, client, tajikistan, armenia):
    foreign = desk.get(page(Institution, "change", create_institution(country=armenia).pk))
    assert foreign.status_code == 404
    assert ways_on(foreign) == ["/admin/institutions/institution/", "/admin/"]
    assert "records of other countries are not found here" in foreign.content.decode()

    unknown = desk.get("/admin/nothing/here/")
    assert (unknown.status_code, ways_on(unknown)) == (404, ["/admin/"])

    forbidden = desk.get(page(PastSlug, "add"))
    assert (forbidden.status_code, ways_on(forbidden)[-1]) == (403, "/admin/")

    client.logout()
    outside = client.get("/institutions/nobody/")
    assert outside.status_code == 404
    assert "editors" not in outside.content.decode()


@by_kind
def test_record_of_another_country_cannot_be_brought_back_to_an_old_version(desk, model, armenia):
    with reversion.create_revision():
        foreign = OF_COUNTRY[model](armenia)
        foreign.save()
    version = Version.objects.get_for_object(foreign).get()

    for address in [page(model, "revision", foreign.pk, version.pk), page(model, "recover", version.pk)]:
        assert desk.get(address).status_code in (403, 404)
        assert desk.post(address).status_code in (403, 404)
    assert f"/recover/{version.pk}/" not in desk.get(page(model, "recoverlist"), follow=True).content.decode()


@by_kind
def test_bulk_action_leaves_records_of_other_countries_alone(client, model, tajikistan, armenia):
    own, foreign = OF_COUNTRY[model](tajikistan), OF_COUNTRY[model](armenia)
    administrator = create_administrator()
    administrator.country_limits.create(country_code="TJ")
    client.force_login(administrator)
    chosen = {"action": "delete_selected", "_selected_action": [own.pk, foreign.pk], "post": "yes"}

    client.post(page(model, "changelist"), chosen)

    assert type(foreign).objects.filter(pk=foreign.pk).exists()


@pytest.mark.parametrize(
    ("model", "app_label", "model_name", "field_name", "term"),
    [
        (Country, "institutions", "institution", "country", ""),
        (City, "institutions", "institution", "city", "city"),
        (Institution, "institutions", "institution", "parent", "studio"),
        (Person, "people", "position", "person", "person"),
        (Event, "cooperation", "participation", "event", "forum"),
        (Position, "people", "positioncontact", "position", ""),
    ],
)
def test_search_box_finds_own_records_only(desk, model, app_label, model_name, field_name, term, tajikistan, armenia):
    own = OF_COUNTRY[model](tajikistan)
    OF_COUNTRY[model](armenia)
    query = {"app_label": app_label, "model_name": model_name, "field_name": field_name, "term": term}

    found = desk.get(reverse("admin:autocomplete"), query).json()["results"]

    assert [choice["id"] for choice in found] == [str(own.pk)]


@pytest.mark.parametrize("model", WHOLE_DIRECTORY, ids=lambda model: model.__name__)
def test_pages_for_the_whole_directory_are_closed_to_a_limited_administrator(client, model):
    PastSlug.objects.create(record_kind="institution", slug="old", record_key="am-old")
    administrator = create_administrator()
    client.force_login(administrator)
    assert client.get(page(model, "changelist")).context["cl"].result_count > 0
    administrator.country_limits.create(country_code="TJ")

    response = client.get(page(model, "changelist"))

    assert response.status_code == 403 or response.context["cl"].result_count == 0


def test_sources_are_shared(desk):
    source = create_source()

    assert desk.get(page(Source, "change", source.pk)).status_code == 200


def test_filters_count_own_records_only(desk, tajikistan, armenia):
    studio_of(tajikistan)
    studio_of(armenia)

    html = desk.get(page(Institution, "changelist") + "?_facets=True").content.decode()

    assert "Tajikistan" in html
    assert "Armenia" not in html
    assert "Studio (1)" in html or "studio (1)" in html


def test_contacts_of_another_country_cannot_be_confirmed(desk, armenia):
    contact = create_contact(institution=studio_of(armenia))
    data = {"contacts": str(contact.pk), "method": "telephone", "checked_on": "2025-02-03"}

    assert desk.get(page(InstitutionContact, "confirm"), data).status_code == 404
    assert desk.post(page(InstitutionContact, "confirm"), data).status_code == 404
    contact.refresh_from_db()
    assert contact.checked_on is None


def test_country_editor_without_countries_sees_nothing(client, tajikistan):
    studio = studio_of(tajikistan)
    client.force_login(create_country_editor())

    assert client.get(page(Institution, "changelist")).context["cl"].result_count == 0
    assert client.get(page(Institution, "change", studio.pk)).status_code == 404


# What a form takes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "kinds"),
    [
        (Institution, {"country": Country, "city": City, "parent": Institution, "successor": Institution}),
        (InstitutionContact, {"institution": Institution}),
        (Stage, {"institution": Institution}),
        (City, {"country": Country}),
        (Programme, {"country": Country, "institution": Institution, "partner_institutions": Institution}),
        (Person, {"country": Country}),
        (Position, {"institution": Institution, "person": Person}),
        (PositionContact, {"position": Position}),
        (Event, {"country": Country, "city": City}),
        (Participation, {"event": Event, "person": Person, "institution": Institution}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_records_of_another_country_typed_by_hand_are_refused(desk, model, kinds, tajikistan, armenia):
    own = OF_COUNTRY[model](tajikistan)
    foreign = {kind: OF_COUNTRY[kind](armenia) for kind in dict.fromkeys(kinds.values())}
    # Any request that may have written writes the words that are pending.
    rebuild_changed()
    before = type(own).objects.filter(pk=own.pk).values().get()

    response = save(desk, page(model, "change", own.pk), **{field: foreign[kind].pk for field, kind in kinds.items()})

    messages = messages_beside_fields(response)
    for field in kinds:
        assert "Select a valid choice" in str(messages[field]), field
    assert type(own).objects.filter(pk=own.pk).values().get() == before


def test_record_of_another_country_is_refused_in_rows_too(desk, tajikistan, armenia):
    film, studio = OF_COUNTRY[Film](tajikistan), studio_of(armenia)
    data = {"film_institutions-TOTAL_FORMS": 1, "film_institutions-0-institution": studio.pk}

    response = save(desk, page(Film, "change", film.pk), **data)

    assert "Select a valid choice" in str(messages_beside_fields(response)["film_institutions-0-institution"])


def test_present_value_of_another_country_may_stay(desk, tajikistan, armenia):
    successor = studio_of(armenia)
    studio = create_institution(name_en="Tajikfilm", country=tajikistan, successor=successor)
    programme = create_programme(country=tajikistan)
    programme.partner_institutions.add(successor)

    for record in [studio, programme]:
        assert save(desk, page(type(record), "change", record.pk), remarks_en="Seen.").status_code == 302

    studio.refresh_from_db()
    assert (studio.successor, studio.remarks_en) == (successor, "Seen.")
    assert list(programme.partner_institutions.all()) == [successor]


LEAVES = "You work on some countries only"


@pytest.mark.parametrize(
    ("model", "changes"),
    [
        (Institution, {"country": "", "is_international": "on"}),
        (Programme, {"country": ""}),
        (Person, {"country": ""}),
        (Event, {"country": ""}),
        (Film, {"film_countries-0-DELETE": "on"}),
        (Position, {"institution": "", "body_name": "A body without a record"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_record_does_not_leave_the_countries_of_its_editor(desk, model, changes, tajikistan):
    own = OF_COUNTRY[model](tajikistan)
    remark = {"title_ru": "Директор"} if model is Position else {"remarks_en": "Typed."}

    response = save(desk, page(model, "change", own.pk), **changes, **remark)

    assert response.status_code == 200
    assert LEAVES in str(response.context["adminform"].form.non_field_errors())
    (name, typed) = next(iter(remark.items()))
    assert response.context["adminform"].form[name].value() == typed
    own.refresh_from_db()
    assert getattr(own, name) == ""
    assert admin.site.get_model_admin(model).model._base_manager.filter(pk=own.pk).exists()
    if model is Film:
        assert own.film_countries.count() == 1
    # What was undone leaves no trace in the history but the state before.
    assert Version.objects.get_for_object(own).count() <= 1


@pytest.mark.parametrize(
    ("model", "fields", "country"),
    [
        (Institution, {"name_en": "Bishkek Rally", "kind": "festival"}, {"is_international": "on"}),
        (Person, {"name_en": "Nobody Known"}, {}),
        (Event, {"name_en": "Forum", "kind": "forum"}, {}),
        (Film, {"name_en": "Film"}, {}),
        (Country, {"code": "AM", "cis_status": "member"}, {}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_new_record_belongs_to_a_country_of_its_editor(desk, model, fields, country):
    response = save(desk, page(model, "add"), **fields, **country)

    assert response.status_code == 200
    assert LEAVES in str(response.context["adminform"].form.non_field_errors())
    assert not model.objects.exists()


def test_editor_enters_records_of_the_own_country(desk, tajikistan):
    response = save(desk, page(Studio, "add"), name_en="Tajikfilm", country="TJ")

    assert response.status_code == 302
    assert Institution.objects.get().country == tajikistan


def test_film_of_several_countries_is_everybodys(desk, tajikistan, armenia):
    film = create_film(countries=[armenia, tajikistan])

    assert save(desk, page(Film, "change", film.pk), year="2024").status_code == 302
    assert film.film_countries.count() == 2


# People with posts in several countries -------------------------------------------------------------------------------


@pytest.fixture
def traveller(tajikistan, armenia):
    """Person with a post in the editor's country and one abroad."""
    person = create_person(name_en="Two Posts")
    create_position(person=person, institution=studio_of(tajikistan), title_en="Adviser here")
    create_position(person=person, institution=studio_of(armenia), title_en="Director abroad", is_public=False)
    return person


def test_person_shows_posts_in_own_countries_only(desk, traveller):
    form = desk.get(page(Person, "change", traveller.pk)).content.decode()
    listed = desk.get(page(Person, "changelist")).content.decode()

    for html in [form, listed]:
        assert "Adviser here" in html
        assert "Director abroad" not in html


def test_saving_a_person_keeps_posts_in_other_countries(desk, traveller):
    assert save(desk, page(Person, "change", traveller.pk), remarks_en="Seen.").status_code == 302

    assert traveller.positions.count() == 2


def test_bringing_back_a_version_changes_no_post_in_another_country(client, traveller):
    client.force_login(create_editor())
    save(client, page(Person, "change", traveller.pk), remarks_en="First.")
    version = Version.objects.get_for_object(traveller).first()
    abroad = traveller.positions.get(title_en="Director abroad")
    Position.objects.filter(pk=abroad.pk).update(title_en="Director abroad, renamed")
    client.force_login(create_country_editor("TJ"))

    address = page(Person, "revision", traveller.pk, version.pk)

    assert client.get(address).status_code == 403
    assert client.post(address, {"name_en": "Two Posts"}).status_code == 403
    abroad.refresh_from_db()
    assert abroad.title_en == "Director abroad, renamed"


def test_bringing_back_a_version_removes_no_later_post_in_another_country(desk, tajikistan, armenia):
    person = post_at(tajikistan).person
    save(desk, page(Person, "change", person.pk), remarks_en="First.")
    version = Version.objects.get_for_object(person).first()
    abroad = create_position(person=person, institution=studio_of(armenia), title_en="Director abroad")

    assert save(desk, page(Person, "change", person.pk)).status_code == 302
    response = desk.post(page(Person, "revision", person.pk, version.pk), {"name_en": person.name_en})

    assert response.status_code == 403
    assert Position.objects.filter(pk=abroad.pk).exists()


def test_person_with_a_post_abroad_is_not_deleted_by_a_limited_administrator(client, traveller):
    administrator = create_administrator()
    administrator.country_limits.create(country_code="TJ")
    client.force_login(administrator)

    assert client.post(page(Person, "delete", traveller.pk), {"post": "yes"}).status_code == 403
    assert traveller.positions.count() == 2


def test_old_version_of_an_own_record_can_be_brought_back(desk, tajikistan):
    studio = studio_of(tajikistan)
    address = page(Institution, "change", studio.pk)
    save(desk, address, description_en="First.")
    version = Version.objects.get_for_object(studio).first()
    save(desk, address, description_en="Second.")

    assert save(desk, page(Institution, "revision", studio.pk, version.pk)).status_code == 302
    studio.refresh_from_db()
    assert studio.description_en == "First."


def test_version_of_another_kind_of_record_is_not_brought_back(client, tajikistan):
    studio, person = studio_of(tajikistan), create_person()
    client.force_login(create_editor())
    save(client, page(Institution, "change", studio.pk), description_en="First.")
    version = Version.objects.get_for_object(studio).first()
    Institution.objects.filter(pk=studio.pk).update(description_en="Second.")

    for address in [page(Person, "recover", version.pk), page(Person, "revision", studio.pk, version.pk)]:
        assert client.post(address, {"name_en": person.name_en}).status_code == 404
    studio.refresh_from_db()
    assert studio.description_en == "Second."


@pytest.mark.parametrize("record_count", [1, 3])
def test_limited_list_opens_at_a_fixed_number_of_queries(desk, record_count, tajikistan, django_assert_num_queries):
    for number in range(record_count):
        create_contact(institution=create_institution(name_en=f"Studio {number}", country=tajikistan))

    desk.get(page(Institution, "changelist"))
    with django_assert_num_queries(9):
        desk.get(page(Institution, "changelist"))


@by_kind
def test_way_to_the_public_page_is_open_for_own_countries_only(desk, model, tajikistan, armenia):
    own, other = OF_COUNTRY[model](tajikistan), OF_COUNTRY[model](armenia)
    content_type = ContentType.objects.get_for_model(model, for_concrete_model=False)
    has_page = hasattr(model, "get_absolute_url")

    responses = [desk.get(reverse("admin:view_on_site", args=[content_type.pk, one.pk])) for one in (own, other)]

    assert [response.status_code for response in responses] == [302 if has_page else 404, 404]
    if has_page:
        assert responses[0].url == own.get_absolute_url()


def test_way_to_the_public_page_of_nothing_is_not_found(desk):
    for content_type, record in [(0, 1), (ContentType.objects.get_for_model(Film).pk, 1)]:
        assert desk.get(reverse("admin:view_on_site", args=[content_type, record])).status_code == 404
