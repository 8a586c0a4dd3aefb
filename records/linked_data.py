"""Structured data of pages (schema.org)."""

from django.conf import settings

CONTEXT = "https://schema.org"


def absolute(record) -> str:
    """Return the record's own URL, which is also its id."""
    return settings.SITE_URL + record.get_absolute_url()


def graph(*things) -> dict:
    """Return the things of one page as JSON-LD, without unknown values."""
    return {"@context": CONTEXT, "@graph": [_known(thing) for thing in things]}


def named(record, kind, **facts) -> dict:
    """Return a record as a thing of schema.org with all its names."""
    shown = [name.text for name in record.shown_names]
    others = [name.text for name in record.other_names.all()]
    address = absolute(record)
    return {
        "@type": kind,
        "@id": address,
        "url": address,
        "name": shown[0],
        "alternateName": list(dict.fromkeys(shown[1:] + others)),
        **facts,
    }


def reference(record, kind) -> dict | None:
    """Return a short reference to another record."""
    if record is None:
        return None
    return {"@type": kind, "@id": absolute(record), "name": record.name}


def breadcrumbs(*steps) -> dict:
    """Return the breadcrumbs: pairs of name and path, from the top down."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": str(name), "item": settings.SITE_URL + path}
            for number, (name, path) in enumerate(steps, start=1)
        ],
    }


def _known(value):
    if isinstance(value, dict):
        return {name: _known(item) for name, item in value.items() if item not in (None, "", [], {})}
    return [_known(item) for item in value] if isinstance(value, list) else value
