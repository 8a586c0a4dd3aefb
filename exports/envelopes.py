"""Envelopes: the lines of a postal address in local form and in Latin letters."""

import unicodedata

from languages.romanisation import to_latin

from .facts import CITY_OWN, institution_name, of_institution, person_name
from .wording import country_in_words

# The address is what everything else has to fit: "en" besides Latin letters, else the names asked for.
LOCAL_FACTS = (
    *(person_name(), institution_name(), of_institution("address_local"), of_institution("postal_code")),
    *(CITY_OWN, of_institution("country_id")),
)
LATIN_FACTS = (
    *(person_name("en"), institution_name("en"), of_institution("address_latin"), of_institution("postal_code")),
    *(of_institution("city__name_en"), of_institution("country_id")),
)


def _postal_block(person: str, institution: str, address: str, postal_code: str, city: str, country: str) -> str:
    """The lines of an envelope, with names in the language that fits the address."""
    if not address:
        return ""
    place = " ".join(part for part in (postal_code, city) if part and part not in address)
    return "\n".join(line for line in (person, institution, address, place, country) if line)


def local_block(words):
    return lambda *parts: _postal_block(*parts[:-1], words.country(parts[-1]))


def latin_block(words):
    def read(*parts):
        block = _postal_block(*parts[:-1], country_in_words(parts[-1], "en"))
        return block if _is_latin(block) else to_latin(block)

    return read


def _is_latin(text: str) -> bool:
    names = (unicodedata.name(character, "") for character in text if character.isalpha())
    # The Uzbek ʻ is a letter by itself.
    return all(name.startswith(("LATIN", "MODIFIER")) for name in names)
