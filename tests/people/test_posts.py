"""Tests of titles of posts, with titles that pages really use."""

import pytest

from people.models import Position
from people.posts import (
    end_of_former_post,
    english_title,
    english_titles,
    is_english_title,
    is_former,
    is_general,
    is_russian_title,
    is_same_post,
    reports_event,
    role_of,
    russian_title,
    seat_of,
    title_language,
)


@pytest.mark.parametrize(
    ("title", "institution_name", "seat", "role"),
    [
        ("Director", "", "director", "head"),
        ("Director General", "", "director", "head"),
        ("General director", "", "director", "head"),
        ("Chief Executive Officer", "", "director", "head"),
        ("Acting director general", "", "director", "head"),
        ("Acting head", "", "director", "head"),
        ("Head of the studio", "Hoçazfilm", "director", "head"),
        ("Head of the company (sole executive body)", "Soyuzmultfilm", "director", "head"),
        ("Festival director and artistic director", "", "director", "head"),
        ("Director of the branch, professor", "", "director", "head"),
        ("Founder and director", "", "director", "head"),
        ("Co-founder, head of the Fund", "Golden Apricot Fund", "director", "head"),
        ("Head of the Moscow Film Commission", "Moscow Film Commission", "director", "head"),
        # A film department of a longer name, and the CIS for the whole of it.
        ("Head of the Film Department", "Department of Culture and Tourism", "director", "head"),
        ("Head of the CIS Committee", "Interstate Committee", "director", "head"),
        ("Head of the Film Fund", "Ministry of Culture", "head-of-the-film-fund", "head"),
        ("Director of …", "Ministry of Culture", "director-of", "head"),
        ("First Deputy Chief Executive (acting head)", "", "director", "head"),
        ("Executive Director", "", "executive-director", "head"),
        ("Executive Director of the 30th Listapad", "Listapad Festival", "executive-director", "head"),
        ("Chairman", "", "chair", "head"),
        ("Chairwoman", "", "chair", "head"),
        ("Chairman of the Board", "", "chair", "head"),
        ("Chair (Deputy Prime Minister)", "", "chair", "head"),
        ("Chair of the Union", "Union of Cinematographers", "chair", "head"),
        ("Chairman of the Board of Directors", "", "board-chair", "head"),
        ("Chair of the Culture Committee", "Ministry", "chair-of-the-culture-committee", "head"),
        ("Acting President", "", "president", "head"),
        ("Chairman / President", "", "president", "head"),
        ("President of the XVI festival", "", "president", "head"),
        ("Minister of Culture and Information", "", "minister", "head"),
        ("Outgoing Minister of Culture", "", "minister", "head"),
        ("Rector (before 2023)", "", "rector", "head"),
        ("Vice-rector with the powers of rector", "", "rector", "head"),
        ("Secretary General of the CIS", "CIS Executive Committee", "secretary-general", "head"),
        ("Press Secretary", "", "press-secretary", "spokesperson"),
        ("Secretary-General", "", "secretary-general", "head"),
        ("Executive secretary", "", "executive-secretary", "other"),
        ("Editor-in-chief", "", "editor-in-chief", "specialist"),
        ("Art director", "", "artistic-director", "production"),
        ("Artistic director", "", "artistic-director", "production"),
        ("Managing director", "", "director", "head"),
        ("Founding director", "", "director", "head"),
        ("Chairperson", "", "chair", "head"),
        ("Dean", "", "dean", "head"),
        ("Program director", "", "programme-director", "festival"),
        ("Programme director", "", "programme-director", "festival"),
        (
            "Head of the international department",
            "Golden Apricot",
            *("head-of-the-international-department", "international"),
        ),
        ("Deputy Director General", "", "", "deputy"),
        ("Vice-chairman", "", "", "deputy"),
        ("First deputy of the director", "", "", "deputy"),
        ("Advisor to the CEO", "", "", "adviser"),
        ("Leading specialist", "", "", "specialist"),
        ("Member of the National Assembly of Azerbaijan", "", "", "elected"),
        ("Co-chair of the Board", "", "", "head"),
        ("General Producer", "", "", "production"),
        ("Founder", "", "", "other"),
        ("Representative", "", "", "other"),
        ("Head of department", "", "", "specialist"),
        # Two heads at once: neither follows the other.
        ("Head (with Nino Chichua)", "", "", "head"),
    ],
)
def test_seat_and_role(title, institution_name, seat, role):
    assert (seat_of(title, institution_name), role_of(title, institution_name)) == (seat, role)


def test_unknown_title_has_no_russian_form():
    assert russian_title("Keeper of the keys") == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Director General", "General director"),
        ("Deputy Culture Minister", "Deputy Minister of Culture"),
        ("Chair", "Chairwoman"),
        ("Keeper of the keys", "KEEPER of the keys"),
    ],
)
def test_two_titles_of_one_post(one, other):
    assert is_same_post(one, other)


def test_titles_of_two_posts():
    assert not is_same_post("Acting director", "Director")
    assert not is_same_post("Senior Specialist", "Leading specialist")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("директор", True),
        ("заведующий отделом", True),
        ("временно исполняющий обязанности президента", True),
        ("директору", False),
        ("временно исполнять обязанности президента", False),
        ("временно исполняющим обязанности руководителя", False),
        ("среди создателей студии", False),
        ("временно", False),
        ("", False),
    ],
)
def test_title_in_the_nominative(text, expected):
    assert is_russian_title(text) is expected


def test_sentence_about_an_election_is_no_title():
    assert reports_event("председателем новой структуры избрали")
    assert not reports_event("председатель")


@pytest.mark.parametrize(
    ("text", "native_languages", "source_language", "language"),
    [
        ("տնօրեն", ("hy",), "hy", "hy"),
        ("baş direktor", ("az",), "", "az"),
        ("mədəniyyət naziri", ("az",), "", "az"),
        ("icraçı direktor", (), "", "az"),
        ("TÜRKSOY Genel Sekreteri", ("tr",), "", "tr"),
        ("ministrul Culturii", ("ro",), "", "ro"),
        ("rector", ("ro",), "", "ro"),
        ("markazi rahbari", ("uz", "uz-Cyrl"), "", "uz"),
        ("директори", ("uz", "uz-Cyrl"), "", "uz-Cyrl"),
        ("директор ўринбосари", ("tg",), "", "uz-Cyrl"),
        ("раис", ("tg",), "", "uz-Cyrl"),
        ("Раиси Иттифоқи синамогарони Тоҷикистон", ("tg",), "", "tg"),
        ("рэктар", ("be",), "", "be"),
        ("Міністр культуры", ("be",), "", "be"),
        ("төрагасы", ("ky",), "", "ky"),
        ("директор", ("ky",), "", "ru"),
        ("directeur", (), "fr", "fr"),
    ],
)
def test_language_of_a_title(text, native_languages, source_language, language):
    assert title_language(text, native_languages=native_languages, source_language=source_language) == language


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("az", "baş icraçı katib direktor rektor"),
        ("be", "дырэктар рэктар міністр старшыня намеснік"),
        ("kk", "төраға төрағасы"),
        ("ky", "төрага төрагасы"),
        ("ro", "directorul directoarea ministrul președintele preşedintele"),
        ("tg", "раиси"),
        ("tr", "genel sekreteri başkanı müdürü"),
        ("uz", "direktori rahbari raisi"),
        ("uz-Cyrl", "директори ректори раис"),
    ],
)
def test_one_word_tells_the_language_whatever_the_country(language, words):
    told = {word: title_language(word, native_languages=(), source_language="en") for word in words.split()}

    assert told == dict.fromkeys(words.split(), language)


def test_word_and_letter_of_two_languages_are_of_the_countrys_own():
    assert title_language("раиси", native_languages=("uz", "uz-Cyrl"), source_language="") == "uz-Cyrl"
    assert title_language("кіраўнік", native_languages=("be",), source_language="") == "be"
    assert title_language("бошлиқ ўринбосари", native_languages=("uz", "uz-Cyrl"), source_language="") == "uz-Cyrl"


def test_seat_of_the_longest_title_fits_its_column():
    title = f"Head of the {'very ' * 30}long department"

    assert seat_of(title).startswith("head-of-the-very-very")
    assert len(seat_of(title)) <= Position._meta.get_field("seat").max_length


def test_end_of_a_former_post():
    assert end_of_former_post("Rector (before 2023)") == "2023"
    assert end_of_former_post("Director (before the centre)") is None
    assert end_of_former_post("Director") is None
    assert is_former("Rector (before 2023)")
    assert is_former("Director (before the centre)")
    assert not is_former("Director (since 2023)")


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Head", True),
        ("Acting head (of all)", True),
        ("head", True),
        ("Head of the studio", False),
        ("Director", False),
    ],
)
def test_word_for_being_at_the_top_is_told_from_a_title(title, expected):
    assert is_general(title) is expected


@pytest.mark.parametrize(
    ("text", "title"),
    [("генеральный директор", "General Director"), ("DIRECTOR", "Director"), ("Keeper of the keys", "")],
)
def test_english_title_of_words_in_either_language(text, title):
    assert english_title(text) == title


def test_one_english_title_is_offered_for_each_post():
    titles = english_titles()

    assert len(titles) == len({russian_title(title) for title in titles})
    assert {"Director", "Chair"} <= set(titles)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Director of the studio", True),
        ("Senior Keeper", True),
        ("Keeper of keys", False),
        ("директор", False),
        ("direktor", False),
        ("baş direktor", False),
        # With a word that English titles have, and one that is Turkish.
        ("Genel director", False),
    ],
)
def test_english_title_is_told_from_words_of_other_languages(text, expected):
    assert is_english_title(text) is expected
