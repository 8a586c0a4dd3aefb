"""Names of the facts that make a line in the public history. Which they are is said by the kinds of records."""

from django.utils.translation import gettext_lazy as _

from records.kinds import kinds, row_kinds
from records.notes import FACT_LABELS as SOURCE_FACT_LABELS

FACT_LABELS = SOURCE_FACT_LABELS | {
    "contacts": _("contacts"),
    "sources": _("sources"),
    "closed": _("closing date"),
    "successor": _("successor"),
    "form_of_address": _("form of address"),
    "until": _("end date"),
}


def public_facts_of(kind, fields):
    """The facts that readers see of these fields, each by the label of its model and its name; None for a whole row."""
    record, facts = kinds()[kind], set()
    for label, name in fields:
        row = row_kinds().get(label)
        if label == record.model._meta.label_lower and name in record.facts:
            facts.add(record.facts[name])
        elif row and (name is None or name in row.fields):
            facts.add(next(iter(row.facts.values())))
    return facts
