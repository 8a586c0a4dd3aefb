"""Admin page for withholding a person."""

import functools
import operator

import reversion
from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from people.models import Person, WithholdingReason
from people.withheld_names import namesakes
from web.request_ids import ids_in

from .withhold import ERASERS, full_names, what_vanishes, withhold

# Each has a request behind it that somebody read.
WITHHELD_AT_ONCE = 20


class WithholdForm(forms.Form):
    """Form for the reason of withholding."""

    reason = forms.ChoiceField(label=_("How they asked"), choices=[("", "---------"), *WithholdingReason.choices])
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=1000,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        help_text=_(
            "For editors only: the date of the request and where it is kept. Don't repeat what should be hidden."
        ),
    )
    understood = forms.BooleanField(
        label=_("I understand that this can't be undone"),
        error_messages={"required": _("Confirm that you understand this.")},
    )


def mentions(person: Person, admin_site, request):
    """Return texts of other records with a name of the person, for the editor to change: what and where.

    Only of records that the editor may see.
    """
    names = full_names(person)
    found = []
    taken_care_of = {eraser.rows for eraser in ERASERS}
    for model in apps.get_models():
        has_pages = reversion.is_registered(model) and admin_site.is_registered(model)
        if model._meta.proxy or model in taken_care_of or not has_pages:
            continue
        texts = [
            field
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField) and field.editable and not field.choices
        ]
        conditions = [models.Q(**{f"{field.name}__icontains": name}) for field in texts for name in names]
        if not conditions:
            continue
        model_admin = admin_site.get_model_admin(model)
        records = model_admin.get_queryset(request).filter(functools.reduce(operator.or_, conditions))
        found += [_mention(record, texts, names) for record in records if not _belongs_to(record, person)]
    return found


def _belongs_to(record, person):
    owner = getattr(record, "position", record)
    return record == person or getattr(owner, "person_id", None) == person.pk


def _mention(record, texts, names):
    naming = [
        str(capfirst(field.verbose_name))
        for field in texts
        if any(name.casefold() in (getattr(record, field.name) or "").casefold() for name in names)
    ]
    options = record._meta
    return {
        "kind": capfirst(options.verbose_name),
        "record": record,
        "fields": ", ".join(naming),
        "address": reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[record.pk]),
    }


def withholding_page(ids) -> str:
    return f"{reverse('admin:people_person_withhold')}?people={','.join(map(str, ids))}"


@admin.action(description=_("Withhold the chosen people…"), permissions=["change"])
def withhold_people(person_admin, request, queryset):
    return HttpResponseRedirect(withholding_page(queryset.values_list("pk", flat=True)))


class WithholdingPages:
    """The page that asks why people are withheld, and the link to it beside the form."""

    def __init__(self, person_admin):
        self.person_admin = person_admin

    def urls(self):
        view = self.person_admin.admin_site.admin_view(self.view)
        return [path("withhold/", view, name="people_person_withhold")]

    def links(self, request, person):
        return [] if person.withheld else [(_("Withhold…"), withholding_page([person.pk]))]

    def view(self, request):
        people = self._people_to_withhold(request)
        form = WithholdForm(request.POST if request.method == "POST" else None)
        if request.method != "POST" or not form.is_valid():
            return self._withhold_page(request, people, form)
        with transaction.atomic():
            for person in people:
                withhold(person, reason=form.cleaned_data["reason"], note=form.cleaned_data["note"])
                self._log_withholding(request, person)
        message = ngettext("%(count)d person is withheld.", "%(count)d people are withheld.", len(people))
        self.person_admin.message_user(request, message % {"count": len(people)}, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:people_person_changelist"))

    def _people_to_withhold(self, request):
        sent = request.POST if request.method == "POST" else request.GET
        ids = ids_in(sent.get("people", "").split(","))
        people = list(
            self.person_admin.get_queryset(request).filter(pk__in=ids, withheld=False).order_by("sort_key_en")
        )
        if not people or len(people) != len(ids) or len(people) > WITHHELD_AT_ONCE:
            raise Http404
        if not all(self.person_admin.has_change_permission(request, person) for person in people):
            raise PermissionDenied
        return people

    def _withhold_page(self, request, people, form):
        context = {
            **self.person_admin.admin_site.each_context(request),
            "title": _("Withhold"),
            "opts": self.person_admin.opts,
            "form": form,
            "people": [
                {
                    "person": person,
                    "vanishes": what_vanishes(person),
                    "namesakes": namesakes(self.person_admin.get_queryset(request), person),
                    "mentions": mentions(person, self.person_admin.admin_site, request),
                }
                for person in people
            ],
            "media": self.person_admin.media + form.media,
        }
        return TemplateResponse(request, "admin/withhold.html", context)

    def _log_withholding(self, request, person):
        # Not by `log_change`, which would write the name into "recent actions".
        LogEntry.objects.create(
            user=request.user,
            content_type=ContentType.objects.get_for_model(Person),
            object_id=str(person.pk),
            object_repr=gettext("Somebody who asked not to be listed"),
            action_flag=CHANGE,
            change_message=gettext("Withheld"),
        )
