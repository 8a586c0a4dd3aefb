"""Tests of requests that are too large."""

import pytest

from tests.factories import create_city, create_country, create_event, create_film, create_institution
from web.request_limits import LARGEST_FORM

pytestmark = pytest.mark.django_db

LISTS = ["/institutions/", "/studios/", "/agencies/", "/people/", "/programmes/", "/events/", "/films/", "/changes/"]


@pytest.fixture
def records():
    country = create_country(code="TJ")
    create_institution(country=country, city=create_city(country=country))
    create_event(country=country)
    create_film(countries=[country])


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("query", ["country=TJ&kind=studio&q=a&junk=1&page=1", "country=XX"])
def test_repeated_values_make_no_larger_page(client, records, path, query):
    once = client.get(f"{path}?{query}").content
    often = client.get(f"{path}?{'&'.join([query] * (190 // len(query.split('&'))))}")

    # The address itself stands in a few links; nothing multiplies it.
    assert often.status_code == 200
    assert len(often.content) < len(once) + 60_000


@pytest.mark.parametrize("path", [*LISTS, "/", "/search/", "/compare/", "/coverage/", "/my-list/", "/corrections/new/"])
@pytest.mark.parametrize(
    ("query", "status"),
    [("&".join(["country=TJ"] * 1_000), 414), ("x" * 5_000, 414), ("a&" * 500, 400)],
    ids=["repeated", "long", "many"],
)
def test_url_beyond_all_need_is_refused_in_words(client, path, query, status):
    answer = client.get(f"{path}?{query}")

    assert (answer.status_code, answer["Content-Type"]) == (status, "text/plain; charset=utf-8")
    assert answer.content.decode().startswith("This URL ")


def test_file_of_a_list_under_all_its_columns_is_given(client, records):
    from exports.columns import COLUMNS

    query = "&".join(f"columns={column.name}" for column in COLUMNS)

    assert client.get(f"/institutions/export/json/?{query}").status_code == 200


@pytest.mark.parametrize("path", ["/theme/", "/my-list/add/", "/my-list/change/", "/lists/", "/corrections/new/"])
def test_form_larger_than_any_is_not_read(client, path):
    answer = client.post(path, {"text": "x" * (LARGEST_FORM + 1)})

    assert answer.status_code == 413


@pytest.mark.parametrize("path", ["/", "/account/login/", "/admin/login/"])
def test_body_larger_than_any_import_is_not_read(client, path, settings):
    settings.IMPORT_MAX_BYTES = 0

    assert client.post(path, {"text": "x" * (LARGEST_FORM + 1)}).status_code == 413
