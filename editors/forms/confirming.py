"""Confirming contacts: the editors' one way to say that an address still holds."""

import reversion
from django import forms
from django.contrib import messages
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from records.checks import CheckMethod
from records.history.revisions import keep_found_state
from records.models import Source
from web.own_paths import own_path
from web.request_ids import ids_in

from .fields import RecordSelect
from .rows import check_in_words, dead_in_words

# More than this nobody has looked at.
CONFIRMED_AT_ONCE = 500


class ConfirmForm(forms.Form):
    """Form for the contacts that an editor checked, with the method and the date."""

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


class ConfirmingPage:
    """The page on which editors confirm contacts of one kind, of several records together."""

    def __init__(self, contact_admin):
        self.contact_admin = contact_admin
        self.admin_site = contact_admin.admin_site
        self.opts = contact_admin.opts
        self.record_field = contact_admin.record_field
        self.name = f"{self.opts.app_label}_{self.opts.model_name}_confirm"

    def urls(self):
        return [path("confirm/", self.admin_site.admin_view(self.view), name=self.name)]

    def view(self, request):
        parameters = request.POST if request.method == "POST" else request.GET
        contacts = self._offered(parameters, self.contact_admin.get_queryset(request))
        changelist = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        back = own_path(parameters.get("next")) or changelist
        if request.method != "POST":
            return self.ask(request, contacts, back=back)
        form = ConfirmForm(request.POST, contacts=contacts, admin_site=self.admin_site)
        if not self.contact_admin.has_change_permission(request) or not form.is_valid():
            return self.ask(request, contacts, back=back, form=form)
        with transaction.atomic():
            self._confirm(request, form.cleaned_data)
        return HttpResponseRedirect(back)

    def ask(self, request, contacts, *, back, form=None):
        """The page that asks which of the contacts were checked, how and when."""
        if not self.contact_admin.has_change_permission(request):
            raise PermissionDenied
        contacts = contacts.select_related("source").order_by(self.record_field, "kind", "order", "pk")
        problem = self._why_not(contacts.count())
        if problem:
            self.contact_admin.message_user(request, problem, messages.WARNING)
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
            "opts": self.opts,
            "form": form,
            "rows": rows,
            "fields": [form[name] for name in ("method", "checked_on", "source")],
            "confirm_url": reverse(f"admin:{self.name}"),
            "next": back,
            "media": self.contact_admin.media + form.media,
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

    def _offered(self, parameters, contacts):
        """The contacts that the address or the form names: one by one, or all public ones of a record."""
        for name, lookup in self.contact_admin.all_contacts_of.items():
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
                    self.contact_admin.log_change(request, contact, str(_("Confirmed")))
                reversion.add_to_revision(record)
                reversion.set_comment(", ".join([str(_("Confirmed")), *map(str, its_contacts)]))
        count = len(check["contacts"])
        message = ngettext("%(count)d contact confirmed.", "%(count)d contacts confirmed.", count)
        self.contact_admin.message_user(request, message % {"count": count}, messages.SUCCESS)
