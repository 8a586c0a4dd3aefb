"""Fields that make a line in the public history, as the facts of their records.

The facts of each model say which fields are public, the entries of the kinds which rows are.
"""

from django.apps import apps

from records.kinds import kinds, row_kinds


def names_of_fields(row_model) -> list[str]:
    """Return the fields of a row that pages show."""
    return [field.name for field in row_model.row_fields]


def public_facts_of(kind, fields):
    """The facts that readers see of these fields, each by the label of its model and its name; None for a whole row."""
    record, facts = kinds()[kind], set()
    for label, name in fields:
        row = row_kinds().get(label)
        if label == record.model._meta.label_lower and name in record.facts:
            facts.add(record.facts[name])
        elif row and (name is None or name in names_of_fields(apps.get_model(label))):
            facts.add(next(iter(row.facts.values())))
    return facts
