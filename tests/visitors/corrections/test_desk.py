"""Tests of the inbox: open corrections, applying them in the form of the record, accepting and declining."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from reversion.models import Version

from editors.accounts.models import CountryLimit
from tests.admin_forms import open_form, posted
from tests.factories import (
    add_second_factor,
    create_contact,
    create_country,
    create_editor,
    create_event,
    create_film,
    create_institution,
    create_institution_name,
    create_participation,
    create_person,
    create_position,
    create_source,
    create_stage,
)
from tests.html_page import html_page
from tests.visitors.corrections.sending import send
from visitors.corrections.models import Correction, CorrectionState

pytestmark = pytest.mark.django_db

INBOX = "/admin/corrections/correction/"


@pytest.fixture
def editor():
    return create_editor()


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


@pytest.fixture
def institution():
    return create_institution(key="tj-tajikfilm", founded="1930", ownership="state")


def correct(client, record, fact="", prefix="", **texts):
    """Return a correction of the record by a reader; `client` may be an editor's, which makes no difference."""
    query = {"record": f"{record.record_kind()}/{record.key}", "fact": fact}
    assert send(client, query, prefix=prefix, **{"wrong": "It is wrong", **texts}).status_code == 302
    return Correction.objects.latest("pk")


def page_of(correction):
    return reverse("admin:corrections_correction_change", args=[correction.pk])


def form_of(desk, correction):
    """Return the form of the record as it opens from the page of the correction."""
    page = html_page(desk.get(page_of(correction)))
    (link,) = [link for link in page.all("a") if link.text == "Apply in the form"]
    return link.attributes["href"]


def applied(desk, correction):
    """Apply the correction and save as a browser would; return the value in the form."""
    address = form_of(desk, correction)
    data = posted(open_form(desk, address))
    response = desk.post(address, data)
    assert response.status_code == 302, response.context["errors"]
    return data


# Inbox ---------------------------------------------------------------------------------------------------------------


def test_open_ones_come_first_and_the_oldest_on_top(desk):
    now = timezone.now()
    for name, days, answered in [("new", 1, None), ("done", 9, now), ("old", 5, None)]:
        Correction.objects.create(
            wrong=name,
            received_at=now - timedelta(days=days),
            answered_at=answered,
            state="accepted" if answered else "received",
        )

    everything = [correction.wrong for correction in desk.get(INBOX).context["cl"].result_list]
    waiting = [correction.wrong for correction in desk.get(INBOX, {"answer": "open"}).context["cl"].result_list]

    assert everything == ["old", "new", "done"]
    assert waiting == ["old", "new"]
    assert list(Correction.objects.open().values_list("wrong", flat=True).order_by("pk")) == ["new", "old"]


def test_inbox_is_narrowed_by_country_and_kind_of_record(desk, institution):
    correct(desk, institution)
    correct(desk, create_person(country=create_country(code="AM")))

    by_country = desk.get(INBOX, {"country__code__exact": "AM"}).context["cl"].result_list
    by_kind = desk.get(INBOX, {"record_kind__exact": "institution"}).context["cl"].result_list

    assert [correction.record_kind for correction in by_country] == ["person"]
    assert [correction.record_kind for correction in by_kind] == ["institution"]


@pytest.mark.parametrize("count", [1, 3])
def test_inbox_opens_at_a_fixed_number_of_queries(desk, institution, count, django_assert_num_queries):
    for number in range(count):
        correct(desk, institution, wrong=str(number))
    desk.get(INBOX)

    with django_assert_num_queries(10):
        desk.get(INBOX)


def test_address_of_the_reader_stands_on_the_page_and_not_in_the_list(desk, institution):
    correction = correct(desk, institution, email="reader@example.org")

    assert "reader@example.org" not in desk.get(INBOX).content.decode()
    assert "reader@example.org" in desk.get(page_of(correction)).content.decode()


def test_page_shows_the_value_then_and_now_and_the_readers_words_as_text(desk, institution):
    contact = create_contact(institution=institution, kind="phone")
    correction = correct(
        desk,
        institution,
        f"contact/{contact.pk}/value",
        wrong="<script>alert(1)</script>",
        proof_url="https://example.org/proof",
    )
    contact.value = "+992372219999"
    contact.save()

    response = desk.get(page_of(correction))

    page = html_page(response)
    cells = page.texts("td")
    assert {"+992 372 21 0000", "+992 372 21 9999", "<script>alert(1)</script>"} <= set(cells)
    proof = page.one("a", href="https://example.org/proof")
    assert set(proof.attributes["rel"].split()) == {"nofollow", "noopener", "noreferrer"}


def test_page_names_the_fact_in_the_editors_language(desk, institution):
    contact = create_contact(institution=institution, kind="phone")
    name = create_institution_name(institution=institution, text="Tajikkino", kind="former")
    facts = [f"contact/{contact.pk}/value", f"name/{name.pk}/text"]

    pages = [desk.get("/ru" + page_of(correct(desk, institution, fact))) for fact in facts]

    rows = [row.text for page in pages for row in html_page(page).all("tr") if row.text.startswith("Сведение")]
    assert rows == ["Сведение Телефон", "Сведение Прежнее"]


def test_page_of_a_correction_about_a_draft_names_no_value(desk, institution):
    correction = correct(desk, institution, "founded")
    institution.publication_state = "draft"
    institution.save()

    page = html_page(desk.get(page_of(correction)))

    assert "not on the site" in page.texts("td")
    assert "Apply in the form" not in page.texts("a")


def limited(username, code):
    create_country(code=code)
    user = create_editor(username=username)
    CountryLimit.objects.create(user=user, country_code=code)
    return user


def test_limited_editor_sees_and_answers_only_their_own_countries(client, institution):
    other = create_institution(name_en="Hayfilm", country=create_country(code="AM"))
    here, there = correct(client, institution), correct(client, other)
    general = Correction.objects.create(wrong="The order is odd")
    client.force_login(limited("tajik", "TJ"))

    assert list(client.get(INBOX).context["cl"].result_list) == [here]
    for hidden in (there, general):
        assert client.get(page_of(hidden)).status_code == 404
        assert client.post(page_of(hidden), {"accept": "on"}).status_code == 404
    assert Correction.objects.open().count() == 3


def test_correction_of_another_country_does_not_fill_a_form(client, institution):
    correction = correct(client, institution, "founded", proposed="1931")
    form = f"/admin/institutions/institution/{institution.pk}/change/?correction={correction.pk}"
    user = limited("armenian", "AM")
    client.force_login(user)
    response = client.get(form)

    assert response.status_code in (302, 403, 404) or posted(response)["founded"] == "1930"


def test_whoever_may_not_change_corrections_answers_none(client, institution):
    correction = correct(client, institution)
    client.force_login(add_second_factor(User.objects.create_user("visitor", is_staff=True)))

    assert client.get(page_of(correction)).status_code == 403
    assert client.post(page_of(correction), {"accept": "on"}).status_code == 403


# Applying ------------------------------------------------------------------------------------------------------------


def test_proposed_value_of_a_contact_stands_in_its_row_and_nothing_is_saved_yet(desk, institution):
    create_contact(institution=institution, kind="email")
    contact = create_contact(institution=institution, kind="phone")
    correction = correct(desk, institution, f"contact/{contact.pk}/value", proposed="+992 37 221-99-99")

    data = posted(open_form(desk, form_of(desk, correction)))

    values = [value for name, value in data.items() if name.startswith("contacts-") and name.endswith("-value")]
    assert sorted(values) == ["+992 37 221-99-99", "info@example.org"]
    contact.refresh_from_db()
    correction.refresh_from_db()
    assert (contact.value, correction.state) == ("+992372210000", "received")


def test_saving_the_filled_form_accepts_the_correction_and_the_history_names_it(
    desk, editor, institution, django_capture_on_commit_callbacks
):
    contact = create_contact(institution=institution, kind="phone")
    correction = correct(
        desk, institution, f"contact/{contact.pk}/value", proposed="+992 37 221-99-99", email="reader@example.org"
    )

    with django_capture_on_commit_callbacks(execute=True):
        applied(desk, correction)

    contact.refresh_from_db()
    correction.refresh_from_db()
    assert contact.value == "+992372219999"
    assert (correction.state, correction.answered_by) == ("accepted", "editor")
    assert correction.answered_at is not None
    latest = Version.objects.get_for_object(institution).first()
    assert f"Correction {correction.pk}" in latest.revision.comment
    assert [letter.to for letter in mail.outbox] == [["reader@example.org"]]
    assert correction.email == ""
    assert "Accepted on" in desk.get(correction.get_absolute_url()).content.decode()


def test_editor_goes_on_in_the_inbox_after_saving(desk, institution):
    form = f"/admin/institutions/institution/{institution.pk}/change/"
    for button, leads_to in [("_save", INBOX), ("_continue", form)]:
        address = form_of(desk, correct(desk, institution, "founded", proposed="1931"))
        assert desk.post(address, posted(open_form(desk, address)) | {button: "on"}).url.partition("?")[0] == leads_to

    assert desk.post(form, posted(open_form(desk, form)) | {"_save": "on"}).url == "/admin/institutions/institution/"


PROOF = "https://example.org/news/1931?lang=ru&id=7"


@pytest.mark.parametrize("fact", ["contact", "founded"])
def test_proof_that_is_a_source_is_chosen_in_the_form(desk, institution, fact):
    proof = create_source(url=PROOF)
    contact = create_contact(institution=institution, kind="phone", source=create_source())
    field, proposed = (f"contact/{contact.pk}/value", "+992 37 221-99-99") if fact == "contact" else ("founded", "1931")

    applied(desk, correct(desk, institution, field, proposed=proposed, proof_url=PROOF))

    contact.refresh_from_db()
    backed = list(institution.record_sources.values_list("source", "supports"))
    assert (contact.source_id == proof.pk, backed) == (
        (True, []) if fact == "contact" else (False, [(proof.pk, ["founded"])])
    )


@pytest.mark.parametrize("fact", ["contact", "founded"])
def test_proof_that_is_no_source_begins_one_beside_the_box(desk, institution, fact):
    contact = create_contact(institution=institution, kind="phone")
    field, proposed = (f"contact/{contact.pk}/value", "+992 37 221-99-99") if fact == "contact" else ("founded", "1931")
    address = form_of(desk, correct(desk, institution, field, proposed=proposed, proof_url=PROOF))
    response = desk.get(address)

    box = "add_id_contacts-0-source" if fact == "contact" else "add_id_record_sources-0-source"
    plus = html_page(response).one("a", id=box).attributes["href"]
    assert desk.get(plus).context["adminform"].form.initial["url"] == PROOF
    assert "The proof is not a source yet" in " ".join(map(str, response.context["messages"]))
    # Who adds no source saves without one.
    assert desk.post(address, posted(response)).status_code == 302
    assert not institution.record_sources.exists()


def test_correction_never_counts_as_a_check(desk, institution):
    contact = create_contact(institution=institution, kind="phone", checked_on="2024-03-01", check_method="letter")
    correction = correct(desk, institution, f"contact/{contact.pk}/value", proposed="+992 37 221-99-99")

    applied(desk, correction)

    contact.refresh_from_db()
    assert (contact.value, contact.checked_on) == ("+992372219999", "2024-03-01")


@pytest.mark.parametrize(
    ("field", "proposed", "stored"),
    [
        ("founded", "1931-05", "1931-05"),
        ("ownership", "Private", "private"),
        ("name_ru", "Таджикфильм", "Таджикфильм"),
        ("address_latin", "43 Bukhoro Street", "43 Bukhoro Street"),
        ("description_en", "A film studio.", "A film studio."),
    ],
)
def test_field_of_the_record_is_filled(desk, institution, field, proposed, stored):
    address = form_of(desk, correct(desk, institution, field, proposed=proposed))

    assert posted(open_form(desk, address))[field] == stored


def test_filled_field_is_saved(desk, institution):
    applied(desk, correct(desk, institution, "ownership", proposed="Private"))

    institution.refresh_from_db()
    assert institution.ownership == "private"


def test_rows_of_every_kind_are_filled(desk, institution):
    name = create_institution_name(institution=institution, text="Tadjikfilm")
    stage = create_stage(institution=institution, area_m2=600)
    post = create_position(institution=institution, person=create_person(country=institution.country))
    event = create_event(country=institution.country)
    participation = create_participation(event=event, name="Somebody")
    for record, fact, proposed in [
        (institution, f"name/{name.pk}/text", "Tadzhikfilm"),
        (institution, f"stage/{stage.pk}/area_m2", "700"),
        (institution, f"post/{post.pk}/title_en", "Head"),
        (post.person, f"post/{post.pk}/until", "2025"),
        (event, f"participation/{participation.pk}/role", "Speaker"),
    ]:
        applied(desk, correct(desk, record, fact, proposed=proposed))

    for row in (name, stage, post, participation):
        row.refresh_from_db()
    assert (name.text, stage.area_m2, post.title_en, post.until) == ("Tadzhikfilm", 700, "Head", "2025")
    assert participation.role == "speaker"


@pytest.mark.parametrize(
    ("field", "proposed"),
    [("founded", "in spring"), ("city", "Khujand"), ("ownership", "mine"), ("services", "Dubbing")],
)
def test_what_fits_no_box_is_said_and_left_to_the_editor(desk, institution, field, proposed):
    correction = correct(desk, institution, field, proposed=proposed)

    response = desk.get(form_of(desk, correction))

    assert posted(response).get(field) in ("1930", None, "state", [])
    assert proposed in " ".join(map(str, response.context["messages"]))


def test_film_of_another_kind_of_fact_is_left_to_the_editor(desk):
    film = create_film(countries=[create_country()])
    correction = correct(desk, film, "countries", proposed="Armenia as well")

    assert "Enter it by hand" in desk.get(form_of(desk, correction)).content.decode()


def test_refused_form_leaves_the_correction_open(desk, institution):
    contact = create_contact(institution=institution, kind="phone")
    correction = correct(desk, institution, f"contact/{contact.pk}/value", proposed="no number")
    address = form_of(desk, correction)

    response = desk.post(address, posted(open_form(desk, address)))

    assert response.status_code == 200
    assert "no number" in response.content.decode()
    assert Correction.objects.open().count() == 1


@pytest.mark.parametrize("number", ["x", "999999", "", "1; drop", "99999999999999999999"])
def test_form_opens_whatever_correction_its_address_names(desk, institution, number):
    form = f"/admin/institutions/institution/{institution.pk}/change/?correction={number}"

    response = desk.get(form)

    assert response.status_code == 200
    assert desk.post(form, posted(response)).status_code == 302


def test_correction_of_one_record_is_not_accepted_by_saving_another(desk, institution):
    other = create_institution(name_en="Other")
    correction = correct(desk, institution, "founded", proposed="1931")
    form = f"/admin/institutions/institution/{other.pk}/change/?correction={correction.pk}"

    desk.post(form, posted(open_form(desk, form)))

    correction.refresh_from_db()
    assert correction.is_open


# Answering -----------------------------------------------------------------------------------------------------------


def test_editor_accepts_what_was_done_by_hand(desk, institution):
    correction = correct(desk, institution)

    response = desk.post(page_of(correction), {"accept": "on"})

    correction.refresh_from_db()
    assert (response.status_code, correction.state, correction.answered_by) == (302, "accepted", "editor")


def test_declining_needs_a_reason(desk, institution):
    correction = correct(desk, institution)

    response = desk.post(page_of(correction), {"decline": "on", "standard": "", "reason": " "})

    correction.refresh_from_db()
    assert (response.status_code, correction.state) == (400, "received")
    assert "Give the reason" in response.content.decode()


def test_reader_reads_the_reason_on_the_page_and_in_the_letter(desk, institution, django_capture_on_commit_callbacks):
    correction = correct(desk, institution, email="reader@example.org")
    standard = desk.get(page_of(correction)).context["form"].fields["standard"].choices[1][0]

    with django_capture_on_commit_callbacks(execute=True):
        desk.post(page_of(correction), {"decline": "on", "standard": standard, "reason": "Kind regards"})

    correction.refresh_from_db()
    assert (correction.state, correction.reason) == ("declined", f"{standard}\n\nKind regards")
    status = desk.get(correction.get_absolute_url()).content.decode()
    assert "Declined on" in status
    assert "Kind regards" in status
    (letter,) = mail.outbox
    assert correction.get_absolute_url() in letter.body
    assert correction.email == ""


def test_answer_goes_out_in_the_readers_language(desk, institution, django_capture_on_commit_callbacks):
    correction = correct(desk, institution, prefix="/ru", email="reader@example.org")
    form = desk.get(page_of(correction)).context["form"]

    with django_capture_on_commit_callbacks(execute=True):
        desk.post(page_of(correction), {"accept": "on"})

    assert "исправление принято" in mail.outbox[0].subject
    assert f"/ru/corrections/{correction.secret}/" in mail.outbox[0].body
    assert "источник" in form.fields["standard"].choices[1][1]


def test_second_of_two_editors_is_told_and_loses_nothing(desk, institution):
    correction = correct(desk, institution)
    Correction.objects.update(state=CorrectionState.ACCEPTED, answered_at=timezone.now(), answered_by="anna", reason="")

    response = desk.post(page_of(correction), {"decline": "on", "reason": "My long reason"})

    correction.refresh_from_db()
    assert response.status_code == 409
    assert f"Correction {correction.pk}: accepted, by anna." in response.content.decode()
    assert "My long reason" in response.content.decode()
    assert (correction.state, correction.answered_by) == ("accepted", "anna")


def test_second_editor_in_the_form_is_told_and_the_record_is_saved(desk, institution):
    correction = correct(desk, institution, "founded", proposed="1931")
    address = form_of(desk, correction)
    data = posted(open_form(desk, address))
    Correction.objects.update(state="declined", answered_at=timezone.now(), answered_by="anna", reason="No")

    response = desk.post(address, data, follow=True)

    institution.refresh_from_db()
    correction.refresh_from_db()
    assert "declined, by anna" in response.content.decode()
    assert (institution.founded, correction.state, correction.answered_by) == ("1931", "declined", "anna")


def test_answered_correction_fills_no_form(desk, institution):
    correction = correct(desk, institution, "founded", proposed="1931")
    address = form_of(desk, correction)
    Correction.objects.update(state="declined", answered_at=timezone.now(), answered_by="anna", reason="No")

    response = desk.get(address)

    assert posted(response)["founded"] == "1930"
    assert "declined, by anna" in response.content.decode()


def test_corrections_are_neither_added_nor_deleted(desk, institution):
    correction = correct(desk, institution)

    assert desk.get(f"{INBOX}add/").status_code == 403
    assert desk.post(f"{INBOX}{correction.pk}/delete/", {"post": "yes"}).status_code == 403
