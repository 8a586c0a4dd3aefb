import pytest

from search.spelling import distance, is_inflected, likeness, similarity_keys, skeleton

WORDS = ["kazahfilm", "tajikfilm", "shahnazarov", "gorki", "beltelefilm", "abikeieva", "didor", "okko"]


def slips(word):
    """Return the word with one letter left out, doubled by another, exchanged, or swapped with the next."""
    for place in range(1, len(word)):
        yield word[:place] + word[place + 1 :]
        yield word[:place] + "r" + word[place:]
        yield word[:place] + "o" + word[place + 1 :]
        yield word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :]


@pytest.mark.parametrize("word", WORDS)
def test_every_single_slip_shares_a_key_with_the_word(word):
    lost = [slip for slip in slips(word) if not set(similarity_keys(slip)) & set(similarity_keys(word))]

    assert lost == []


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("tajkifilm", "tajikfilm"),
        ("mosflim", "mosfilm"),
        ("usbekino", "uzbekino"),
        ("shaknazarov", "shahnazarov"),
        ("tijo", "toji"),
        ("abiekeva", "abikeieva"),
        ("soius", "soiuz"),
        ("aik", "haik"),
    ],
)
def test_slips_and_kindred_sounds_are_taken_for_the_word(typed, written):
    assert likeness(typed, written) >= 0.62


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("mosfilm", "lenfilm"),
        ("uzbekfilm", "kazahfilm"),
        ("dovjenko", "davidenko"),
        ("jgk", "jsk"),
        ("kino", "okno"),
        ("paramunt", "kara"),
    ],
)
def test_other_words_are_not(typed, written):
    assert likeness(typed, written) == 0.0


def test_likeness_falls_with_each_slip():
    exact, one, two = (likeness(typed, "shahnazarov") for typed in ("shahnazarov", "shahnazaorv", "shanhazaorv"))

    assert 1.0 == exact > one > two > 0.0


def test_distance_is_the_same_both_ways_inside_a_word():
    assert distance("gorki", "gorzi") == distance("gorzi", "gorki") == 1.0
    assert distance("gorki", "gorhi") < 1.0


def test_wrong_beginning_costs_more_than_a_wrong_middle():
    assert distance("mosfilm", "losfilm") > distance("mosfilm", "moffilm")


@pytest.mark.parametrize(
    ("word", "bones"),
    [("shahnazarov", "sknsrp"), ("chaknazarov", "sknsrp"), ("ufa", "ap"), ("kazahfilm", "kskplm")],
)
def test_skeleton_holds_classes_of_consonants(word, bones):
    assert skeleton(word) == bones


@pytest.mark.parametrize(
    ("typed", "written", "expected"),
    [
        ("ostrovskogo", "ostrovski", True),
        ("beloruskogo", "beloruskie", True),
        ("mosfilma", "mosfilm", True),
        ("film", "filmotek", False),
        ("kino", "kina", False),
        ("minsk", "minsk", True),
    ],
)
def test_russian_forms_of_one_word(typed, written, expected):
    assert is_inflected(typed, written) is expected
