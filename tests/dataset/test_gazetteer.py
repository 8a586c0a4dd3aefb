"""Tests of coordinates and spellings from the gazetteer."""

from io import StringIO

import pytest
from django.core.management import call_command

from dataset import gazetteer
from institutions.models import City
from tests.factories import create_city, create_country

pytestmark = pytest.mark.django_db


def test_city_gets_coordinates_and_spellings():
    city = create_city(name_en="Chișinău", country=create_country(code="MD"))
    output = StringIO()

    call_command("locate_cities", stdout=output)

    city.refresh_from_db()
    assert (city.geonames_id, city.name_ru) == (618426, "Кишинёв")
    assert (city.name_native, city.native_language) == ("Chișinău", "ro")
    assert (str(city.latitude), str(city.longitude)) == ("47.0090", "28.8594")
    assert output.getvalue() == "1 cities located or renamed, 0 unchanged\n"


def test_locating_twice_changes_nothing_and_keeps_what_an_editor_wrote():
    city = create_city(name_en="Minsk", country=create_country(code="BY"), name_ru="Менск")
    call_command("locate_cities", stdout=StringIO())

    output = StringIO()
    call_command("locate_cities", stdout=output)

    city.refresh_from_db()
    assert (city.name_ru, city.name_native) == ("Менск", "Мінск")
    assert output.getvalue() == "0 cities located or renamed, 1 unchanged\n"


def test_overwrite_lets_the_gazetteer_win():
    city = create_city(name_en="Minsk", country=create_country(code="BY"), name_ru="Менск")

    call_command("locate_cities", "--overwrite", stdout=StringIO())

    city.refresh_from_db()
    assert city.name_ru == "Минск"


def test_largest_place_of_the_name_is_meant():
    city = City(key="ru-moscow", name_en="Moscow", country_id="RU")

    assert gazetteer.place_of(city)["geonameid"] == 524901


def test_unknown_city_is_reported():
    create_city(name_en="Atlantis", country=create_country(code="AZ"), key="az-atlantis")
    errors = StringIO()

    call_command("locate_cities", stdout=StringIO(), stderr=errors)

    assert errors.getvalue() == "az-atlantis: no place called Atlantis in AZ\n"


def test_spelling_that_the_gazetteer_does_not_know_is_refused(monkeypatch):
    spelling = {"country": "BY", "en": "Minsk", "ru": "Миннск", "native": "Мінск", "language": "be"}
    monkeypatch.setattr(gazetteer, "city_spellings", lambda: {("BY", "Minsk"): spelling})
    city = create_city(name_en="Minsk", country=create_country(code="BY"))
    errors = StringIO()

    call_command("locate_cities", stdout=StringIO(), stderr=errors)

    city.refresh_from_db()
    assert (city.name_ru, city.name_native) == ("", "Мінск")
    assert errors.getvalue() == "by-minsk: Миннск is not among the names of Minsk in the gazetteer\n"


def test_every_spelling_is_the_gazetteers():
    for (country, name), _ in gazetteer.city_spellings().items():
        city = create_city(name_en=name, country=create_country(code=country))

        location = gazetteer.locate([city])

        assert location.problems == []
        assert city.name_ru != ""
