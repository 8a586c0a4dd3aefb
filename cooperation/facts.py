"""Facts of events and films, each declared once."""

from django.utils.translation import gettext_lazy as _

from records.facts import (
    EDITORS_NOTE,
    IN_ROWS,
    NAME_FIELDS,
    NAMES,
    REMARKS,
    SOURCES,
    VARIANTS,
    Fact,
    FactField,
    FactRegistry,
)

_SUMMARY_FIELDS = (FactField("summary_en"), FactField("summary_ru"))
EVENT_FACTS = FactRegistry(
    NAMES,
    VARIANTS,
    Fact("kind", _("kind"), data_type="text"),
    Fact("start", _("first day"), data_type="date?"),
    Fact("end", _("last day"), data_type="date?"),
    Fact("city", _("city"), data_type="text?"),
    Fact("country", _("country"), data_type="country?"),
    Fact("participants", _("participants"), IN_ROWS, data_type="list"),
    Fact("summary", _("summary"), _SUMMARY_FIELDS, data_type="text"),
    REMARKS,
    EDITORS_NOTE,
    SOURCES,
)

FILM_FACTS = FactRegistry(
    Fact("titles", _("titles"), NAME_FIELDS, data_type="names"),
    VARIANTS,
    Fact("year", _("year"), data_type="number?"),
    Fact("status", _("status"), data_type="text?"),
    Fact("countries", _("countries"), data_type="countries"),
    Fact("directors", _("directors"), data_type="texts"),
    Fact("institutions", _("institutions"), IN_ROWS, data_type="keys"),
    Fact("partners", _("partners"), (FactField("other_partners"),), data_type="texts"),
    Fact("summary", _("summary"), _SUMMARY_FIELDS),
    REMARKS,
    EDITORS_NOTE,
    SOURCES,
)
