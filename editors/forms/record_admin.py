"""Admin pages of records: keys, publication, warnings of duplicates, previews."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from editors.forms.history_admin import HistoryAdmin
from editors.forms.rows import link_to_confirm
from records.base import PublicationState, give_keys

from .duplicate_warning import WarnsOfDuplicates
from .fields import (
    KeyedForm,
)
from .preview import PreviewsDrafts


class KeyedAdmin(HistoryAdmin):
    """Pages of what has a key: made from country and name when left empty, and never changed after that."""

    form = KeyedForm
    # What several countries make together is named without a country.
    country_in_key = True

    # Contacts that one page confirms together: what the link says, their model, and the parameter for the record.
    confirmed_together = []

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["links_beside"] = (
            self.links_beside(request, obj) if obj and self.has_change_permission(request, obj) else []
        )
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def links_beside(self, request, record):
        """Return pairs of wording and URL for the links beside "History"."""
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[record.pk])
        return [
            (words, link_to_confirm(contact_model, back=back, **{parameter: record.pk}))
            for words, contact_model, parameter in self.confirmed_together
        ]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(["key"] if obj else [])]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "key":
            kwargs |= {"required": False, "help_text": _("Left empty, it is made from the country and the name.")}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request, obj, form, change):
        if not obj.key:
            give_keys([obj], with_country=self.country_in_key)
        super().save_model(request, obj, form, change)


NAMES = (
    _("Names"),
    {
        "fields": ["name_en", "name_ru", ("name_native", "native_language")],
        "description": _(
            "Names as the institution itself or its newest official page writes them. Other spellings go below."
        ),
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


class RecordAdmin(WarnsOfDuplicates, PreviewsDrafts, KeyedAdmin):
    """Pages of records with a public page, in the order of that page."""

    ordering = ["sort_key_en"]
    search_fields = ["name_en", "name_ru", "name_native", "other_names__text", "key__exact"]
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
            self.change_with_history(request, record, str(state.label), lambda record=record: self._store_state(record))
            changed += 1
        message = ngettext("%(count)d record changed.", "%(count)d records changed.", changed)
        self.message_user(request, message % {"count": changed}, messages.SUCCESS if changed else messages.INFO)

    def _store_state(self, record):
        # Only this, and then as it is now: an editor may have saved other fields since the list was read.
        record.save(update_fields=["publication_state", "updated_at"])
        record.refresh_from_db()
