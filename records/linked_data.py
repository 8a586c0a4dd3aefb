"""Facts of a page for machines, in the words of schema.org."""

from django.conf import settings

CONTEXT = "https://schema.org"


def absolute(record) -> str:
    """The record's own address, which also stands for the thing itself."""
    return settings.SITE_URL + record.get_absolute_url()


def graph(*things) -> dict:
    """One page's things as JSON-LD; what is not known is left out."""
    return {"@context": CONTEXT, "@graph": [_known(thing) for thing in things]}


def named(record, kind, **facts) -> dict:
    """A record as a thing of schema.org with all its names."""
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
    """Another record, as far as one needs to find it."""
    if record is None:
        return None
    return {"@type": kind, "@id": absolute(record), "name": record.name}


def breadcrumbs(*steps) -> dict:
    """The way to the page: pairs of name and path, from the outside in."""
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
