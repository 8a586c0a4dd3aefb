"""The editors' site: what the admin pages of all records share, and the pages of sources."""

import itertools

import reversion
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminTextareaWidget
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.dispatch import Signal
from django.urls import reverse, reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from reversion.admin import VersionAdmin
from reversion.models import Version

from cisfilm.romanisation import slug_from_name

from .admin_forms import ContactForm, KeyedForm, ListField, RecordForm, RecordInlineFormSet, RecordSelect, RecordsSelect
from .models import PastSlug, Source
from .records import PublicationState

admin.site.site_header = _("CISFilm: editors")
admin.site.site_title = _("CISFilm")
admin.site.index_title = _("Records of the directory")
admin.site.site_url = reverse_lazy("home")

# For rooms above: they may fill in what somebody proposes before the editor sees the form of a record, and learn that
# the editor saved it. Arguments: request, record; when opened also form and formsets.
record_form_opened = Signal()
record_form_saved = Signal()

KEY_MAX_LENGTH = 80
# Begins a key where the country would.
INTERNATIONAL_KEY = "int"


def free_key(record, *, with_country):
    """A key from the record's English name, after its country where asked, that no other record has."""
    wanted = slug_from_name(record.name_en)
    if with_country:
        wanted = f"{(record.country_id or INTERNATIONAL_KEY).lower()}-{wanted}"
    wanted = wanted[: KEY_MAX_LENGTH - 8].strip("-")
    taken = set(type(record)._base_manager.filter(key__startswith=wanted).values_list("key", flat=True))
    candidates = itertools.chain([wanted], (f"{wanted}-{number}" for number in itertools.count(2)))
    return next(candidate for candidate in candidates if candidate not in taken)


class RecordFields:
    """Form fields as editors need them: a search box for every related record, lists as text."""

    form = RecordForm
    lists_one_per_line = ()

    def get_autocomplete_fields(self, request):
        fields = [*self.model._meta.fields, *self.model._meta.many_to_many]
        return [field.name for field in fields if field.is_relation and field.editable]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        kwargs["widget"] = RecordSelect(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs["widget"] = RecordsSelect(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, ArrayField):
            kwargs |= {"form_class": ListField, "one_per_line": db_field.name in self.lists_one_per_line}
        elif isinstance(db_field, models.TextField):
            kwargs["widget"] = AdminTextareaWidget(attrs={"rows": 4})
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_queryset(self, request):
        related = [field.name for field in self.model._meta.fields if field.is_relation]
        queryset = super().get_queryset(request)
        return queryset.select_related(*related) if related else queryset


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

    verbose_name = _("source")
    verbose_name_plural = _("sources: which page backs which facts")
    fields = ["source", "supports", "order"]
    after = _("Description")


class ContactInline(RecordFields, admin.StackedInline):
    """Ways to reach an institution or somebody in a post. When one was checked can only be confirmed, not typed."""

    form = ContactForm
    formset = RecordInlineFormSet
    verbose_name = _("contact")
    verbose_name_plural = _("contacts")
    show_change_link = True
    readonly_fields = ["check_in_words"]
    fields = [
        ("kind", "value", "department"),
        ("languages", "language", "is_public", "order"),
        ("source", "note"),
        "check_in_words",
    ]

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
        return format_html("{} {}", check_in_words(contact), link)

    def _parent_pk(self, contact):
        foreign_key = next(
            field
            for field in self.model._meta.fields
            if field.is_relation and issubclass(self.parent_model, field.related_model)
        )
        return getattr(contact, foreign_key.attname)


def check_in_words(contact):
    """When, how and by whom the contact was last confirmed."""
    if contact.checked_on is None:
        return _("Never confirmed.")
    parts = [contact.checked_on.in_words(), contact.get_check_method_display(), contact.checked_by]
    return ", ".join(str(part) for part in parts if part)


class HistoryAdmin(RecordFields, VersionAdmin):
    """Pages with a history that can be brought back, the rows below the record included."""

    history_latest_first = True
    show_facets = admin.ShowFacets.ALWAYS
    save_on_top = True

    def changelist_view(self, request, extra_context=None):
        # Past VersionAdmin's own, which puts everything that one action changes into a single revision: bringing back
        # one of the records would then bring back all of them. Actions make a revision for each record.
        context = {"has_change_permission": self.has_change_permission(request), **(extra_context or {})}
        return super(VersionAdmin, self).changelist_view(request, context)

    def get_actions(self, request, action_location=admin.ActionLocation.CHANGE_LIST):
        if request.resolver_match and request.resolver_match.url_name.endswith(("_revision", "_recover")):
            # An action on a page that shows an old version would bring that version back on the way.
            return {}
        return super().get_actions(request, action_location=action_location)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if request.method == "POST":
            self.keep_first_state(request, unquote(object_id))
        return super().change_view(request, object_id, form_url, extra_context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change and request.method == "GET":
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            form = context["adminform"].form
            record_form_opened.send(self.model, request=request, record=obj, form=form, formsets=formsets)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def response_change(self, request, obj):
        record_form_saved.send(self.model, request=request, record=obj)
        return super().response_change(request, obj)

    def keep_first_state(self, request, object_id):
        """Puts a record that came by import into the history before its first change here, so that it can come back."""
        record = self.get_object(request, object_id)
        if record is None or Version.objects.get_for_object(record).exists():
            return
        with reversion.create_revision():
            reversion.set_comment(gettext("State before the first change here."))
            reversion.add_to_revision(record)

    def change_with_history(self, request, record, comment, change):
        """Does one change of a record as a revision and log entry of its own."""
        self.keep_first_state(request, str(record.pk))
        with reversion.create_revision():
            reversion.set_user(request.user)
            change()
            reversion.add_to_revision(record)
            self.log_change(request, record, comment)

    def revision_view(self, request, object_id, version_id, extra_context=None):
        """Brings a version back. What was checked since, and addresses that were in use since, stay."""
        with transaction.atomic():
            before = self.model._base_manager.filter(pk=object_id).first()
            checks = self._checks(before)
            response = super().revision_view(request, object_id, version_id, extra_context)
            if request.method == "POST" and response.status_code == 302 and before:
                self._keep_checks(checks)
                self._keep_address(before)
        return response

    def _checks(self, record):
        return list(record.contacts.all()) if record and hasattr(record, "contacts") else []

    def _keep_checks(self, contacts):
        for contact in contacts:
            # A check is about a value: where the value is another one again, its own old check is right.
            same = type(contact)._base_manager.filter(pk=contact.pk, kind=contact.kind, value=contact.value)
            same.update(
                checked_on=contact.checked_on, check_method=contact.check_method, checked_by=contact.checked_by_id
            )

    def _keep_address(self, before):
        slug = getattr(before, "slug", None)
        if slug and not type(before)._base_manager.filter(pk=before.pk, slug=slug).exists():
            PastSlug.objects.get_or_create(
                record_kind=before.record_kind(), slug=slug, defaults={"record_key": before.key}
            )


class RowAdmin(HistoryAdmin):
    """Pages of rows that belong to a record. What changes here stands in the history of the record as well."""

    # Name of the foreign key to the record.
    record_field = None

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        record = getattr(form.instance, self.record_field)
        if record:
            reversion.add_to_revision(record)


class KeyedAdmin(HistoryAdmin):
    """Pages of what has a key: made from country and name when left empty, and never changed after that."""

    form = KeyedForm
    # What several countries make together is named without a country.
    country_in_key = True

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(["key"] if obj else [])]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "key":
            kwargs |= {"required": False, "help_text": _("Left empty, it is made from the country and the name.")}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        obj.key = obj.key or free_key(obj, with_country=self.country_in_key)
        super().save_model(request, obj, form, change)


NAMES = (
    _("Names"),
    {
        "fields": ["name_en", "name_ru", ("name_native", "native_language")],
        "description": _("Names as the body itself or its newest official page writes them. Other spellings go below."),
    },
)
REMARKS_FIELDS = ["remarks_en", "remarks_ru"]
PUBLICATION = (
    _("Publication"),
    {
        "fields": ["publication_state", "slug", "key", "editors_note"],
        "description": _("Address and key may stay empty: they are made from the name."),
    },
)


class RecordAdmin(KeyedAdmin):
    """Pages of records with a public page, in the order of that page."""

    ordering = ["sort_key_en"]
    search_fields = ["name_en", "name_ru", "name_native", "other_names__text", "key"]
    actions = ["publish", "archive"]

    @admin.action(description=_("Publish the chosen records"), permissions=["change"])
    def publish(self, request, queryset):
        self._set_publication_state(request, queryset, PublicationState.PUBLISHED)

    @admin.action(description=_("Archive the chosen records"), permissions=["change"])
    def archive(self, request, queryset):
        self._set_publication_state(request, queryset, PublicationState.ARCHIVED)

    def _set_publication_state(self, request, queryset, state):
        changed = 0
        for record in queryset.exclude(publication_state=state):
            record.publication_state = state
            try:
                record.validate_constraints()
            except ValidationError as error:
                self.message_user(request, f"{record}: {' '.join(error.messages)}", messages.ERROR)
                continue
            self.change_with_history(request, record, str(state.label), record.save)
            changed += 1
        message = ngettext("%(count)d record changed.", "%(count)d records changed.", changed)
        self.message_user(request, message % {"count": changed}, messages.SUCCESS if changed else messages.INFO)


reversion.register(Source)


@admin.register(Source)
class SourceAdmin(HistoryAdmin):
    list_display = ["title", "publisher", "host", "language", "published_on", "accessed_on"]
    list_filter = ["language", ("snapshot_url", admin.EmptyFieldListFilter)]
    search_fields = ["title", "publisher", "url"]
    ordering = ["title", "url"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "url",
                    "title",
                    ("publisher", "language"),
                    ("published_on", "accessed_on"),
                    "snapshot_url",
                    "note",
                ],
                "description": _(
                    "A page or letter that states facts. One address is one source, used by many records."
                ),
            },
        )
    ]

    @admin.display(description=_("site"))
    def host(self, source):
        return source.host


@admin.register(PastSlug)
class PastSlugAdmin(admin.ModelAdmin):
    """Old addresses, to look up only: records make them themselves."""

    list_display = ["slug", "record_kind", "record_key"]
    list_filter = ["record_kind"]
    search_fields = ["slug", "record_key"]
    ordering = ["record_kind", "slug"]
    show_facets = admin.ShowFacets.ALWAYS

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
