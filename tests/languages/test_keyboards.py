import pytest

from languages.keyboards import other_layouts


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("rfpf[abkmv", "казахфильм", id="russian-on-english"),
        pytest.param("Nfl;brabkmv", "Таджикфильм", id="capital-and-semicolon"),
        pytest.param("<tkfhecmabkmv", "Беларусьфильм", id="capital-of-a-comma"),
        pytest.param("Ьщыашдь", "Mosfilm", id="english-on-russian"),
        pytest.param("дуташдь", "lenfilm", id="english-on-russian-lower-case"),
        pytest.param("rbyjcnelsz", "кіностудыя", id="belarusian-on-english"),
    ],
)
def test_keys_are_read_on_the_other_layout(typed, meant):
    assert meant in other_layouts(typed)


@pytest.mark.parametrize("typed", ["", "2025", "!?;", "Тоҷикfilm", "Հայֆիլմ"])
def test_text_that_is_no_slip_of_the_layout_has_no_other_reading(typed):
    assert other_layouts(typed) == []
