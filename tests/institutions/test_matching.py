"""Tests of matching rows of somebody's list with institutions and people."""

import pytest

from institutions.matching import InstitutionMatcher, Sought
from institutions.models import InstitutionKind
from people.matching import PersonMatcher, SoughtPerson
from records.base import NameKind
from records.contact_types import ContactKind
from search.matches import Certainty
from search.rebuilding import rebuild_changed
from tests.bench.list_matching import judged_people, judged_rows
from tests.factories import (
    create_city,
    create_contact,
    create_country,
    create_institution,
    create_institution_name,
    create_person,
    create_position,
)
from tests.messy_lists import MessyList

pytestmark = pytest.mark.django_db


@pytest.fixture
def tajikfilm():
    dushanbe = create_city(name_en="Dushanbe", name_ru="Душанбе", other_spellings=["Stalinabad"])
    studio = create_institution(name_en="Tajikfilm", name_ru="Таджикфильм", city=dushanbe)
    create_institution_name(institution=studio, text="Stalinabad Film Studio", kind=NameKind.FORMER)
    create_contact(institution=studio, kind=ContactKind.PHONE, value="+992372210000")
    create_contact(institution=studio, kind=ContactKind.WEBSITE, value="https://www.tajikfilm.tj/en/")
    almaty = create_city(name_en="Almaty", country=create_country(code="KZ"))
    create_institution(name_en="Union of Cinematographers", kind=InstitutionKind.UNION, key="tj-union")
    create_institution(name_en="Union of Cinematographers", kind=InstitutionKind.UNION, key="kz-union", city=almaty)
    create_institution(name_en="Tajikfilm Archive", publication_state="draft")
    rebuild_changed()
    return studio


@pytest.mark.parametrize(
    ("row", "certainty", "key"),
    [
        (Sought(("Киностудия «ТАДЖИКФИЛЬМ»",)), "certain", "tajikfilm"),
        (Sought(("Stalinabad Film Studio",), "TJ"), "certain", "tajikfilm"),
        # Country and city in the wrong columns, and the city by its old name.
        (Sought(("Tajikfilm",), "Сталинабад", "Таджикистан"), "certain", "tajikfilm"),
        (Sought(("Tajikfim",), "Tajikistan"), "likely", "tajikfilm"),
        (Sought(("Tajik Film Co",), contacts=("тел. (372) 21-00-00",), country="Tajikistan"), "certain", "tajikfilm"),
        (Sought(("Tajikfilm studios",), contacts=("director@tajikfilm.tj",)), "certain", "tajikfilm"),
        (Sought(("Warner",), "TJ", contacts=("http://tajikfilm.tj",)), "likely", "tajikfilm"),
        (Sought(("Tajikfilm",), "India"), "none", ""),
        (Sought(("Tajikfilm",), "", "Almaty"), "none", ""),
        (Sought(("Tajikfilm Festival",), "Tajikistan"), "none", ""),
        (Sought(("Union of Cinematographers",)), "several", ""),
        (Sought(("Союз кинематографистов",), "Казахстан"), "likely", "kz-union"),
        (Sought(("Union of Cinematographers",), "Kazakhstan"), "certain", "kz-union"),
        (Sought((), key="/ru/studios/tajikfilm/"), "certain", "tajikfilm"),
        (Sought(("Tajikfilm Archive",), "Tajikistan"), "none", ""),
        (Sought(("",)), "none", ""),
    ],
)
def test_a_row_is_certain_where_name_or_contact_prove_it_and_nothing_speaks_against_it(tajikfilm, row, certainty, key):
    match = InstitutionMatcher().match([row])[0]

    assert match.certainty == certainty
    assert (match.record.key if match.record else "") == key


def test_a_change_counts_before_the_words_of_the_search_are_written(tajikfilm):
    tajikfilm.name_en, tajikfilm.name_ru = "Somon Pictures", ""
    tajikfilm.save()

    matches = InstitutionMatcher().match([Sought(("Somon Pictures",)), Sought(("Tajikfilm",))])

    assert [match.certainty for match in matches] == [Certainty.CERTAIN, Certainty.NONE]


def test_a_person_is_certain_at_an_institution_of_a_present_or_former_post(tajikfilm):
    person = create_person(name_en="Anna Steinberg", name_ru="Анна Стейнберг", country=create_country())
    create_position(person=person, institution=tajikfilm, until="2019")
    withheld = create_person(name_en="Ivan Petrov", withheld=True)
    create_position(person=withheld, institution=tajikfilm)
    rebuild_changed()
    here, elsewhere = frozenset({tajikfilm.pk}), frozenset({0})
    rows = [
        SoughtPerson(("СТЕЙНБЕРГ Анна Ивановна",), here),
        SoughtPerson(("A. Steinberg",), here),
        SoughtPerson(("Anna Steinburg",), here),
        SoughtPerson(("Anna Steinberg",)),
        SoughtPerson(("Anna Steinberg",), elsewhere),
        SoughtPerson(("Anna Steinberg",), country="Japan"),
        SoughtPerson(("Ivan Petrov",), here),
        SoughtPerson(("Anna Kim",), here),
    ]

    certainties = [match.certainty.value for match in PersonMatcher().match(rows)]

    assert certainties == ["certain", "likely", "likely", "likely", "likely", "none", "none", "none"]


@pytest.mark.real_data
def test_a_messy_list_of_the_data_set_is_matched_right_and_never_certain_of_another():
    rows = MessyList(18).rows(200)

    counts, people = judged_rows(rows), judged_people(rows)

    known = sum(1 for row in rows if row.institution)
    assert counts["named"] >= 0.97 * known
    assert counts["certain, wrong"] == counts["stranger: certain"] == people["certain, wrong"] == 0
    assert people["named"] >= 0.97 * sum(1 for row in rows if row.position)
