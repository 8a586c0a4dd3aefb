"""Tests of grouping statements about a post, and of the seat that "head" means."""

import pytest

from dataset.people import grouped_statements, position_rows

PAGES = [{"url": f"https://example.org/{number}", "title": "Page", "date": None, "supports": []} for number in range(3)]


def statement(title="Director", *, since=None, until=None, as_of=None, page=0, institution="az-test", body=None):
    return {
        "institution": institution,
        "body": body,
        "title_en": title,
        "title_original": None,
        "from": since,
        "until": until,
        "as_of": as_of,
        "source": PAGES[page]["url"],
    }


def person(*statements):
    return {
        "key": "az-somebody",
        "country": "AZ",
        "names": {"en": "Somebody"},
        "variants": [],
        "positions": list(statements),
        "sources": PAGES,
    }


@pytest.mark.parametrize(
    ("one", "other", "posts"),
    [
        (statement(as_of="2024"), statement(as_of="2025"), 1),
        (statement(as_of="2024"), statement(as_of=None), 1),
        (statement(since="2020"), statement(since="2020-05"), 1),
        (statement(since="2020"), statement(since="2021"), 2),
        (statement(until="2020"), statement(as_of="2019"), 1),
        (statement(until="2020"), statement(as_of="2025"), 2),
        (statement(until="2020"), statement(since="2023"), 2),
        (statement("Director General"), statement("General Director"), 1),
        (statement("Acting director"), statement("Director"), 2),
        (statement(), statement(institution="az-other"), 2),
    ],
)
def test_statements_about_one_post(one, other, posts):
    assert len(grouped_statements([one, other])) == posts


def test_post_has_the_newest_page_and_the_most_exact_dates():
    [post] = position_rows(
        person(
            statement(since="2020", as_of="2021", page=0),
            statement(since="2020-05", as_of="2023", page=1),
            statement(as_of=None, page=2),
        ),
        {},
    )

    assert (post.values["since"], post.values["as_of"], post.values["source"]) == ("2020-05", "2023", PAGES[1]["url"])
    assert [(older.values["source"], older.values["as_of"]) for older in post.rows["older_sources"]] == [
        (PAGES[0]["url"], "2021"),
        (PAGES[2]["url"], None),
    ]


def test_bare_head_means_the_persons_other_seat_at_the_top():
    head, chair = position_rows(
        person(statement("Head", as_of="2025"), statement("Chairman of the Board", as_of="2024")), {}
    )

    assert (head.values["seat"], chair.values["seat"]) == ("chair", "chair")


def test_bare_head_alone_is_the_director():
    [head] = position_rows(person(statement("Head", as_of="2025")), {})

    assert head.values["seat"] == "director"


def test_former_post_ends_with_its_year_or_with_the_next_post():
    [rector] = position_rows(person(statement("Rector (before 2023)")), {})
    _, before = position_rows(
        person(statement(as_of="2025-09", institution="az-centre"), statement("Director (before the centre)")), {}
    )

    assert (rector.values["until"], before.values["until"]) == ("2023", "2025")
