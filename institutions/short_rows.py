"""Institutions in one line each: on the page of a country, and on a sheet to print."""

from django.template.loader import get_template
from django.utils.translation import get_language


def short_rows(filterset, ids: list[int], template_name: str, **words) -> dict[int, str]:
    """Return the rows as HTML by id, in the order of the ids. Records are loaded only where their row is not kept.

    A row may depend on nothing but the record, the language and these words.
    """
    template = get_template(template_name)
    return filterset.index.rows(
        (template_name, get_language(), *words.values()),
        ids,
        lambda missing: filterset.records_with_rows().order_by().filter(pk__in=missing),
        lambda institution: template.render({"institution": institution, **words}),
    )
