"""Confirming contacts: the editors' one way to say that an address still holds."""

import re

import reversion
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from editors.forms.row_admin import RowAdmin
from editors.forms.rows import check_in_words, dead_in_words
from records.contact_types import ContactKind
from records.contact_values import typed
from records.history.versions import keep_found_state
from records.models import (
    AGEING_MONTHS,
    CONTACT_MAX_LENGTH,
    FRESH_MONTHS,
    CheckMethod,
    Freshness,
    Source,
)
from web.own_paths import own_path
from web.request_ids import ids_in

from .fields import ContactForm, RecordSelect

# More than this nobody has looked at.
CONFIRMED_AT_ONCE = 500


class ConfirmForm(forms.Form):
    """Which contacts the editor checked, how and when."""

    contacts = forms.ModelMultipleChoiceField(
        label=_("Contacts"),
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Select at least one contact.")},
    )
    method = forms.ChoiceField(label=_("How checked"), choices=CheckMethod.choices_of_editors())
    checked_on = forms.DateField(label=_("Date"), widget=AdminDateWidget, initial=timezone.localdate)
    source = forms.ModelChoiceField(
        label=_("Source"),
        queryset=Source.objects.all(),
        required=False,
        help_text=_("The page that states the contacts, if there is one. Left empty, each contact keeps its own."),
    )

    def __init__(self, *args, contacts, admin_site, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["contacts"].queryset = contacts
        self.fields["contacts"].initial = contacts
        source = self.fields["source"]
        source.widget = RecordSelect(contacts.model._meta.get_field("source"), admin_site)
        source.widget.choices = source.choices

    def clean_checked_on(self):
        if self.cleaned_data["checked_on"] > timezone.localdate():
            raise ValidationError(_("The date is in the future."))
        return self.cleaned_data["checked_on"]


class FreshnessFilter(admin.SimpleListFilter):
    """An editor's to-do list: what nobody confirmed for long."""

    title = _("checked")
    parameter_name = "freshness"

    def lookups(self, request, model_admin):
        return Freshness.choices

    def queryset(self, request, queryset):
        if self.value() == Freshness.FRESH:
            return queryset.checked_within(FRESH_MONTHS)
        if self.value() == Freshness.AGEING:
            return queryset.ageing()
        if self.value() == Freshness.UNCONFIRMED:
            return queryset.never_checked() | queryset.checked_before(AGEING_MONTHS)
        return queryset


def how_it_is_stored(request):
    """What the form will make of a number, address or link, for the page to show while it is typed."""
    kind, text, country = (request.GET.get(name, "") for name in ("kind", "value", "country"))
    if kind not in ContactKind.values or len(text) > CONTACT_MAX_LENGTH or not re.fullmatch("([A-Z]{2})?", country):
        return JsonResponse({}, status=400)
    try:
        stored = typed(kind, text, country or None).value
    except ValidationError as error:
        return JsonResponse({"message": " ".join(error.messages)})
    return JsonResponse({"message": _("Will be stored as %(value)s") % {"value": stored}, "stored": stored})


class ContactAdmin(RowAdmin):
    """Pages of contacts, with the page on which editors confirm them."""

    form = ContactForm
    ordering = ["kind", "value"]
    readonly_fields = ["checked", "link"]
    actions = ["confirm"]
    # Parameters of the confirming page that stand for all public contacts of a record, and how to look that up.
    all_contacts_of = {}

    def get_urls(self):
        options = self.model._meta
        name = f"{options.app_label}_{options.model_name}_confirm"
        return [
            path("confirm/", self.admin_site.admin_view(self.confirm_view), name=name),
            path("as-stored/", self.admin_site.admin_view(how_it_is_stored), name=f"{options.model_name}_as_stored"),
            *super().get_urls(),
        ]

    @admin.display(description=_("number, address or link"))
    def shown_value(self, contact):
        return contact.shown_value

    @admin.display(description=_("checked"), ordering="checked_on")
    def checked(self, contact):
        return check_in_words(contact)

    def get_queryset(self, request):
        return super().get_queryset(request).with_dead_since()

    @admin.display(description=_("link"))
    def link(self, contact):
        return dead_in_words(contact)

    @admin.display(description=_("freshness"))
    def freshness(self, contact):
        return contact.freshness.label

    @admin.action(description=_("Confirm the chosen contacts…"), permissions=["change"])
    def confirm(self, request, queryset):
        return self.confirm_page(request, queryset, back=request.get_full_path())

    def confirm_page(self, request, contacts, *, back, form=None):
        """The page that asks which of the contacts were checked, how and when."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        contacts = contacts.select_related("source").order_by(self.record_field, "kind", "order", "pk")
        problem = self._why_not(contacts.count())
        if problem:
            self.message_user(request, problem, messages.WARNING)
            return HttpResponseRedirect(back)
        form = form or ConfirmForm(contacts=contacts, admin_site=self.admin_site)
        rows = [
            {"contact": contact, "record": getattr(contact, self.record_field), "box": box}
            for contact, box in zip(contacts, form["contacts"].subwidgets, strict=True)
        ]
        for row in rows:
            row["check"] = check_in_words(row["contact"])
            row["dead"] = dead_in_words(row["contact"])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Confirm contacts"),
            "opts": self.model._meta,
            "form": form,
            "rows": rows,
            "fields": [form[name] for name in ("method", "checked_on", "source")],
            "confirm_url": reverse(f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_confirm"),
            "next": back,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/confirm_contacts.html", context)

    def _why_not(self, count):
        if count == 0:
            return _("There is no public contact to confirm.")
        if count > CONFIRMED_AT_ONCE:
            return _("These are %(count)d contacts. Confirm at most %(limit)d at once.") % {
                "count": count,
                "limit": CONFIRMED_AT_ONCE,
            }
        return ""

    def confirm_view(self, request):
        parameters = request.POST if request.method == "POST" else request.GET
        contacts = self._offered(request, parameters)
        back = self._own_address(parameters.get("next"))
        if request.method != "POST":
            return self.confirm_page(request, contacts, back=back)
        form = ConfirmForm(request.POST, contacts=contacts, admin_site=self.admin_site)
        if not self.has_change_permission(request) or not form.is_valid():
            return self.confirm_page(request, contacts, back=back, form=form)
        with transaction.atomic():
            self._confirm(request, form.cleaned_data)
        return HttpResponseRedirect(back)

    def _offered(self, request, parameters):
        """The contacts that the address or the form names: one by one, or all public ones of a record."""
        contacts = self.get_queryset(request)
        for name, lookup in self.all_contacts_of.items():
            if name in parameters:
                return contacts.filter(**{f"{lookup}__in": ids_in(parameters[name].split(","))}, is_public=True)
        ids = ids_in((parameters.get("offered") or parameters.get("contacts", "")).split(","))
        contacts = contacts.filter(pk__in=ids)
        # One that is gone meanwhile, or that is not the editor's: then none is confirmed.
        if not ids or contacts.count() != len(ids):
            raise Http404
        return contacts

    def _confirm(self, request, check):
        by_record = {}
        for contact in check["contacts"]:
            by_record.setdefault(getattr(contact, self.record_field), []).append(contact)
        for record, its_contacts in by_record.items():
            keep_found_state(record)
            with reversion.create_revision():
                reversion.set_user(request.user)
                for contact in its_contacts:
                    contact.confirm(
                        method=check["method"], on=check["checked_on"], by=request.user, source=check["source"]
                    )
                    self.log_change(request, contact, str(_("Confirmed")))
                reversion.add_to_revision(record)
                reversion.set_comment(", ".join([str(_("Confirmed")), *map(str, its_contacts)]))
        count = len(check["contacts"])
        message = ngettext("%(count)d contact confirmed.", "%(count)d contacts confirmed.", count)
        self.message_user(request, message % {"count": count}, messages.SUCCESS)

    def _own_address(self, address):
        return own_path(address) or reverse(
            f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_changelist"
        )
