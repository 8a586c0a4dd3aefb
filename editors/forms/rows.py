"""Rows below a record in its form, and their fields."""

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from languages.partial_dates import PartialDate

from .country_limits import choices_within_limits, within_limits
from .fields import (
    ContactForm,
    ListField,
    RecordForm,
    RecordInlineFormSet,
    RecordSelect,
    RecordSourceForm,
    RecordsSelect,
    SupportedFactsField,
)


class RecordFields(BaseModelAdmin):
    """Form fields as editors need them, in forms and rows: a search box for every related record, lists as text."""

    form = RecordForm
    formfield_overrides = {
        ArrayField: {"form_class": ListField},
        models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 4})},
    }

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs["widget"] = RecordSelect(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs["widget"] = RecordsSelect(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_field_queryset(self, db, db_field, request):
        return choices_within_limits(super().get_field_queryset(db, db_field, request), db_field, request.user)

    def get_queryset(self, request):
        related = [field.name for field in self.model._meta.fields if field.is_relation]
        queryset = within_limits(super().get_queryset(request), request.user)
        return queryset.select_related(*related) if related else queryset


# For `formfield_overrides` of records whose lists hold texts with commas in them.
LISTS_ONE_PER_LINE = {**RecordFields.formfield_overrides, ArrayField: {"form_class": ListField, "one_per_line": True}}


class RowInline(RecordFields, admin.TabularInline):
    """Rows that belong to a record. `after` names the section of the form that they follow."""

    formset = RecordInlineFormSet
    extra = 0
    after = None


class NameInline(RowInline):
    """Other names of a record."""

    verbose_name = _("other name")
    verbose_name_plural = _("other names: short, former, in further languages, spellings in use")
    fields = ["text", "kind", "language", "since", "until", "source"]
    after = _("Names")


class SourceInline(RowInline):
    """The pages that a record rests on."""

    form = RecordSourceForm
    verbose_name = _("source")
    verbose_name_plural = _("sources and the facts they support")
    fields = ["source", "supports", "order"]
    after = _("Description")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "supports":
            return SupportedFactsField(self.model.facts, label=capfirst(db_field.verbose_name))
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class ContactInline(RowInline):
    """Ways to reach an institution or somebody in a post. When one was checked can only be confirmed, not typed."""

    template = admin.StackedInline.template
    form = ContactForm
    verbose_name = _("contact")
    verbose_name_plural = _("contacts")
    show_change_link = True
    readonly_fields = ["check_in_words"]
    fields = [
        ("kind", "value"),
        ("department", "department_ru"),
        ("languages", "language", "is_public", "order"),
        ("source", "note"),
        "check_in_words",
    ]

    class Media:
        js = ["desk/contact_preview.js"]

    def get_extra(self, request, obj=None, **kwargs):
        return 2 if obj is None else 0

    @admin.display(description=_("Checked"))
    def check_in_words(self, contact):
        if contact.pk is None:
            return _("Not confirmed yet. Save first, then confirm.")
        page = reverse(f"admin:{contact._meta.app_label}_{contact._meta.model_name}_confirm")
        parent = self.parent_model._meta
        back = reverse(f"admin:{parent.app_label}_{parent.model_name}_change", args=[self._parent_pk(contact)])
        link = format_html(
            '<a href="{}?contacts={}&amp;next={}" aria-label="{}">{}</a>',
            page,
            contact.pk,
            back,
            _("Confirm %(contact)s") % {"contact": contact},
            _("Confirm…"),
        )
        return format_html("{} {} {}", check_in_words(contact), link, dead_in_words(contact))

    def get_queryset(self, request):
        return super().get_queryset(request).with_dead_since()

    def _parent_pk(self, contact):
        foreign_key = next(
            field
            for field in self.model._meta.fields
            if field.is_relation and issubclass(self.parent_model, field.related_model)
        )
        return getattr(contact, foreign_key.attname)


def check_in_words(contact):
    """Return date, method and editor of the last confirmation, and the last sighting on the website, in words."""
    checked = [_("Never confirmed.")]
    if contact.checked_on is not None:
        checked = [contact.checked_on.in_words(), contact.get_check_method_display(), contact.checked_by]
    words = [", ".join(str(part) for part in checked if part)]
    if contact.seen_on is not None:
        words.append(_("Seen on the official site on %(date)s.") % {"date": date_format(contact.seen_on)})
    if contact.is_missing:
        words.append(_("Missing from the official site since %(date)s.") % {"date": date_format(contact.missed_since)})
    return " ".join(map(str, words))


def dead_in_words(record):
    """Since when the link of the record is dead; "" where it works. Needs `dead_since`."""
    since = getattr(record, "dead_since", None)
    if since is None:
        return ""
    return format_html(
        "<strong>{}</strong>", _("link dead since %(day)s") % {"day": PartialDate(since.isoformat()).in_words()}
    )


class DeadLinkFilter(admin.SimpleListFilter):
    """An editor's to-do list: links that a program found dead."""

    title = _("link")
    parameter_name = "link"

    def lookups(self, request, model_admin):
        return [("dead", _("dead"))]

    def queryset(self, request, queryset):
        return queryset.with_dead_links() if self.value() == "dead" else queryset


def link_to_confirm(contact_model, *, back, **all_contacts_of):
    """The address of the page that confirms all public contacts of a record, such as `institution=12`."""
    page = reverse(f"admin:{contact_model._meta.app_label}_{contact_model._meta.model_name}_confirm")
    return f"{page}?{urlencode({**all_contacts_of, 'next': back})}"
