"""What the records of people say, each fact declared once."""

from django.utils.translation import gettext_lazy as _

from records.facts import CONTACTS, NAME_FIELDS, REMARKS, SOURCES, VARIANTS, Fact, FactField, FactRegistry

_PARTS = [f"{part}_{language}" for language in ("en", "ru") for part in ("given_name", "family_name", "patronymic")]
PERSON_FACTS = FactRegistry(
    Fact(
        "names",
        _("names"),
        (*NAME_FIELDS, *(FactField(part, is_correctable=False) for part in _PARTS)),
        data_type="names",
    ),
    VARIANTS,
    Fact(
        "form_of_address",
        _("form of address"),
        tuple(FactField(f"form_of_address_{form}", is_correctable=False) for form in ("en", "ru", "native")),
        is_sourced=False,
    ),
    Fact("country", _("country"), (FactField("country"),), data_type="country?"),
    Fact("positions", _("posts"), data_type="list"),
    REMARKS,
    CONTACTS,
    SOURCES,
)
