"""Tests of entering records: duplicates, previews, contacts pasted in any style."""

import lxml.html
import pytest
from django.urls import reverse

from editors.accounts.models import CountryLimit
from editors.forms.duplicate_warning import mark_of
from institutions.models import Institution, InstitutionContact, Programme
from people.models import Person
from records.contact_values import cleaned, email, page, telephone
from tests.admin_forms import open_form, posted
from tests.factories import (
    create_contact,
    create_country,
    create_editor,
    create_event,
    create_film,
    create_institution,
    create_institution_name,
    create_person,
    create_position,
    create_programme,
)

pytestmark = pytest.mark.django_db


def page_of(response):
    """Return the page, parsed leniently, as Django's own admin pages require."""
    return lxml.html.fromstring(response.content.decode())


def links_on(response):
    """Return link targets by text."""
    return {" ".join(link.text_content().split()): link.get("href") for link in page_of(response).iter("a")}


def possible_duplicates(response):
    """Return the text of the box and the URLs in it."""
    (box,) = page_of(response).xpath("//fieldset[@id='possible-duplicates']")
    return " ".join(box.text_content().split()), [link.get("href") for link in box.iter("a")]


def save(desk, address, **changes):
    """Save a form, and show the page if the form comes back."""
    data = posted(open_form(desk, address)) | changes
    return desk.post(address, {name: value for name, value in data.items() if value is not None})


STUDIO_ADD = "/admin/institutions/studio/add/"


@pytest.fixture
def desk(client):
    client.force_login(create_editor())
    return client


def change_page(record):
    options = record._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[record.pk])


def preview_page(record):
    options = record._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_preview", args=[record.pk])


# The same record a second time --------------------------------------------------------------------------------------


def test_new_studio_with_a_known_name_in_another_script_is_asked_about_and_nothing_is_lost(desk):
    known = create_institution(name_en="Kazakhfilm", country=create_country(code="KZ"))

    response = save(desk, STUDIO_ADD, name_en="Қазақфильм", country="KZ", description_en="A long text.")

    assert response.status_code == 200
    text, addresses = possible_duplicates(response)
    assert addresses == [change_page(known)]
    assert "Kazakhstan" in text
    assert "A long text." in response.content.decode()
    assert Institution.objects.count() == 1


def test_studio_is_saved_when_the_editor_says_that_it_is_another_one(desk):
    known = create_institution(name_en="Kazakhfilm", country=create_country(code="KZ"))

    response = save(desk, STUDIO_ADD, name_en="Қазақфильм", country="KZ", another_one=mark_of(known))

    assert response.status_code == 302
    assert Institution.objects.count() == 2


def test_answer_about_one_record_is_no_answer_about_another(desk):
    create_country(code="KZ")
    known, other = create_institution(name_en="Kazakhfilm"), create_institution(name_en="Elsewhere")

    response = save(desk, STUDIO_ADD, name_en="Қазақфильм", country="KZ", another_one=mark_of(other))

    assert response.status_code == 200
    assert set(Institution.objects.all()) == {known, other}


def test_person_is_asked_about_too(desk):
    create_person(name_en="Mahmadsaid Shohiyon")

    response = save(desk, "/admin/people/person/add/", name_en="Shohiyon M.", name_ru="Шохиён Махмадсаид")

    assert "Mahmadsaid Shohiyon" in possible_duplicates(response)[0]
    assert Person.objects.count() == 1


def test_saving_without_a_new_name_asks_nothing(desk):
    create_institution(name_en="Kazakhfilm")
    second = create_institution(name_en="KF", name_ru="Казахфильм")

    assert save(desk, change_page(second), description_en="New.").status_code == 302


def test_draft_of_another_country_is_counted_and_not_named(client):
    editor = create_editor()
    CountryLimit.objects.create(user=editor, country_code="UZ")
    client.force_login(editor)
    create_country(code="UZ")
    kazakhstan = create_country(code="KZ")
    create_institution(name_en="Kazakhfilm Secret", name_ru="Казахфильм", country=kazakhstan, publication_state="draft")
    public = create_institution(name_en="Kazakhfilm Open", name_ru="Казахфильм", country=kazakhstan)

    response = save(client, STUDIO_ADD, name_en="Қазақфильм", country="UZ")

    text, addresses = possible_duplicates(response)
    assert "Secret" not in response.content.decode()
    assert "1 record of other editors" in text
    assert "Kazakhfilm Open" in text
    assert addresses == [public.get_absolute_url()]


def test_name_in_a_row_below_is_asked_about_once_and_not_when_it_was_there(desk):
    known = create_institution(name_en="Kazakhfilm")
    other = create_institution(name_en="Capital Pictures")
    row = {"other_names-TOTAL_FORMS": 1, "other_names-0-text": "Казахфильм", "other_names-0-kind": "spelling"}

    assert possible_duplicates(save(desk, change_page(other), **row))[1][0] == change_page(known)
    assert save(desk, change_page(other), **row, another_one=mark_of(known)).status_code == 302
    assert save(desk, change_page(other), description_en="New.").status_code == 302


@pytest.mark.parametrize(
    ("kind", "stored", "typed"),
    [
        ("phone", "+992372210000", "(37) 221-00-00"),
        ("email", "info@kino.tj", "mailto:Info@KINO.tj"),
        ("website", "https://kino.tj", "kino.tj"),
    ],
)
def test_contact_of_another_institution_is_a_hint_whatever_the_names(desk, kind, stored, typed):
    known = create_institution(name_en="Tajikfilm", publication_state="draft")
    contact = create_contact(institution=known, kind=kind, value=stored)
    row = {"contacts-TOTAL_FORMS": 1, "contacts-0-kind": kind, "contacts-0-value": typed, "contacts-0-order": 0}
    row["contacts-1-value"] = row["contacts-1-kind"] = row["contacts-1-order"] = None

    text, addresses = possible_duplicates(save(desk, STUDIO_ADD, name_en="Somon Pictures", country="TJ", **row))

    assert f"has the contact {contact}" in text
    assert addresses == [change_page(known)]
    assert save(desk, STUDIO_ADD, name_en="Somon", country="TJ", **row, another_one=mark_of(known)).status_code == 302


@pytest.mark.parametrize(
    ("publication_state", "is_public"), [("draft", True), ("archived", True), ("published", False)]
)
def test_contact_that_only_editors_of_another_country_see_is_no_hint(client, publication_state, is_public):
    editor = create_editor()
    CountryLimit.objects.create(user=editor, country_code="UZ")
    client.force_login(editor)
    create_country(code="UZ")
    hidden = create_institution(
        name_en="Secret", country=create_country(code="KZ"), publication_state=publication_state
    )
    create_contact(institution=hidden, kind="email", value="info@kino.kz", is_public=is_public)
    row = {"contacts-TOTAL_FORMS": 1, "contacts-0-kind": "email", "contacts-0-value": "info@kino.kz"}

    assert save(client, STUDIO_ADD, name_en="Somon", country="UZ", **row, **{"contacts-0-order": 0}).status_code == 302


# A draft as it will look --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("create", [create_institution, create_person, create_programme, create_event, create_film])
@pytest.mark.parametrize("state", ["draft", "archived"])
def test_editor_sees_how_a_draft_will_look_and_it_stays_a_draft(desk, client, create, state):
    record = create(publication_state=state)

    links = links_on(desk.get(change_page(record)))
    response = desk.get(links["Preview"])

    assert response.status_code == 200
    assert page_of(response).xpath("string(//h1)") == record.name_en
    assert "Preview" in page_of(response).xpath("string(//p[@class='notice'])")
    assert (response["X-Robots-Tag"], "no-store" in response["Cache-Control"]) == ("noindex", True)
    record.refresh_from_db()
    assert record.publication_state == state
    client.logout()
    assert client.get(record.get_absolute_url()).status_code == 404


def test_published_record_has_a_link_to_the_site_and_no_preview(desk):
    links = links_on(desk.get(change_page(create_institution())))

    assert "View on site" in links
    assert "Preview" not in links


def test_draft_has_no_link_to_a_page_that_is_not_there(desk):
    assert "View on site" not in links_on(desk.get(change_page(create_institution(publication_state="draft"))))


def test_preview_is_for_editors_only(client, django_user_model):
    draft = create_institution(name_en="Secret Draft", publication_state="draft")

    assert client.get(preview_page(draft)).status_code == 302
    client.force_login(django_user_model.objects.create_user("reader"))
    assert "Secret Draft" not in client.get(preview_page(draft), follow=True).content.decode()
    client.force_login(django_user_model.objects.create_user("staff", is_staff=True))
    assert client.get(preview_page(draft)).status_code in (302, 403)


def test_withheld_person_has_no_preview(desk):
    person = create_person(withheld=True)

    assert desk.get(preview_page(person)).status_code == 409


def test_preview_of_nothing_is_not_found(desk):
    assert desk.get("/admin/institutions/institution/99/preview/").status_code in (302, 404)


# Contacts in any style ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "region", "number", "extension"),
    [
        ("tel:+992-37-221-00-00", None, "+992372210000", ""),
        ("00 992 37 221-00-00", None, "+992372210000", ""),
        ("+998 (71) 123-45-67 доб. 12", None, "+998711234567", "12"),
        ("+44 20 7946 0018 ext 204", None, "+442079460018", "204"),
        ("8 (495) 123-45-67", "RU", "+74951234567", ""),
        ("71 123 45 67", "UZ", "+998711234567", ""),
        ("тел.: +7 495 123 45 67", None, "+74951234567", ""),
        ("\u200e+7\u00a0495\u00a0123\u201345\u201367", None, "+74951234567", ""),
        ("https://wa.me/998901234567", None, "+998901234567", ""),
        ("8 (495) 123-45-67", None, None, ""),
        ("call us", "RU", None, ""),
    ],
)
def test_telephone_is_understood_in_any_style(text, region, number, extension):
    found = telephone(text, region)

    assert (found.value, found.extension) == (number, extension) if number else found is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("mailto:Info@X.TJ?subject=Hello", "info@x.tj"),
        ("Studio <Info@x.tj>", "info@x.tj"),
        ("<info@x.tj>;", "info@x.tj"),
        ("info [at] x [dot] tj", "info@x.tj"),
        ("info(собака)x.tj", "info@x.tj"),
        ("E-mail: info@x.tj", "info@x.tj"),
        ("in\u200bfo@x.tj", "info@x.tj"),
    ],
)
def test_email_is_understood_in_any_style(text, address):
    assert email(text) == address


@pytest.mark.parametrize(
    ("kind", "text", "address"),
    [
        ("website", "WWW.X.TJ/About", "https://www.x.tj/About"),
        ("website", "HTTP://X.TJ", "http://x.tj"),
        ("website", "//x.tj", "https://x.tj"),
        ("website", "https://x.tj/?id=7&utm_source=mail", "https://x.tj/?id=7"),
        ("website", "https://x.tj/?B=2&a=1", "https://x.tj/?B=2&a=1"),
        ("telegram", "@tajikfilm", "https://t.me/tajikfilm"),
        ("telegram", "t.me/tajikfilm", "https://t.me/tajikfilm"),
        ("instagram", "https://www.instagram.com/tajikfilm/?hl=en", "https://www.instagram.com/tajikfilm/"),
        ("instagram", "@tajik.film", "https://www.instagram.com/tajik.film"),
        ("youtube", "@tajikfilm", "https://www.youtube.com/@tajikfilm"),
        ("vk", "tajikfilm", "https://vk.com/tajikfilm"),
    ],
)
def test_page_is_understood_in_any_style(kind, text, address):
    assert page(kind, text) == address
    assert page(kind, address) == address


def test_letters_that_only_look_latin_are_refused_in_an_email(desk):
    response = save(
        desk,
        change_page(create_contact(kind="email", value="info@example.org")),
        value="infо@example.org",
    )

    assert response.status_code == 200
    assert "This is not an e-mail address." in response.content.decode()


@pytest.mark.parametrize(
    ("kind", "typed", "stored", "kept"),
    [
        ("phone", "8 (495) 123-45-67, доб. 12", "+74951234567", "extension 12"),
        ("phone", "8 (495) 123-45-67 (приёмная)", "+74951234567", "приёмная"),
        ("phone", "приёмная: 8 (495) 123-45-67 (доб. 12)", "+74951234567", "приёмная, extension 12"),
        ("email", "Приёмная <Info@X.TJ>", "info@x.tj", "Приёмная"),
    ],
)
def test_contact_is_one_of_the_institutions_country_and_keeps_words(desk, kind, typed, stored, kept):
    institution = create_institution(country=create_country(code="RU"))

    save(
        desk,
        change_page(institution),
        **{
            "contacts-TOTAL_FORMS": "1",
            "contacts-0-kind": kind,
            "contacts-0-value": typed,
            "contacts-0-department": "Press office",
            "contacts-0-is_public": "on",
            "contacts-0-order": "0",
        },
    )

    contact = InstitutionContact.objects.get()
    assert (contact.value, contact.department) == (stored, f"Press office, {kept}")


@pytest.mark.parametrize(
    ("query", "stored"),
    [
        ({"kind": "phone", "value": "8 (495) 123-45-67", "country": "RU"}, "+74951234567"),
        ({"kind": "email", "value": "mailto:Info@X.TJ"}, "info@x.tj"),
        ({"kind": "email", "value": "Press office <press@X.TJ>"}, "press@x.tj"),
        ({"kind": "phone", "value": "call us"}, None),
    ],
)
def test_editor_is_shown_how_a_contact_will_be_stored(desk, query, stored):
    answer = desk.get(reverse("admin:institutioncontact_as_stored"), query).json()

    assert answer.get("stored") == stored
    assert answer["message"]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"kind": "pigeon", "value": "x"},
        {"kind": "phone", "value": "1", "country": "?"},
        {"kind": "phone", "value": "1" * 900},
    ],
)
def test_nonsense_about_a_contact_is_refused(desk, query):
    assert desk.get(reverse("admin:institutioncontact_as_stored"), query).status_code == 400


def test_strangers_are_told_nothing_about_contacts(client):
    assert client.get(reverse("admin:institutioncontact_as_stored"), {"kind": "phone", "value": "1"}).status_code == 302


def test_invisible_letters_and_brackets_are_taken_off():
    assert cleaned(" \ufeff<\u200bx\u00a0 y>; ") == "x y"


# One page for everything --------------------------------------------------------------------------------------------


def test_programme_is_added_from_the_form_of_its_institution(desk):
    institution = create_institution()
    links = links_on(desk.get(change_page(institution)))

    save(desk, links["Add a programme…"], name_en="Rebate", kind="cash-rebate")

    programme = Programme.objects.get()
    assert (programme.institution, programme.country) == (institution, institution.country)


def test_form_with_30_names_40_contacts_and_25_posts_opens_at_under_40_queries(desk, django_assert_max_num_queries):
    institution = create_institution()
    for number in range(30):
        create_institution_name(institution=institution, text=f"Name {number}")
    for number in range(40):
        create_contact(institution=institution, value=f"{number}@example.org")
    for number in range(25):
        create_position(institution=institution, person=create_person(name_en=f"Person {number}"))

    with django_assert_max_num_queries(39):
        response = desk.get(change_page(institution))

    rows = [len(inline.formset.initial_forms) for inline in response.context["inline_admin_formsets"]]
    assert {30, 40, 25} <= set(rows)
