"""URLs in contacts and sources of all packages."""

from django.apps import apps

from records.contact_types import PAGE_KINDS

from .models import ContactPoint, RecordSource, Source


def contact_models():
    """Return all models of contacts."""
    return [model for model in apps.get_models() if issubclass(model, ContactPoint)]


def record_source_models():
    """Return all models that connect a record with a source, each with the name of its foreign key to the record."""
    return [
        (model, next(field.name for field in model._meta.fields if field.is_relation and field.name != "source"))
        for model in apps.get_models()
        if issubclass(model, RecordSource)
    ]


def addresses_in_use():
    """Return the URLs of all contacts and sources, hidden ones too, but not archived copies."""
    addresses = set(Source.objects.values_list("url", flat=True))
    for model in contact_models():
        addresses |= set(model.objects.filter(kind__in=PAGE_KINDS).values_list("value", flat=True))
    return addresses
