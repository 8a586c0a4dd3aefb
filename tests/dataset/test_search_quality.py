"""Tests of search quality on the real data set, and of its measurement."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from dataset.search_quality import (
    Expectation,
    Outcome,
    QueryFileError,
    contained_in_a_name,
    full_text_search,
    misses,
    quality,
    read_expectations,
    search_all_kinds,
    try_all,
)
from tests.factories import create_event, create_institution, create_institution_name, create_person

QUERIES = Path(__file__).parent.parent / "search" / "queries.tsv"


def outcome(keys, found):
    return Outcome(Expectation("text", frozenset(keys), "typo", "easy"), found)


def test_quality_counts_places_of_right_answers():
    outcomes = [
        outcome(["a"], ["a", "b"]),
        outcome(["a", "c"], ["b", "c"]),
        outcome(["a"], ["b", "c", "d", "a"]),
        outcome(["a"], []),
        outcome([], []),
        outcome([], ["a"]),
    ]

    measured = quality(outcomes)

    assert (measured.recall_at_1, measured.recall_at_3, measured.mrr) == (0.25, 0.5, (1 + 1 / 2 + 1 / 4) / 4)
    assert (measured.queries, measured.nothing_queries, measured.nothing) == (4, 2, 0.5)
    assert misses(outcomes) == [outcomes[1], outcomes[2], outcomes[3], outcomes[5]]


@pytest.mark.django_db
def test_all_kinds_are_ranked_in_one_list():
    create_institution(name_en="Institute of Screen Arts named after Somon", key="tj-institute")
    create_person(name_en="Somon", key="tj-somon")
    create_event(name_en="Somon Forum of Young Authors", key="somon-forum")

    assert search_all_kinds("Somon") == ["tj-somon", "somon-forum", "tj-institute"]


@pytest.mark.django_db
def test_other_ways_to_search_are_what_they_are_called():
    record = create_institution(name_en="Kazakhfilm", name_ru="Киностудия Казахфильм")
    create_institution_name(institution=record, text="ЦОКС")

    assert contained_in_a_name("азахф") == [record.key]
    assert full_text_search("азахф") == []
    assert full_text_search("казахфильм") == full_text_search("цокс") == [record.key]
    assert contained_in_a_name("kazahfilm") == full_text_search("kazahfilm") == []


@pytest.mark.django_db
@pytest.mark.real_data
def test_search_finds_what_people_mean_in_the_real_directory():
    # A third of the queries tells the same; `manage.py search_quality` tries them all.
    measured = quality(try_all(read_expectations(QUERIES)[::3], search_all_kinds))

    assert measured.queries > 200
    assert measured.recall_at_1 >= 0.97
    assert measured.recall_at_3 >= 0.98
    assert measured.nothing >= 0.95


@pytest.mark.django_db
def test_command_prints_figures_and_misses(capsys, tmp_path):
    create_institution(name_en="Kazakhfilm", key="kz-kazakhfilm")
    file = tmp_path / "queries.tsv"
    file.write_text(
        "query\texpected_key\tkind\tdifficulty\n"
        'Қазақфильм "Kazakhfilm"\tkz-kazakhfilm\tnative-script\teasy\n'
        "kazahfilm\tkz-other|kz-kazakhfilm\ttypo\teasy\n"
        "Somebody Else\tkz-kazakhfilm\ttypo\thard\n"
        "xqzwv\t\tnothing\teasy\n",
        encoding="utf-8",
    )

    call_command("search_quality", str(file))

    printed = capsys.readouterr().out
    assert printed.startswith("recall@1 0.667\nrecall@3 0.667\nmrr 0.667\nnothing 1.000\n")
    assert "icontains" in printed
    assert "full-text 'simple'" in printed
    assert "Misses: 1\nSomebody Else  (typo): kz-kazakhfilm; found nothing" in printed


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(b"query\tkind\nx\ty\n", "no column expected_key"), (b"\xff\xfe\x00", "can't decode"), (None, "No such file")],
)
def test_file_that_cannot_be_read_is_refused_with_the_reason(tmp_path, content, complaint):
    file = tmp_path / "queries.tsv"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(QueryFileError, match=complaint):
        read_expectations(file)
    with pytest.raises(CommandError, match=complaint):
        call_command("search_quality", str(file))


def test_file_without_queries_is_refused(tmp_path):
    file = tmp_path / "queries.tsv"
    file.write_text("query\texpected_key\tkind\tdifficulty\n", encoding="utf-8")

    with pytest.raises(CommandError, match="no queries"):
        call_command("search_quality", str(file))
