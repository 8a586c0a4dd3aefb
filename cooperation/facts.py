"""What the records of events and films say, each fact declared once."""

from django.utils.translation import gettext_lazy as _

from records.facts import NAME_FIELDS, NAMES, REMARKS, SOURCES, VARIANTS, Fact, FactField, FactRegistry

_SUMMARY_FIELDS = (FactField("summary_en"), FactField("summary_ru"))
EVENT_FACTS = FactRegistry(
    NAMES,
    VARIANTS,
    Fact("kind", _("kind"), (FactField("kind"),), data_type="text"),
    Fact("start", _("first day"), (FactField("start"),), data_type="date?"),
    Fact("end", _("last day"), (FactField("end"),), data_type="date?"),
    Fact("city", _("city"), (FactField("city"),), data_type="text?"),
    Fact("country", _("country"), (FactField("country"),), data_type="country?"),
    Fact("participants", _("participants"), data_type="list"),
    Fact("summary", _("summary"), _SUMMARY_FIELDS, data_type="text"),
    REMARKS,
    SOURCES,
)

FILM_FACTS = FactRegistry(
    Fact("titles", _("titles"), NAME_FIELDS, data_type="names"),
    VARIANTS,
    Fact("year", _("year"), (FactField("year"),), data_type="number?"),
    Fact("status", _("status"), (FactField("status"),), data_type="text?"),
    Fact("countries", _("countries"), (FactField("countries"),), data_type="countries"),
    Fact("directors", _("directors"), (FactField("directors"),), data_type="texts"),
    Fact("institutions", _("institutions"), data_type="keys"),
    Fact("partners", _("partners"), (FactField("other_partners"),), data_type="texts"),
    Fact("summary", _("summary"), _SUMMARY_FIELDS),
    REMARKS,
    SOURCES,
)
