"""Facts of people, each declared once."""

from django.utils.translation import gettext_lazy as _

from records.facts import (
    CONTACTS,
    EDITORS_NOTE,
    IN_ROWS,
    NAME_FIELDS,
    REMARKS,
    SOURCES,
    VARIANTS,
    Fact,
    FactRegistry,
    only_shown,
)

_PARTS = [f"{part}_{language}" for language in ("en", "ru") for part in ("given_name", "family_name", "patronymic")]
PERSON_FACTS = FactRegistry(
    Fact("names", _("names"), (*NAME_FIELDS, *only_shown(*_PARTS)), data_type="names"),
    VARIANTS,
    Fact(
        "form_of_address",
        _("form of address"),
        only_shown("form_of_address_en", "form_of_address_ru", "form_of_address_native"),
        is_sourced=False,
    ),
    Fact("country", _("country"), data_type="country?"),
    Fact("positions", _("posts"), IN_ROWS, data_type="list"),
    REMARKS,
    EDITORS_NOTE,
    CONTACTS,
    SOURCES,
)
