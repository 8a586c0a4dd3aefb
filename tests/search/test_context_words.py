import pytest

from cooperation.models import EventKind
from institutions.models import CisStatus, InstitutionKind, ProgrammeKind, Service
from languages.folding import fold_for_search
from search.context_words import _file, choice_words, country_words, kind_words, same_meaning


@pytest.mark.parametrize("kind", [*InstitutionKind, *EventKind, *ProgrammeKind])
def test_every_kind_has_words(kind):
    # "Forum" and "meeting" are kinds of events and programmes alike.
    assert _file()["kinds"].get(kind.value), kind


@pytest.mark.parametrize("service", Service)
def test_every_service_has_words(service):
    assert _file()["services"].get(service.value), service


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("AZ", "azerbaijan"),
        ("UZ", "ozbekiston"),
        ("AM", "haiastan"),
        (None, "sng"),
        (None, "cis"),
    ],
)
def test_countries_are_called_in_the_languages_of_the_region(code, word):
    assert word in {part for words in country_words(code) for part in fold_for_search(*words).split()}


def test_choice_is_named_in_both_languages_of_the_site():
    assert [words.text for words in choice_words(InstitutionKind.STUDIO)] == ["studio", "киностудия"]
    assert [words.language for words in choice_words(CisStatus.MEMBER)] == ["en", "ru"]


@pytest.mark.parametrize(
    ("asked", "named"),
    [("dni", "days"), ("beloruskogo", "belarusian"), ("festivala", "festival"), ("kulturi", "culture")],
)
def test_words_mean_the_same_across_languages_and_forms(asked, named):
    assert fold_for_search(named) in same_meaning(asked)


@pytest.mark.parametrize("word", ["mosfilm", "xqz", "karen", "a"])
def test_names_have_no_other_meaning(word):
    assert same_meaning(word) == frozenset()


def test_kinds_are_hints_and_names_are_not():
    assert {"studio", "kinostudia", "arhiv"} <= kind_words()
    assert not {"mosfilm", "gorki"} & kind_words()
