"""Limits of editors who look after some countries only."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404

from editors.accounts.limits import country_codes
from records.history.entries import followed, model_of


def within_limits(queryset, user):
    """Return the records that the editor may work on. Rows without admin pages of their own go with their record."""
    codes = country_codes(user)
    if codes is None or not admin.site.is_registered(queryset.model):
        return queryset
    return queryset.filter(admin.site.get_model_admin(queryset.model).in_countries(codes))


def is_within_limits(record, user) -> bool:
    if country_codes(user) is None:
        return True
    return within_limits(type(record)._base_manager.filter(pk=record.pk), user).exists()


def may_be_worked_on(record, request) -> bool:
    """Return True if the record lies within the editor's limits, is new or is None; asked once a request."""
    if record is None or record.pk is None or country_codes(request.user) is None:
        return True
    known = request.__dict__.setdefault("_records_within_limits", {})
    key = (record._meta.concrete_model, record.pk)
    if key not in known:
        known[key] = is_within_limits(record, request.user)
    return known[key]


def choices_within_limits(choices, db_field, user):
    """Narrow the records that a field may refer to; None stands for all, as in `get_field_queryset` of Django."""
    if country_codes(user) is None:
        return choices
    return within_limits(db_field.remote_field.model._default_manager.all() if choices is None else choices, user)


def found_within_limits(record, user):
    """Return the record; raise Http404 instead of None where it may be there and lie elsewhere."""
    if record is None and country_codes(user) is not None:
        raise Http404
    return record


def refuse_foreign_parts(revision, user):
    """Bringing a revision back changes everything in it, for instance all posts of a person in all countries."""
    if country_codes(user) is None:
        return
    for version in revision.version_set.all():
        record = model_of(version)._base_manager.filter(pk=version.object_id).first()
        if record is None:
            continue
        rows = [getattr(record, name).all() for name in followed(model_of(version))]
        if not is_within_limits(record, user) or any(
            within_limits(queryset, user).count() != queryset.count() for queryset in rows
        ):
            raise PermissionDenied


class LeavesCountriesError(Exception):
    """A form would take a record out of the countries that its editor is limited to."""


def refuse_to_leave(record, user):
    """Raise LeavesCountriesError. To be asked after saving: a row may be what a record belongs to a country by."""
    if not is_within_limits(record, user):
        raise LeavesCountriesError
