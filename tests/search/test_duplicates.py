"""Tests of finding duplicates in any script among public and hidden records."""

import io

import pytest
from django.core.management import call_command
from django.urls import reverse

from editors.accounts.models import CountryLimit
from institutions.models import Institution
from people.models import Person
from search.duplicates import alike
from search.models import RecordNames, SuspectedDuplicate
from search.rebuilding import rebuild_changed
from tests.factories import create_city, create_country, create_editor, create_institution, create_person
from tests.html_page import html_page

pytestmark = pytest.mark.django_db


def names_alike(model, *names):
    rebuild_changed()
    return [found.record.name_en for found in alike(model.objects.all(), names)]


def pairs():
    rebuild_changed()
    return {(pair.first_id, pair.second_id) for pair in SuspectedDuplicate.objects.open()}


@pytest.mark.parametrize("publication_state", ["draft", "published", "archived"])
@pytest.mark.parametrize(
    ("known", "typed"),
    [
        ("Kazakhfilm", "Казахфильм"),
        ("Kazakhfilm", "Қазақфильм"),
        ("Kazakhfilm National Film Studio", "Киностудия «Казахфильм»"),
        ("State Institution Tojikfilm", "Tadjikfilm"),
        ("Lenfilm Studio", "ООО «Ленфильм»"),
        ("Uzbekfilm", "Oʻzbekfilm"),
        ("Salam Film Studio LLC", "ООО «Киностудия Салам»"),
        ("Belarusfilm", "Республиканское унитарное предприятие «Национальная киностудия «Беларусьфильм»"),
        ("Kazakhfilm named after Shaken Aimanov", "АО «Қазақфильм» им. Ш. Айманова"),
        ("Union of Cinematographers of Tajikistan", "Союз кинематографистов Таджикистана"),
    ],
)
def test_institution_is_known_again_in_any_script_and_state(known, typed, publication_state):
    create_institution(name_en=known, publication_state=publication_state)

    assert names_alike(Institution, typed) == [known]


@pytest.mark.parametrize(
    ("known", "typed"),
    [
        ("Mahmadsaid Shohiyon", "Махмадсаид Шохиён"),
        ("Mahmadsaid Shohiyon", "Shohiyon Mahmadsaid"),
        ("Nazim Huseynov", "Гусейнов Назим"),
        ("Karen Shakhnazarov", "Шахназаров Карен Георгиевич"),
        ("Ivan Petrov", "И. Петров"),
    ],
)
def test_person_is_known_again_in_any_script_and_order(known, typed):
    create_person(name_en=known)

    assert names_alike(Person, typed) == [known]


def test_initial_of_another_given_name_makes_another_person():
    create_person(name_en="Pyotr Petrov")

    assert names_alike(Person, "И. Петров") == []


@pytest.mark.parametrize(
    ("known", "typed"),
    [
        ("Moscow Film School", "Moscow Film Festival"),
        ("Ministry of Culture", "Ministry of Education"),
        ("Uzbekfilm", "Kazakhfilm"),
        ("New Studio", "Old Studio"),
        ("LLC «Zarya»", "ООО «Восток»"),
        ("Shaken's Stars Festival", "Kazakhfilm named after Shaken Aimanov"),
    ],
)
def test_words_for_what_and_where_it_is_make_nothing_alike(known, typed):
    create_institution(name_en=known, city=create_city(name_en="Moscow", country=create_country(code="RU")))

    assert names_alike(Institution, typed) == []


def test_any_of_the_names_counts_and_the_most_alike_comes_first():
    create_institution(name_en="Lenfilm Animation House")
    create_institution(name_en="Lenfilm", name_ru="Ленфильм")

    assert names_alike(Institution, "", "Ленфильм")[0] == "Lenfilm"


def test_nothing_typed_is_like_nothing():
    create_institution()

    assert names_alike(Institution, "", " ", None) == []


def test_withheld_person_is_kept_under_no_form_of_the_name():
    create_person(name_en="Asked Away", withheld=True)

    assert names_alike(Person, "Asked Away") == []
    assert [row.keys for row in RecordNames.objects.filter(record_table="people_person")] == [[]]


def test_pair_of_one_country_and_kind_is_suspected_until_a_name_changes():
    latin = create_institution(name_en="Kazakhfilm")
    cyrillic = create_institution(name_en="KF", name_ru="Казахфильм")
    create_institution(name_en="Kazakhfilm Archive", kind="archive")
    create_institution(
        name_en="Kazakhfilm abroad", name_native="Қазақфильм", native_language="kk", country=create_country(code="UZ")
    )

    assert pairs() == {(latin.pk, cyrillic.pk)}
    cyrillic.name_ru = "Совсем другая"
    cyrillic.save()
    assert pairs() == set()


def test_deleted_record_is_suspected_no_longer():
    create_institution(name_en="Kazakhfilm")
    second = create_institution(name_en="KF", name_ru="Казахфильм")
    assert len(pairs()) == 1

    second.delete()

    assert pairs() == set()


def test_pair_that_was_looked_at_stays_so_when_everything_is_made_anew():
    create_institution(name_en="Kazakhfilm")
    create_institution(name_en="KF", name_ru="Казахфильм")
    pairs()
    SuspectedDuplicate.objects.update(is_dismissed=True)

    call_command("find_duplicates", stdout=io.StringIO())

    assert pairs() == set()
    assert SuspectedDuplicate.objects.count() == 1


def test_command_finds_pairs_and_says_how_many():
    create_institution(name_en="Kazakhfilm")
    create_institution(name_en="KF", name_ru="Казахфильм")
    rebuild_changed()
    SuspectedDuplicate.objects.all().delete()
    output = io.StringIO()

    call_command("find_duplicates", stdout=output)

    assert "institutions: 1" in output.getvalue().splitlines()


def test_editor_marks_a_pair_as_two_different_ones(client):
    editor = create_editor()
    client.force_login(editor)
    create_institution(name_en="Kazakhfilm")
    create_institution(name_en="KF", name_ru="Казахфильм")
    rebuild_changed()
    page = reverse("admin:search_suspectedduplicate_changelist")
    assert "Kazakhfilm" in client.get(page).content.decode()
    pair = SuspectedDuplicate.objects.get()

    client.post(page, {"action": "mark_as_different", "_selected_action": [pair.pk]})

    pair.refresh_from_db()
    assert (pair.is_dismissed, pair.dismissed_by) == (True, editor)
    assert "Kazakhfilm" not in client.get(page).content.decode()


def test_pair_is_shown_with_the_country_in_the_editors_language(client):
    client.force_login(create_editor())
    create_institution(name_en="Kazakhfilm")
    create_institution(name_en="KF", name_ru="Казахфильм")
    rebuild_changed()

    page = html_page(client.get("/ru" + reverse("admin:search_suspectedduplicate_changelist")))

    (cell,) = [cell for cell in page.all("td") if "field-country" in cell.attributes.get("class", "")]
    assert cell.text == "Таджикистан"


def test_limited_editor_sees_pairs_of_the_own_countries_only(client):
    editor = create_editor()
    CountryLimit.objects.create(user=editor, country_code="UZ")
    client.force_login(editor)
    create_institution(name_en="Kazakhfilm")
    create_institution(name_en="KF", name_ru="Казахфильм")

    assert "Kazakhfilm" not in client.get(reverse("admin:search_suspectedduplicate_changelist")).content.decode()


@pytest.mark.parametrize("pair_count", [1, 3])
def test_list_of_pairs_asks_a_fixed_number_of_times(client, django_assert_num_queries, pair_count):
    client.force_login(create_editor())
    for number in range(pair_count):
        create_institution(name_en=f"Studio Qwertz{number}uiop")
        create_institution(name_en=f"Qwertz{number}uiop film", key=f"second-{number}")
    rebuild_changed()
    page = reverse("admin:search_suspectedduplicate_changelist")
    client.get(page)

    with django_assert_num_queries(10):
        client.get(page)
