"""Admin pages of records: publication, warnings of duplicates, and the pages beside the form."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from editors.merging.pages import way_to_kept_record
from records.base import PublicationState

from .duplicate_warning import DuplicateWarningForm, RecordsOfEditor
from .history_admin import HistoryAdmin
from .preview import PreviewPage
from .rows import link_to_confirm

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


class RecordAdmin(HistoryAdmin):
    """Pages of records with a public page, in the order of that page. How a save goes is told at `HistoryAdmin`."""

    form = DuplicateWarningForm
    readonly_once_stored = ["key"]
    ordering = ["sort_key_en"]
    search_fields = ["name_en", "name_ru", "name_native", "other_names__text", "key__exact"]
    actions = ["publish", "archive"]
    # Pages of their own beside the form, each a class with `urls()` and `links(request, record)`.
    further_pages = []
    # Contacts that one page confirms together: what the link says, their model, and the parameter for the record.
    confirmed_together = []

    def __init__(self, model, admin_site):
        super().__init__(model, admin_site)
        self.preview = PreviewPage(self)
        self.further = [page(self) for page in self.further_pages]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.records_of_editor = RecordsOfEditor(self.admin_site, request)
        return form

    # Pages beside the form --------------------------------------------------------------------------------------------

    def get_urls(self):
        return [*(url for page in [self.preview, *self.further] for url in page.urls()), *super().get_urls()]

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["links_beside"] = (
            self.links_beside(request, obj) if obj and self.has_change_permission(request, obj) else []
        )
        context["sources_on_top"] = obj.record_sources.select_related("source") if obj else []
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def links_beside(self, request, record):
        """Return pairs of wording and URL for the links beside "History"."""
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[record.pk])
        return [
            *self.preview.links(request, record),
            *(
                (words, link_to_confirm(contact_model, back=back, **{parameter: record.pk}))
                for words, contact_model, parameter in self.confirmed_together
            ),
            *(link for page in self.further for link in page.links(request, record)),
        ]

    def get_view_on_site_url(self, obj=None):
        # Only what is on the site can be looked at there.
        return super().get_view_on_site_url(obj) if obj is None or obj.is_published else None

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        missing = super()._get_obj_does_not_exist_redirect
        return way_to_kept_record(self.model, object_id) or missing(request, opts, object_id)

    # Publication ------------------------------------------------------------------------------------------------------

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
