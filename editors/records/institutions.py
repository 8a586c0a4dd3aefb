"""The admin of institutions, studios and agencies, their contacts and stages."""

from itertools import batched

import reversion
from django.contrib import admin
from django.forms import CheckboxSelectMultiple, MultipleChoiceField
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from editors.forms.contact_admin import ContactAdmin
from editors.forms.country_filter import CountryFilter
from editors.forms.duplicate_warning import DuplicateWarningForm, SharesContact
from editors.forms.fields import IdentifiersField
from editors.forms.record_admin import NAMES, PUBLICATION, REMARKS_FIELDS, RecordAdmin
from editors.forms.row_admin import RowAdmin
from editors.forms.rows import ContactInline, DeadLinkFilter, NameInline, RowInline, SourceInline, link_to_confirm
from editors.merging.pages import MergingPages, merge
from institutions.facts import INSTITUTION_FACTS
from institutions.models import (
    Agency,
    Institution,
    InstitutionContact,
    InstitutionName,
    InstitutionSource,
    Programme,
    Service,
    Stage,
    Studio,
)
from people.models import PositionContact
from visitors.corrections.models import Mailbox

from .positions import InstitutionPositionInline

# Bodies with one contact in common that the form of another one names.
MOST_SHARING = 5
for model in [InstitutionName, InstitutionContact, Stage, InstitutionSource]:
    reversion.register(model)
for model in [Institution, Studio, Agency]:
    reversion.register(model, follow=["other_names", "contacts", "stages", "record_sources", "positions"])


class InstitutionNameInline(NameInline):
    model = InstitutionName


class InstitutionSourceInline(SourceInline):
    model = InstitutionSource


class InstitutionContactInline(ContactInline):
    model = InstitutionContact
    after = _("Names")


class StageInline(RowInline):
    model = Stage
    fields = ["name_en", "name_ru", "area_m2", "height_m", "note_en", "note_ru", "order"]
    after = _("Services")


class ProgrammeInline(RowInline):
    """Programmes of the institution, read-only: a programme has a form of its own."""

    model = Programme
    fields = ["name_en", "kind", "since", "until", "publication_state"]
    readonly_fields = fields
    show_change_link = True
    verbose_name_plural = _("programmes run by the institution")
    after = _("Services")

    def has_add_permission(self, request, obj):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class InstitutionForm(DuplicateWarningForm):
    def sharing_a_contact(self, contacts):
        """A number or address belongs to one body, or to the one it is part of: a hint, whatever the names say."""
        own = self.records_of_editor.of(Institution)
        found = InstitutionContact.objects.any_of(contacts).known_beside(own).order_by("institution", "pk")
        found = found.select_related("institution__country", "institution__city")[:MOST_SHARING]
        by_institution = {contact.institution_id: contact for contact in found}
        return [SharesContact(one.institution, str(one.institution), str(one)) for one in by_institution.values()]


@admin.register(Institution)
class InstitutionAdmin(RecordAdmin):
    form = InstitutionForm
    list_display = ["name_en", "name_ru", "kind", "country", "city", "public_contact_count", "publication_state"]
    list_filter = [
        "publication_state",
        "kind",
        "is_international",
        CountryFilter,
        "ownership",
        "status",
        ("name_ru", admin.EmptyFieldListFilter),
        ("description_en", admin.EmptyFieldListFilter),
        DeadLinkFilter,
    ]
    list_select_related = ["country", "city"]
    actions = [*RecordAdmin.actions, "confirm_contacts", merge]
    further_pages = [MergingPages]
    confirmed_together = [
        (_("Confirm all public contacts…"), InstitutionContact, "institution"),
        (_("Confirm contacts of its people…"), PositionContact, "institution"),
    ]
    inlines = [
        InstitutionNameInline,
        InstitutionContactInline,
        StageInline,
        ProgrammeInline,
        InstitutionPositionInline,
        InstitutionSourceInline,
    ]
    fieldsets = [
        NAMES,
        (
            _("What and where"),
            {
                "fields": [
                    ("kind", "is_international"),
                    ("country", "city"),
                    *batched(INSTITUTION_FACTS.plain_fields_of(), 2, strict=False),
                ],
                "description": _("Leave unknown fields empty. A date may be a year, a month or a day."),
            },
        ),
        (
            _("Postal address"),
            {
                "fields": ["address_local", "address_latin", "postal_code"],
                "description": _("In the local form, and in Latin letters for mail from abroad."),
            },
        ),
        (
            _("Services"),
            {"fields": ["services"], "description": _("Services for visiting productions.")},
        ),
        (
            _("Next edition"),
            {
                "fields": [*batched(INSTITUTION_FACTS.plain_fields_of_some, 2, strict=False)],
                "description": _("Of festivals: when it takes place, and when and where films are submitted."),
                "classes": ["collapse"],
            },
        ),
        (
            _("Description"),
            {
                "fields": ["description_en", "description_ru", *REMARKS_FIELDS],
                "description": _("Two or three plain sentences, and what the sources leave unclear."),
            },
        ),
        (
            _("Rarely needed"),
            {
                "fields": [("parent", "successor"), ("latitude", "longitude"), "identifiers"],
                "description": _("What it is part of, what took over its work, its point on the map, its numbers."),
                "classes": ["collapse"],
            },
        ),
        PUBLICATION,
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).with_public_contact_count()

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        words = {"label": capfirst(db_field.verbose_name), "help_text": db_field.help_text, "required": False}
        if db_field.name == "services":
            return MultipleChoiceField(choices=Service, widget=CheckboxSelectMultiple, **words)
        if db_field.name == "identifiers":
            return IdentifiersField(**words)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def links_beside(self, request, record):
        links = [*super().links_beside(request, record), *self._link_to_mailbox(request, record)]
        if not self.admin_site.get_model_admin(Programme).has_add_permission(request):
            return links
        known = urlencode({"institution": record.pk, "country": record.country_id or ""})
        return [*links, (_("Add a programme…"), f"{reverse('admin:institutions_programme_add')}?{known}")]

    def _link_to_mailbox(self, request, record):
        """Return the link to the mailbox for the yearly e-mail, or to the form of a new one."""
        if not self.admin_site.get_model_admin(Mailbox).has_add_permission(request):
            return []
        mailbox = Mailbox.objects.filter(institution=record.pk).first()
        if mailbox is None:
            address = f"{reverse('admin:corrections_mailbox_add')}?{urlencode({'institution': record.pk})}"
        else:
            address = reverse("admin:corrections_mailbox_change", args=[mailbox.pk])
        return [(_("Mailbox for the yearly e-mail…"), address)]

    @admin.display(description=_("public contacts"))
    def public_contact_count(self, institution):
        if not institution.public_contact_count:
            return 0
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        address = link_to_confirm(InstitutionContact, institution=institution.pk, back=back)
        name = _("Confirm the contacts of %(institution)s") % {"institution": institution}
        return format_html(
            '{} <a href="{}" aria-label="{}">{}</a>', institution.public_contact_count, address, name, _("Confirm…")
        )

    @admin.action(
        description=_("Confirm all public contacts…"),
        permissions=["change"],
        location=[admin.ActionLocation.CHANGE_LIST, admin.ActionLocation.CHANGE_FORM],
    )
    def confirm_contacts(self, request, queryset):
        page = self.admin_site.get_model_admin(InstitutionContact)
        contacts = page.get_queryset(request).public().filter(institution__in=queryset.values("pk"))
        return page.confirming.ask(request, contacts, back=request.get_full_path())


@admin.register(Studio, Agency)
class SectionAdmin(InstitutionAdmin):
    """Pages of the institutions of one kind; the kind is set and not asked for."""

    list_display = [column for column in InstitutionAdmin.list_display if column != "kind"]
    list_filter = [column for column in InstitutionAdmin.list_filter if column != "kind"]

    def get_fieldsets(self, request, obj=None):
        return [
            (name, {**options, "fields": [self._without_kind(line) for line in options["fields"]]})
            for name, options in super().get_fieldsets(request, obj)
        ]

    def _without_kind(self, line):
        return "is_international" if line == ("kind", "is_international") else line

    def recoverlist_view(self, request, extra_context=None):
        # History is kept for institutions of all kinds together; here all other kinds would seem to be deleted.
        return redirect("admin:institutions_institution_recoverlist")


@admin.register(InstitutionContact)
class InstitutionContactAdmin(ContactAdmin):
    record_field = "institution"
    country_path = "institution__country"
    all_contacts_of = {"institution": "institution"}
    list_display = ["shown_value", "kind", "institution", "department", "is_public", "checked", "freshness", "link"]
    search_fields = ["value", "department", "institution__name_en", "institution__name_ru", "institution__key__exact"]


@admin.register(Stage)
class StageAdmin(RowAdmin):
    record_field = "institution"
    country_path = "institution__country"
    list_display = ["name_en", "name_ru", "institution", "area_m2", "height_m", "note_en"]
    list_filter = [CountryFilter]
    search_fields = ["name_en", "name_ru", "institution__name_en", "institution__name_ru"]
    ordering = ["institution__sort_key_en", "order", "pk"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "institution",
                    ("name_en", "name_ru"),
                    ("area_m2", "height_m"),
                    ("note_en", "note_ru"),
                    "order",
                ],
                "description": _("One sound stage or shooting pavilion."),
            },
        )
    ]
