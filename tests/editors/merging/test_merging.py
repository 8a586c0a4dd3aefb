"""Tests of merging two records: nothing related to either is lost."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ManyToManyRel
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from reversion.models import Version

from cooperation.models import Participation
from editors.merging.relations import RELATIONS
from harvest.models import Proposal, SiteVisit
from institutions.models import Institution, InstitutionContact, Programme
from people.models import Person, Position, PositionSource
from records.keys import PastSlug, give_keys
from records.models import ImportedRecord, MergedKey
from search.rebuilding import rebuild_changed
from tests.admin_forms import save
from tests.editors.merging.pages import choices_of, merge, merge_address, merge_on_pages, open_comparison, send
from tests.factories import (
    create_city,
    create_contact,
    create_country,
    create_country_editor,
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
from tests.rich_records import create_rich_institution, create_rich_person
from visitors.corrections.models import ConfirmationRequest, Mailbox, NoMoreLetters

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept():
    return create_institution(name_en="Tajikfilm", key="tj-tajikfilm")


@pytest.fixture
def merged():
    return create_institution(name_en="Tojikfilm", key="tj-tojikfilm")


# Relations -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [Institution, Person, Position])
def test_merging_knows_every_relation(model):
    """Check that editors/merging/relations.py has a rule for every relation."""
    known = {(relation.model, relation.field) for relation in RELATIONS.get(model, ())}
    if model is Position:
        known = {(below.model, below.field) for below in RELATIONS[Person][1].below}

    refer = {
        # A relation through rows of its own is known by these rows.
        (relation.through, relation.field.m2m_reverse_field_name())
        if isinstance(relation, ManyToManyRel)
        else (relation.related_model, relation.field.name)
        for relation in model._meta.related_objects
    }

    assert known == refer


def test_everything_that_hangs_on_an_institution_goes_over(desk):
    kept = create_rich_institution(name_en="Tajikfilm")
    merged = create_rich_institution(name_en="Tojikfilm")
    ConfirmationRequest.objects.create(institution=merged, secret_hash="0" * 64, addresses=["info@example.org"])
    NoMoreLetters.objects.create(institution=merged)
    Mailbox.objects.create(institution=merged, address="info@example.org")
    Proposal.objects.create(institution=merged, fact="founded", value={"founded": "1950"}, origin="wikidata")
    SiteVisit.objects.create(institution=merged, url="https://example.org", state="ok", reason="answers")
    rows = {
        (relation.model._meta.label, relation.field): set(
            relation.rows_of(merged).exclude(pk=kept.pk).values_list("pk", flat=True)
        )
        for relation in RELATIONS[Institution]
    }
    assert all(rows[key] for key in rows if key[0] != "institutions.Programme_partner_institutions")

    merge_on_pages(desk, kept, merged)

    assert not Institution.objects.filter(pk=merged.pk).exists()
    for relation in RELATIONS[Institution]:
        gone_over = set(relation.rows_of(kept).values_list("pk", flat=True))
        if relation.unify.__name__ != "unify_contacts" and relation.model._meta.label != "institutions.Stage":
            assert rows[relation.model._meta.label, relation.field] <= gone_over, relation


def test_everything_that_hangs_on_a_person_goes_over(desk):
    kept, merged = create_rich_person(name_en="Anna Berg"), create_rich_person(name_en="Hanna Berh")
    merged.positions.filter(institution=None).update(title_en="Head of the jury")
    rows = [(relation, set(relation.rows_of(merged).values_list("pk", flat=True))) for relation in RELATIONS[Person]]
    assert all(numbers for _relation, numbers in rows)

    merge_on_pages(desk, kept, merged)

    assert not Person.objects.filter(pk=merged.pk).exists()
    for relation, numbers in rows:
        assert numbers <= set(relation.rows_of(kept).values_list("pk", flat=True)), relation


def test_names_of_both_that_no_field_keeps_become_other_names():
    kept = create_institution(name_en="Tajikfilm", name_ru="Таджикфильм")
    merged = create_institution(
        name_en="Tojikfilm", name_ru="Таджикфильм", name_native="Тоҷикфилм", native_language="tg"
    )
    create_institution_name(institution=kept, text="TF", kind="acronym")
    create_institution_name(institution=merged, text="TF", kind="short")

    merge(kept, merged, name_en="other", name_native="kept")

    kept.refresh_from_db()
    assert (kept.name_en, kept.name_ru, kept.name_native) == ("Tojikfilm", "Таджикфильм", "")
    assert sorted(kept.other_names.values_list("text", "kind", "language")) == [
        ("TF", "acronym", ""),
        ("TF", "short", ""),
        ("Tajikfilm", "spelling", "en"),
        ("Тоҷикфилм", "spelling", "tg"),
    ]


def test_same_contact_stays_as_it_was_confirmed_last_with_what_only_the_other_says(kept, merged):
    page, older_page = create_source(url="https://a.example/"), create_source(url="https://b.example/")
    old = create_contact(
        institution=kept,
        checked_on="2024-05",
        check_method="telephone",
        department="reception",
        note="Ask for Anna",
        source=older_page,
        languages=["ru"],
    )
    newer = create_contact(
        institution=merged, checked_on="2025-01-15", check_method="official-page", source=page, languages=["tg"]
    )

    merge(kept, merged)

    contact = InstitutionContact.objects.get()
    assert (contact.pk, contact.institution) == (newer.pk, kept)
    assert (contact.checked_on, contact.check_method, contact.source) == ("2025-01-15", "official-page", page)
    assert (contact.department, contact.languages) == ("reception", ["ru", "tg"])
    assert contact.note == "Ask for Anna\nhttps://b.example/"
    assert old.pk != newer.pk


def test_contact_that_nobody_confirmed_later_keeps_its_check(kept, merged):
    contact = create_contact(institution=kept, checked_on="2025-05", check_method="telephone")
    create_contact(institution=merged, department="press")

    merge(kept, merged)

    contact.refresh_from_db()
    assert (contact.checked_on, contact.check_method, contact.department) == ("2025-05", "telephone", "press")


def test_contact_taken_off_the_site_in_one_record_stays_off_it(kept, merged):
    create_contact(institution=kept, is_public=False)
    create_contact(institution=merged, checked_on="2025-05", check_method="telephone")

    merge(kept, merged)

    assert not InstitutionContact.objects.get().is_public


def test_one_page_supports_the_facts_of_both(kept, merged):
    page = create_source()
    kept.record_sources.create(source=page, supports=["names"])
    merged.record_sources.create(source=page, supports=["founded", "names"])

    merge(kept, merged)

    assert kept.record_sources.get().supports == ["names", "founded"]


def test_same_stage_and_film_are_there_once(kept, merged):
    create_stage(institution=kept, name_en="Stage 1", area_m2=400)
    create_stage(institution=merged, name_en="Stage 1", area_m2=600, height_m="12.5")
    film = create_film()
    film.film_institutions.create(institution=kept)
    film.film_institutions.create(institution=merged, role_en="production")

    merge(kept, merged)

    assert [(stage.area_m2, str(stage.height_m)) for stage in kept.stages.all()] == [(400, "12.5")]
    assert [partner.role_en for partner in film.film_institutions.all()] == ["production"]


def test_same_post_becomes_one_with_the_contacts_and_pages_of_both(kept, merged):
    anna = create_person(name_en="Anna Berg")
    older, newer, oldest = (create_source(url=f"https://example.org/{number}") for number in range(3))
    post = create_position(person=anna, institution=kept, since="2020", as_of="2021", source=older)
    twin = create_position(
        person=anna,
        institution=merged,
        since="2020",
        as_of="2025",
        source=newer,
        role="head",
        title_ru="Директор",
        seat="director",
    )
    PositionSource.objects.create(position=twin, source=oldest, as_of="2020")
    create_contact(position=twin, value="anna@example.org")
    create_contact(position=post, value="director@example.org")

    merge(kept, merged)

    (post,) = anna.positions.all()
    assert (post.institution, post.as_of, post.source) == (kept, "2025", newer)
    assert (post.role, post.title_ru, post.seat) == ("head", "Директор", "director")
    assert [(page.source, page.as_of) for page in post.older_sources.all()] == [(older, "2021"), (oldest, "2020")]
    assert set(post.contacts.values_list("value", flat=True)) == {"anna@example.org", "director@example.org"}


def test_same_participation_is_there_once(kept, merged):
    event, anna = create_event(), create_person()
    create_participation(event=event, person=anna, institution=kept)
    create_participation(event=event, person=anna, institution=merged)
    create_participation(event=event, institution=merged, role="speaker")

    merge(kept, merged)

    assert sorted(Participation.objects.values_list("institution", "role")) == [
        (kept.pk, "participant"),
        (kept.pk, "speaker"),
    ]


def test_programme_of_both_has_no_partner_in_its_own_house(kept, merged):
    programme = create_programme(institution=kept)
    programme.partner_institutions.add(merged)
    other = create_programme(name_en="Forum")
    other.partner_institutions.add(kept, merged)

    merge(kept, merged)

    assert list(programme.partner_institutions.all()) == []
    assert list(other.partner_institutions.all()) == [kept]


def test_part_and_successor_of_each_other_refer_to_nobody_afterwards(kept, merged):
    Institution.objects.filter(pk=kept.pk).update(parent=merged, successor=merged)
    Institution.objects.filter(pk=merged.pk).update(parent=None, successor=kept)

    merge(Institution.objects.get(pk=kept.pk), merged)

    kept.refresh_from_db()
    assert (kept.parent, kept.successor) == (None, None)


def test_circle_through_a_third_institution_is_refused_beside_the_choice(desk, kept, merged):
    between = create_institution(name_en="Between", parent=merged)
    Institution.objects.filter(pk=kept.pk).update(parent=between)

    response = send(desk, open_comparison(desk, kept, merged), step="confirm")

    assert response.status_code == 400
    assert "refer to itself" in str(response.context["comparison"].form.errors["parent"])
    assert send(desk, response, step="confirm", parent="other").status_code == 200


# Choices -------------------------------------------------------------------------------------------------------------


def test_value_of_the_kept_record_is_chosen_and_the_other_where_it_has_none(desk):
    kept = create_institution(name_en="A", founded="1930", publication_state="draft")
    merged = create_institution(name_en="B", founded="1931", closed="2001", description_ru="Студия")

    choices = choices_of(open_comparison(desk, kept, merged))

    assert choices == {
        "name_en": "kept",
        "founded": "kept",
        "closed": "other",
        "description_ru": "other",
        # A published record's address must not lead to a draft.
        "publication_state": "other",
    }


def test_chosen_values_are_those_of_the_kept_record():
    city = create_city()
    kept = create_institution(name_en="A", kind="agency", founded="1930", editors_note="One", services=["dubbing"])
    merged = create_institution(
        name_en="B", kind="studio", founded="1931", editors_note="Two", services=["props"], city=city, ownership="state"
    )

    merge(kept, merged, kind="other", founded="other", editors_note="both", services="both", ownership="kept")

    kept.refresh_from_db()
    assert (kept.name_en, kept.kind, kept.founded, kept.city) == ("A", "studio", "1931", city)
    assert (kept.editors_note, kept.services, kept.ownership) == ("One\n\nTwo", ["dubbing", "props"], "")


def test_native_name_and_its_language_are_one_choice():
    kept = create_institution(name_en="A", name_native="А", native_language="tg")
    merged = create_institution(name_en="B", name_native="B", native_language="uz")

    merge(kept, merged, name_native="other")

    kept.refresh_from_db()
    assert (kept.name_native, kept.native_language) == ("B", "uz")


def test_values_that_do_not_fit_together_are_refused_with_the_choices_kept(desk):
    kept = create_institution(name_en="A", city=create_city())
    merged = create_institution(name_en="B", city=create_city(name_en="Baku", country=create_country(code="AZ")))

    response = send(desk, open_comparison(desk, kept, merged), step="merge", city="other", name_en="other")

    assert response.status_code == 400
    assert "This city is in another country." in response.content.decode()
    assert choices_of(response)["name_en"] == "other"
    assert Institution.objects.count() == 2


@pytest.mark.parametrize("nonsense", ["", "neither", "<script>"])
def test_nonsense_for_a_choice_is_refused(desk, kept, merged, nonsense):
    response = send(desk, open_comparison(desk, kept, merged), step="merge", name_en=nonsense)

    assert (response.status_code, Institution.objects.count()) == (400, 2)


def test_page_says_what_goes_over(desk, kept, merged):
    create_contact(institution=kept)
    create_contact(institution=merged)
    create_contact(institution=merged, kind="phone")
    create_position(institution=merged)

    text = " ".join(open_comparison(desk, kept, merged).content.decode().split())

    assert '<li>2 contacts <span class="quiet">(1 is there already)</span></li>' in text
    assert "<li>1 post</li>" in text
    assert "sound stage" not in text


def test_other_record_can_be_kept_instead(desk, kept, merged):
    response = open_comparison(desk, kept, merged)

    assert f'href="{merge_address(merged)}?with={kept.pk}"' in response.content.decode()


def test_page_needs_the_same_queries_for_few_and_many_rows(desk, kept, merged):
    numbers = []
    for number in range(3):
        source = create_source(url=f"https://example.org/{number}")
        create_contact(institution=merged, kind="phone", value=f"+99237221000{number}", source=source)
        create_position(institution=merged, person=create_person(name_en=f"Person {number}"))
        create_programme(name_en=f"Programme {number}", institution=merged)
        create_institution(name_en=f"Part {number}", parent=merged)
        open_comparison(desk, kept, merged)
        with CaptureQueriesContext(connection) as queries:
            open_comparison(desk, kept, merged)
        numbers.append(len(queries))

    assert numbers[0] == numbers[1] == numbers[2] < 40


# Addresses, keys, search, history -------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/ru"])
def test_old_address_leads_to_the_kept_record(client, kept, merged, prefix):
    PastSlug.objects.create(record_kind="institution", slug="ancient", record_key=merged.key)

    merge(kept, merged)

    for slug in ("tojikfilm", "ancient"):
        response = client.get(f"{prefix}/institutions/{slug}/")
        assert (response.status_code, response["Location"]) == (301, f"{prefix}/institutions/tajikfilm/")
        assert client.get(f"{prefix}/institutions/{slug}/card.vcf").status_code == 200


def test_old_address_of_a_person_leads_to_the_kept_one(client):
    kept, merged = create_person(name_en="Anna Berg"), create_person(name_en="Hanna Berh")

    merge(kept, merged)

    assert client.get("/people/hanna-berh/")["Location"] == "/people/anna-berg/"


@pytest.mark.parametrize("section", ["institution", "studio"])
def test_change_form_of_the_merged_record_leads_to_the_kept_one(desk, kept, merged, section):
    number = merged.pk
    merge(kept, merged)

    response = desk.get(reverse(f"admin:institutions_{section}_change", args=[number]))

    assert response["Location"] == reverse("admin:institutions_institution_change", args=[kept.pk])


def test_address_leads_on_when_the_kept_record_is_merged_in_its_turn(client, kept, merged):
    third = create_institution(name_en="Third", key="tj-third")
    merge(kept, merged)

    merge(third, kept)

    assert client.get("/institutions/tojikfilm/")["Location"] == "/institutions/third/"
    assert MergedKey.objects.keys_of(third) == ["tj-tojikfilm", "tj-tajikfilm"]


def test_key_and_address_of_the_merged_record_are_never_given_again(client, kept, merged):
    country = merged.country
    merge(kept, merged)

    new = Institution(name_en="Tojikfilm", kind="studio", country=country)
    give_keys([new], with_country=True)
    new.full_clean(exclude=["search_text", "search_words", "sort_key_en", "sort_key_ru"])
    new.save()

    assert (new.key, new.slug) == ("tj-tojikfilm-2", "tojikfilm-2")
    assert client.get("/institutions/tojikfilm/")["Location"] == "/institutions/tajikfilm/"


@pytest.mark.parametrize("create", [create_institution, create_person])
def test_database_refuses_a_merged_key(create):
    kept, merged = create(name_en="Anna", key="tj-anna"), create(name_en="Hanna", key="tj-hanna")
    merge(kept, merged)

    with pytest.raises(IntegrityError, match='The key "tj-hanna" means the record'), transaction.atomic():
        create(name_en="Somebody else", key="tj-hanna")
    with pytest.raises(IntegrityError, match='The address "hanna" leads to another record'), transaction.atomic():
        create(name_en="Somebody else", slug="hanna")
    assert type(kept).objects.filter(key="tj-hanna").count() == 0


def test_deleted_record_can_be_recovered_only_by_undoing_the_merge(desk, kept, merged):
    merge(kept, merged)
    version = Version.objects.get_deleted(Institution).get()
    address = reverse("admin:institutions_institution_recover", args=[version.pk])

    for response in (desk.get(address), desk.post(address, {})):
        assert response.status_code == 409
        assert "belongs to another one now: the two were merged. Undo the merge" in response.content.decode()
    assert Institution.objects.count() == 1


def test_old_version_of_a_person_in_the_merged_house_is_no_error(desk, kept, merged):
    anna = create_person(name_en="Anna Berg")
    create_position(person=anna, institution=merged)
    save(desk, reverse("admin:people_person_change", args=[anna.pk]), remarks_en="New")
    version = Version.objects.get_for_object(anna).last()
    merge(kept, merged)
    address = reverse("admin:people_person_revision", args=[anna.pk, version.pk])

    for response in (desk.get(address, follow=True), desk.post(address, {}, follow=True)):
        assert response.status_code < 500
    assert anna.positions.get().institution == kept


def test_search_finds_the_kept_record_by_the_other_name_in_another_script():
    kept = create_institution(name_en="Studio One")
    merged = create_institution(name_en="Kazakhfilm")

    merge(kept, merged)
    rebuild_changed()

    assert list(Institution.objects.published().search("Казахфильм")) == [kept]


def test_history_keeps_both_as_they_were_and_says_what_happened(kept, merged):
    number = merged.pk
    merge(kept, merged, name_en="other")

    versions = Version.objects.get_for_object_reference(Institution, kept.pk)
    assert [version.field_dict["name_en"] for version in versions] == ["Tojikfilm", "Tajikfilm"]
    assert versions[0].revision.comment == "Merged with Tojikfilm"
    old = Version.objects.get_for_object_reference(Institution, number)
    assert [version.field_dict["name_en"] for version in old] == ["Tojikfilm"]


def test_memory_of_the_importer_stays_with_its_key(kept, merged):
    ImportedRecord.objects.create(kind="institution", key=merged.key, written={"name_en": "x"})

    merge(kept, merged)

    assert ImportedRecord.objects.get().key == merged.key


# Refusals ------------------------------------------------------------------------------------------------------------


def test_record_is_not_merged_with_itself(desk, kept):
    response = desk.get(merge_address(kept), {"with": kept.pk})

    assert response.status_code == 400
    assert "can&#x27;t be merged with itself" in response.content.decode()


@pytest.mark.parametrize("which", ["kept", "merged"])
def test_somebody_withheld_is_not_merged(desk, which):
    public, withheld = create_person(name_en="Anna Berg"), create_person(name_en="Hanna Berh", withheld=True)
    kept, merged = (withheld, public) if which == "kept" else (public, withheld)

    response = desk.post(merge_address(kept), {"with": merged.pk, "step": "merge"})

    assert response.status_code == 400
    assert "Hanna Berh asked not to be listed" in response.content.decode()
    assert Person.objects.count() == 2


@pytest.mark.parametrize("number", ["999999", "x", "1 OR 1"])
def test_other_record_that_is_not_there_is_refused(desk, kept, number):
    response = desk.get(merge_address(kept), {"with": number})

    assert response.status_code == 400
    assert "There is no such record here." in response.content.decode()


def test_change_since_the_page_was_opened_shows_it_again_with_the_choices_kept(desk, kept, merged):
    comparison = open_comparison(desk, kept, merged)
    create_contact(institution=merged)

    response = send(desk, comparison, step="merge", name_en="other")

    assert (response.status_code, Institution.objects.count()) == (409, 2)
    assert "was changed since you opened this page" in response.content.decode()
    assert choices_of(response)["name_en"] == "other"
    assert send(desk, response, step="confirm").status_code == 200


def test_record_that_was_merged_meanwhile_is_refused(desk, kept, merged):
    comparison = open_comparison(desk, kept, merged)
    merge(create_institution(name_en="Third"), merged)

    assert send(desk, comparison, step="merge").status_code == 400


def test_visitor_and_reader_without_permission_merge_nothing(client, kept, merged):
    address = f"{merge_address(kept)}?with={merged.pk}"
    assert "/login/" in client.get(address)["Location"]

    reader = create_editor(username="reader")
    reader.groups.clear()
    client.force_login(reader)
    assert client.get(address).status_code == 403
    assert client.post(merge_address(kept), {"with": merged.pk, "step": "merge"}).status_code == 403


def test_limited_editor_merges_only_records_of_own_countries(client):
    editor = create_editor(username="limited")
    editor.country_limits.create(country_code="TJ")
    client.force_login(editor)
    own = create_institution(name_en="Own")
    foreign = create_institution(name_en="Foreign", country=create_country(code="AZ"))

    assert client.get(merge_address(own), {"with": foreign.pk}).status_code == 400
    assert client.get(merge_address(foreign), {"with": own.pk}).status_code in (403, 404)


# Ways in -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("section", ["institution", "studio"])
def test_change_form_leads_to_merging(desk, kept, section):
    response = desk.get(reverse(f"admin:institutions_{section}_change", args=[kept.pk]))

    assert f'<a href="{merge_address(kept)}">Merge with another record…</a>' in response.content.decode()


def test_action_takes_exactly_two(desk, kept, merged):
    third = create_institution(name_en="Third")
    address = reverse("admin:institutions_studio_changelist")

    two = desk.post(address, {"action": "merge", "_selected_action": [kept.pk, merged.pk]})
    three = desk.post(address, {"action": "merge", "_selected_action": [kept.pk, merged.pk, third.pk]}, follow=True)

    assert two["Location"] == f"{merge_address(kept)}?with={merged.pk}"
    assert "Choose exactly two records to merge." in three.content.decode()


def test_other_record_is_found_by_part_of_its_name_without_javascript(desk, kept, merged):
    response = desk.get(merge_address(kept), {"q": "tojik", "with": ""})

    assert [record for record, _page in response.context["found"]] == [merged]
    assert "No other record has this" in desk.get(merge_address(kept), {"q": "tajikf"}).content.decode()


def test_programmes_stay_with_their_house_of_whatever_state(kept, merged):
    create_programme(institution=merged, publication_state="draft")

    merge(kept, merged)

    assert Programme.objects.get().institution == kept


def test_other_names_of_a_person_are_there_once():
    kept, merged = create_person(name_en="Anna Berg"), create_person(name_en="Hanna Berh")
    create_person_name(person=kept, text="Ann Berg")
    create_person_name(person=merged, text="Ann Berg", language="en")

    merge(kept, merged)

    assert sorted(kept.other_names.values_list("text", "language")) == [("Ann Berg", "en"), ("Hanna Berh", "en")]


def test_old_address_shows_nothing_of_a_kept_draft(client, merged):
    draft = create_institution(name_en="Secret", publication_state="draft")

    merge(draft, merged, publication_state="kept")

    client.logout()
    response = client.get("/institutions/tojikfilm/")
    assert response.status_code == 404
    assert "Secret" not in response.content.decode()


def test_two_wishes_for_no_more_letters_become_one():
    kept, merged = create_institution(name_en="Tajikfilm"), create_institution(name_en="Tojikfilm")
    for institution in (kept, merged):
        NoMoreLetters.objects.create(institution=institution)

    merge(kept, merged)

    assert [wish.institution_id for wish in NoMoreLetters.objects.all()] == [kept.pk]


def similar_pages(response):
    return [page for _record, page in response.context["similar"]]


def test_records_of_similar_name_are_offered_first(desk, kept, merged):
    create_institution(name_en="Uzbekfilm")
    rebuild_changed()

    response = desk.get(merge_address(kept))

    assert similar_pages(response) == [f"{merge_address(kept)}?with={merged.pk}"]
    assert "Similar by name" in response.content.decode()


def test_nobody_else_s_records_are_offered(client, merged):
    client.force_login(create_country_editor("UZ"))
    own = create_institution(name_en="Tojikfilm", country=create_country(code="UZ"))
    rebuild_changed()

    assert similar_pages(client.get(merge_address(own))) == []
