"""Tests of undoing a merge: both records are restored, and later changes stay."""

import pytest
from django.db import connection
from django.urls import reverse

from cooperation.models import Participation
from editors.merging.snapshots import rows_around
from editors.withholding.withhold import withhold
from institutions.models import Institution, InstitutionContact
from people.models import Person
from records.keys import PastSlug
from records.models import MergedKey
from search.rebuilding import rebuild_changed
from tests.editors.merging.pages import merge, merge_on_pages, undo, undo_address
from tests.factories import (
    create_city,
    create_contact,
    create_country,
    create_editor,
    create_event,
    create_institution,
    create_participation,
    create_person,
    create_position,
    create_source,
)
from tests.html_page import html_page
from tests.rich_records import create_rich_institution, create_rich_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept():
    return create_institution(name_en="Tajikfilm", key="tj-tajikfilm", founded="1930")


@pytest.fixture
def merged():
    return create_institution(name_en="Tojikfilm", key="tj-tojikfilm", founded="1931")


def twins(create, name, other_name):
    """Create two rich records with posts, contacts, pages and films in common."""
    one, other = create(name_en=name), create(name_en=other_name)
    for number, post in enumerate(list(one.positions.exclude(institution=None))):
        person, institution = (one, post.institution) if isinstance(one, Person) else (post.person, one)
        twin = create_position(
            **{"person": person, "institution": institution, "since": post.since}
            | {"title_en": post.title_en, "as_of": f"20{20 + number}", "seat": "chair"}
            | ({"person": other} if isinstance(one, Person) else {"institution": other})
        )
        create_contact(position=twin, value=f"twin{number}@example.org")
    return one, other


def state_of(*records):
    """Return all rows around the records, except their history, which continues."""
    return {row: fields for row, fields in rows_around(*records).items() if not row[0].startswith("history.")}


@pytest.mark.parametrize(
    ("create", "names"),
    [
        pytest.param(create_rich_institution, ("Tajikfilm", "Tojikfilm"), id="institution"),
        pytest.param(create_rich_person, ("Anna Berg", "Hanna Berh"), id="person"),
    ],
)
def test_undoing_brings_everything_back_as_it_was(desk, create, names):
    kept, merged = twins(create, *names)
    PastSlug.objects.create(record_kind=kept.record_kind(), slug="ancient", record_key=merged.key)
    before = state_of(kept, merged)
    done = merge_on_pages(desk, kept, merged, name_en="other")
    assert state_of(kept, merged) != before

    assert desk.post(undo_address(done)).status_code == 302

    assert state_of(kept, merged) == before
    done.refresh_from_db()
    assert done.undone_at
    assert done.undone_by.username == "editor"


def test_redirects_are_gone_after_undoing(desk, client, kept, merged):
    number = merged.pk
    undo(merge(kept, merged))

    assert client.get("/institutions/tojikfilm/").status_code == 200
    assert desk.get(reverse("admin:institutions_institution_change", args=[number])).status_code == 200
    assert (PastSlug.objects.count(), MergedKey.objects.count()) == (0, 0)


def test_each_record_is_found_by_its_own_name_after_undoing():
    kept, merged = create_institution(name_en="Studio One"), create_institution(name_en="Kazakhfilm")
    undo(merge(kept, merged))
    rebuild_changed()

    assert [one.name_en for one in Institution.objects.published().search("Казахфильм")] == ["Kazakhfilm"]


def test_contact_that_was_one_is_two_again_with_the_check_of_each(kept, merged):
    old = create_contact(institution=kept, checked_on="2024", check_method="telephone")
    new = create_contact(institution=merged, checked_on="2025", check_method="letter")
    done = merge(kept, merged)
    assert InstitutionContact.objects.count() == 1

    undo(done)

    assert list(InstitutionContact.objects.order_by("pk").values_list("pk", "institution", "checked_on")) == [
        (old.pk, kept.pk, "2024"),
        (new.pk, merged.pk, "2025"),
    ]


def test_what_was_added_since_stays_with_the_kept_record(kept, merged):
    done = merge(kept, merged)
    create_contact(institution=kept)

    undo(done)

    assert kept.contacts.count() == 1


def test_moved_contact_confirmed_since_goes_back_with_its_confirmation(kept, merged):
    contact = create_contact(institution=merged)
    done = merge(kept, merged)
    contact.refresh_from_db()
    contact.confirm(method="telephone", on=None)
    checked_on = contact.checked_on

    undo(done)

    contact = merged.contacts.get()
    assert contact.checked_on == checked_on


def test_what_changed_since_is_listed_and_stays_only_when_the_editor_agrees(desk, kept, merged):
    contact = create_contact(institution=merged)
    done = merge(kept, merged, founded="other")
    Institution.objects.filter(pk=kept.pk).update(founded="1940")
    contact.delete()

    page = desk.get(undo_address(done)).content.decode()
    refused = desk.post(undo_address(done))

    assert "institution “Tajikfilm”: founded" in page
    assert "contact of an institution: deleted" in page
    assert (refused.status_code, Institution.objects.count()) == (409, 1)

    agreed = desk.post(undo_address(done), {"although_changed": "on"})

    assert agreed.status_code == 302
    assert Institution.objects.get(pk=kept.pk).founded == "1940"
    assert Institution.objects.get(key="tj-tojikfilm").founded == "1931"


def test_a_save_that_changed_nothing_is_no_change(desk, kept, merged):
    done = merge(kept, merged)
    Institution.objects.get(pk=kept.pk).save()

    assert desk.post(undo_address(done)).status_code == 302


def test_merge_is_undone_once(desk, kept, merged):
    done = merge(kept, merged)
    undo(done)

    again = desk.post(undo_address(done))

    assert again.status_code == 409
    assert "This merge was undone already." in again.content.decode()


def test_merge_whose_kept_record_was_merged_in_its_turn_waits_for_that_one(desk, kept, merged):
    third = create_institution(name_en="Third")
    first = merge(kept, merged)
    second = merge(third, kept)

    refused = desk.post(undo_address(first))
    assert refused.status_code == 409
    assert "Tajikfilm has been merged into another record. Undo that merge first." in refused.content.decode()

    undo(second)
    undo(first)
    assert Institution.objects.count() == 3


def test_merge_whose_kept_record_is_gone_is_not_undone(desk, kept, merged):
    done = merge(kept, merged)
    Institution.objects.get(pk=kept.pk).delete()

    refused = desk.post(undo_address(done))

    assert refused.status_code == 409
    assert "Tajikfilm no longer exists." in refused.content.decode()


def test_place_that_was_taken_since_is_a_refusal_that_changes_nothing(desk, kept, merged):
    # Both have the page, so that the merge left one row; that row has another page since, and the old one came anew.
    page, other_page = create_source(), create_source(url="https://example.org/other")
    row = kept.record_sources.create(source=page, supports=["names"])
    twin = create_contact(institution=kept)
    newer = create_contact(institution=merged, checked_on="2025", check_method="letter")
    done = merge(kept, merged)
    InstitutionContact.objects.filter(pk=newer.pk).update(value="new@example.org")
    create_contact(institution=kept, value=twin.value)
    row.source = other_page
    row.save()

    refused = desk.post(undo_address(done), {"although_changed": "on"})

    assert refused.status_code == 409
    assert "conflicts with one that should be restored" in refused.content.decode()
    assert Institution.objects.count() == 1


def test_refusal_says_what_has_the_place_and_leads_to_success(desk, kept, merged):
    done = merge(kept, merged)
    kept.refresh_from_db()
    kept.slug = "tojikfilm"
    kept.save()

    refused = desk.post(undo_address(done), {"although_changed": "on"})

    assert refused.status_code == 409
    words = "institution “Tajikfilm” conflicts with one that should be restored, with the same: address."
    assert words in refused.content.decode()
    kept.slug = "tajikfilm"
    kept.save()
    undo(done)
    assert set(Institution.objects.values_list("slug", flat=True)) == {"tajikfilm", "tojikfilm"}


def test_record_with_the_merged_key_from_before_the_database_refused_it_is_named(desk, kept, merged):
    done = merge(kept, merged)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE institutions_institution DISABLE TRIGGER institution_nothing_given_up")
        create_institution(name_en="Newcomer", key="tj-tojikfilm")
        cursor.execute("ALTER TABLE institutions_institution ENABLE TRIGGER institution_nothing_given_up")

    refused = desk.post(undo_address(done))

    assert refused.status_code == 409
    assert "“Newcomer” now has the key that should be restored: tj-tojikfilm. Delete it" in refused.content.decode()
    Institution.objects.get(name_en="Newcomer").delete()
    undo(done)


def test_what_lost_all_that_it_belongs_to_stays_away_and_the_rest_comes_back(desk, kept, merged):
    """Check that a merged post whose person was deleted since does not prevent undoing."""
    anna, page = create_person(name_en="Anna Berg"), create_source(url="https://example.org/gone")
    for institution in (kept, merged):
        create_contact(position=create_position(person=anna, institution=institution), value="anna@example.org")
    city = create_city(name_en="Khujand")
    Institution.objects.filter(pk=merged.pk).update(city=city)
    create_contact(institution=merged, value="kept@example.org", source=page)
    create_contact(institution=kept, value="kept@example.org")
    merged.refresh_from_db()
    done = merge(kept, merged, city="kept")
    anna.delete()
    kept.contacts.update(source=None)
    page.delete()
    city.delete()

    refused = desk.post(undo_address(done))
    assert refused.status_code == 409
    assert "post: its record no longer exists" in refused.content.decode()
    agreed = desk.post(undo_address(done), {"although_changed": "on"})

    assert agreed.status_code == 302
    assert Institution.objects.get(key="tj-tojikfilm").city is None
    assert InstitutionContact.objects.get(institution__key="tj-tojikfilm").source is None


def test_participation_that_was_there_twice_comes_back_with_its_institution(kept, merged):
    event, anna = create_event(), create_person()
    for institution in (kept, merged):
        create_participation(event=event, person=anna, institution=institution)
    done = merge(kept, merged)
    assert Participation.objects.count() == 1

    undo(done)

    assert set(Participation.objects.values_list("institution", flat=True)) == {kept.pk, merged.pk}


def test_merge_whose_rows_a_later_one_took_away_waits_for_that_one(desk, kept, merged):
    third = create_institution(name_en="Third")
    create_contact(institution=merged)
    create_contact(institution=third, checked_on="2025", check_method="letter")
    before = state_of(kept, merged, third)
    first = merge(kept, merged)
    second = merge(Institution.objects.get(pk=kept.pk), third)

    refused = desk.post(undo_address(first), {"although_changed": "on"})

    assert refused.status_code == 409
    assert "A later merge, “Third → Tajikfilm”, builds on this one. Undo that merge first." in refused.content.decode()
    undo(second)
    undo(first)
    assert state_of(kept, merged, third) == before


def test_account_of_the_editor_who_checked_may_be_gone(kept, merged):
    checker = create_editor(username="checker")
    create_contact(institution=kept, checked_on="2024", check_method="letter", checked_by=checker)
    create_contact(institution=merged, checked_on="2025", check_method="letter")
    done = merge(kept, merged)
    checker.delete()

    undo(done)

    assert kept.contacts.get().checked_by is None


def test_address_of_a_merge_without_permission_or_of_none(client, desk, kept, merged):
    done = merge(kept, merged)
    assert desk.get(reverse("admin:merging_merge_undo", args=[done.pk + 1])).status_code == 404

    reader = create_editor(username="reader")
    reader.groups.clear()
    client.force_login(reader)
    assert client.post(undo_address(done)).status_code == 403


def test_list_of_merges_shows_only_those_of_own_countries(client, kept, merged):
    foreign = create_country(code="AZ")
    here = merge(kept, merged)
    there = merge(
        create_institution(name_en="Azerbaijanfilm", country=foreign),
        create_institution(name_en="Azarbaycanfilm", country=kept.country),
    )
    limited = create_editor(username="limited")
    limited.country_limits.create(country_code="TJ")
    client.force_login(limited)

    page = client.get(reverse("admin:merging_merge_changelist"))

    assert list(page.context["cl"].result_list) == [here]
    assert client.get(undo_address(there)).status_code == 404


def test_page_of_a_merge_has_no_links_to_pages_of_users(desk, kept, merged):
    editor = create_editor(username="somebody")
    done = merge(kept, merged, by=editor)
    undo(done, by=editor)

    page = html_page(desk.get(reverse("admin:merging_merge_change", args=[done.pk])))

    fields = [field.text for field in page.all("div") if "field-who" in field.attributes.get("class", "")]
    assert [text.split(":")[0] for text in fields] == ["Merged by", "Undone by"]
    assert [link for link in page.all("a") if "/auth/user/" in link.attributes.get("href", "")] == []


def test_done_page_leads_to_undoing(desk, kept, merged):
    done = merge(kept, merged)

    page = desk.get(reverse("admin:merging_merge_change", args=[done.pk])).content.decode()

    assert f'href="{undo_address(done)}"' in page
    assert reverse("admin:institutions_institution_change", args=[kept.pk]) in page


# Withheld people -----------------------------------------------------------------------------------------------------


def test_merge_of_somebody_withheld_since_keeps_nothing_of_them(desk):
    kept, merged = create_person(name_en="Anna Berg"), create_person(name_en="Hanna Berh")
    done = merge(kept, merged)

    withhold(Person.objects.get(pk=kept.pk), reason="letter")

    done.refresh_from_db()
    assert (done.changes, done.kept_name, done.merged_name) == ([], "…", "…")
    refused = desk.post(undo_address(done))
    assert refused.status_code == 409
    assert "was erased, because somebody in it asked not to be listed" in refused.content.decode()


def test_merge_of_institutions_forgets_the_posts_of_somebody_withheld_since(kept, merged):
    anna = create_person(name_en="Anna Berg")
    create_position(person=anna, institution=kept)
    post = create_position(person=anna, institution=merged)
    create_contact(position=post, value="anna@example.org")
    create_participation(person=anna, institution=merged)
    other = create_position(person=create_person(name_en="Olga"), institution=merged)
    done = merge(kept, merged)
    assert "people.PositionContact" in {change["model"] for change in done.changes}

    withhold(Person.objects.get(pk=anna.pk), reason="letter")

    done.refresh_from_db()
    labels = {change["model"] for change in done.changes}
    assert "people.PositionContact" not in labels
    assert [change["number"] for change in done.changes if change["model"] == "people.Position"] == [other.pk]
    undo(done)
    assert Institution.objects.count() == 2


def test_merge_with_a_text_about_somebody_withheld_since_is_not_undone(kept, merged):
    anna = create_person(name_en="Anna Berg")
    Institution.objects.filter(pk=merged.pk).update(description_en="Led by Anna Berg.")
    done = merge(kept, Institution.objects.get(pk=merged.pk), description_en="kept")

    withhold(anna, reason="letter")

    done.refresh_from_db()
    assert done.changes == []
