"""Confirming contacts: the editors' one way to say that an address still holds."""

import reversion
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import get_list_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from .admin import RowAdmin, check_in_words
from .admin_forms import ContactForm, RecordSelect
from .models import AGEING_MONTHS, FRESH_MONTHS, CheckMethod, Freshness, Source


class ConfirmForm(forms.Form):
    """How and when the editor checked the contacts."""

    method = forms.ChoiceField(label=_("How checked"), choices=CheckMethod.choices_of_editors())
    checked_on = forms.DateField(label=_("Date"), widget=AdminDateWidget, initial=timezone.localdate)
    source = forms.ModelChoiceField(
        label=_("Source"),
        queryset=Source.objects.all(),
        required=False,
        help_text=_("The page that states the contacts, if there is one. Left empty, each contact keeps its own."),
    )

    def __init__(self, *args, contact_model, admin_site, **kwargs):
        super().__init__(*args, **kwargs)
        source = self.fields["source"]
        source.widget = RecordSelect(contact_model._meta.get_field("source"), admin_site)
        source.widget.choices = source.choices

    def clean_checked_on(self):
        if self.cleaned_data["checked_on"] > timezone.localdate():
            raise ValidationError(_("The date lies in the future."))
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
            fresh = queryset.model.objects.checked_within(FRESH_MONTHS)
            return queryset.checked_within(AGEING_MONTHS).exclude(pk__in=fresh.values("pk"))
        if self.value() == Freshness.UNCONFIRMED:
            checked = queryset.model.objects.checked_within(AGEING_MONTHS)
            return queryset.exclude(pk__in=checked.values("pk"))
        return queryset


class ContactAdmin(RowAdmin):
    """Pages of contacts, with the page on which editors confirm them."""

    form = ContactForm
    ordering = ["kind", "value"]
    readonly_fields = ["checked"]
    actions = ["confirm"]

    def get_urls(self):
        options = self.model._meta
        name = f"{options.app_label}_{options.model_name}_confirm"
        return [path("confirm/", self.admin_site.admin_view(self.confirm_view), name=name), *super().get_urls()]

    @admin.display(description=_("number, address or link"))
    def shown_value(self, contact):
        return contact.shown_value

    @admin.display(description=_("checked"), ordering="checked_on")
    def checked(self, contact):
        return check_in_words(contact)

    @admin.display(description=_("freshness"))
    def freshness(self, contact):
        return contact.freshness.label

    @admin.action(description=_("Confirm the chosen contacts…"), permissions=["change"])
    def confirm(self, request, queryset):
        return self.confirm_page(request, queryset, back=request.get_full_path())

    def confirm_page(self, request, contacts, *, back, form=None):
        """The page that asks how and when the contacts were checked."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("Confirm contacts"),
            "opts": self.model._meta,
            "form": form or ConfirmForm(contact_model=self.model, admin_site=self.admin_site),
            "contacts": [(contact, getattr(contact, self.record_field)) for contact in contacts],
            "confirm_url": reverse(f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_confirm"),
            "next": back,
        }
        context["media"] = self.media + context["form"].media
        return TemplateResponse(request, "admin/confirm_contacts.html", context)

    def confirm_view(self, request):
        parameters = request.POST if request.method == "POST" else request.GET
        numbers = [number for number in parameters.get("contacts", "").split(",") if number.isdecimal()]
        contacts = get_list_or_404(self.get_queryset(request), pk__in=numbers)
        back = self._safe_address(request, parameters.get("next"))
        if request.method != "POST":
            return self.confirm_page(request, contacts, back=back)
        form = ConfirmForm(request.POST, contact_model=self.model, admin_site=self.admin_site)
        if not self.has_change_permission(request) or not form.is_valid():
            return self.confirm_page(request, contacts, back=back, form=form)
        self._confirm(request, contacts, form.cleaned_data)
        return HttpResponseRedirect(back)

    def _confirm(self, request, contacts, check):
        by_record = {}
        for contact in contacts:
            by_record.setdefault(getattr(contact, self.record_field), []).append(contact)
        for record, its_contacts in by_record.items():
            with reversion.create_revision():
                reversion.set_user(request.user)
                for contact in its_contacts:
                    contact.confirm(
                        method=check["method"], on=check["checked_on"], by=request.user, source=check["source"]
                    )
                    self.log_change(request, contact, str(_("Confirmed")))
                reversion.add_to_revision(record)
                reversion.set_comment(", ".join([str(_("Confirmed")), *map(str, its_contacts)]))
        message = ngettext("%(count)d contact confirmed.", "%(count)d contacts confirmed.", len(contacts))
        self.message_user(request, message % {"count": len(contacts)}, messages.SUCCESS)

    def _safe_address(self, request, address):
        if address and url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure()):
            return address
        return reverse(f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_changelist")
