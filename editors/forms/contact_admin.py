"""Admin pages of contacts."""

import re

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _

from institutions.models import InstitutionContact
from records.checks import Freshness
from records.contact_types import ContactKind
from records.contact_values import typed
from records.models import CONTACT_MAX_LENGTH

from .confirming import ConfirmingPage
from .country_filter import CountryFilter
from .fields import ContactForm
from .row_admin import RowAdmin
from .rows import DeadLinkFilter, check_in_words, dead_in_words


class FreshnessFilter(admin.SimpleListFilter):
    """An editor's to-do list: what nobody confirmed for long."""

    title = _("checked")
    parameter_name = "freshness"

    def lookups(self, request, model_admin):
        return Freshness.choices

    def queryset(self, request, queryset):
        return queryset.with_freshness(self.value()) if self.value() in Freshness.values else queryset


def how_it_is_stored(request):
    """Return, as JSON, the form in which a typed contact will be stored, or the reason why it can't be."""
    kind, text, country = (request.GET.get(name, "") for name in ("kind", "value", "country"))
    if kind not in ContactKind.values or len(text) > CONTACT_MAX_LENGTH or not re.fullmatch("([A-Z]{2})?", country):
        return JsonResponse({}, status=400)
    try:
        stored = typed(kind, text, country or None).value
        InstitutionContact(kind=kind, value=stored).validate_constraints(exclude=["institution"])
    except ValidationError as error:
        return JsonResponse({"message": " ".join(error.messages)})
    return JsonResponse({"message": _("Will be stored as %(value)s") % {"value": stored}, "stored": stored})


class ContactAdmin(RowAdmin):
    """Pages of contacts, with the page on which editors confirm them."""

    form = ContactForm
    list_filter = [FreshnessFilter, DeadLinkFilter, "kind", "is_public", CountryFilter]
    ordering = ["kind", "value"]
    readonly_fields = ["checked", "link"]
    actions = ["confirm"]
    # Parameters of the confirming page that stand for all public contacts of a record, and how to look that up.
    all_contacts_of = {}

    def __init__(self, model, admin_site):
        super().__init__(model, admin_site)
        self.confirming = ConfirmingPage(self)

    def get_urls(self):
        as_stored = self.admin_site.admin_view(how_it_is_stored)
        return [
            *self.confirming.urls(),
            path("as-stored/", as_stored, name=f"{self.opts.model_name}_as_stored"),
            *super().get_urls(),
        ]

    def get_queryset(self, request):
        return super().get_queryset(request).with_dead_since()

    def get_fieldsets(self, request, obj=None):
        fields = [
            self.record_field,
            ("kind", "value"),
            ("department", "department_ru"),
            ("languages", "language", "is_public", "order"),
            ("source", "note"),
            ("checked", "link"),
        ]
        words = _("Saving does not count as checking: choose “Confirm the chosen contacts” for that.")
        return [(None, {"fields": fields, "description": words})]

    @admin.display(description=_("number, address or link"))
    def shown_value(self, contact):
        return contact.shown_value

    @admin.display(description=_("checked"), ordering="checked_on")
    def checked(self, contact):
        return check_in_words(contact)

    @admin.display(description=_("link"))
    def link(self, contact):
        return dead_in_words(contact)

    @admin.display(description=_("freshness"))
    def freshness(self, contact):
        return contact.freshness.label

    @admin.action(description=_("Confirm the chosen contacts…"), permissions=["change"])
    def confirm(self, request, queryset):
        return self.confirming.ask(request, queryset, back=request.get_full_path())
