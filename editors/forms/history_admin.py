"""Admin pages with a history that can be brought back, and the way of a form through them."""

import contextlib
from http import HTTPStatus

import reversion
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from reversion.admin import VersionAdmin
from reversion.models import Version

from editors.accounts.kept_forms import put_back
from editors.accounts.limits import country_codes
from editors.dashboard.task_filter import TaskFilter
from editors.dashboard.tasks import tasks_of
from editors.inbox.filling_in import accept_saved_correction, fill_in_correction
from records.history.bringing_back import RevertPreview, bring_back_needed, deletions, name_deletions
from records.history.entries import fields_of, model_of
from records.history.revisions import keep_found_state, revisions_page

from .bringing_back import keep_past_slug, narrow_revision, taken_meanwhile
from .country_limits import found_within_limits, may_be_worked_on, refuse_foreign_parts, refuse_to_leave
from .fields import focus_first_text
from .found_pages import FoundPages, FoundRecords, ids_with_word, page_asked_for
from .rows import RecordFields
from .submissions import (
    SEEN_FIELD,
    answer,
    merge_with_stored,
    reasons_unsaved,
    remember_state,
    submission_of,
    typed_in_words,
)

RECOVERED_A_PAGE = 50


class HistoryAdmin(RecordFields, VersionAdmin):
    """Pages of what editors enter.

    A form that is sent passes the methods below in this order; each names what does the work.

    1. `change_view` keeps in the history what others than editors changed since its newest version, and answers in a
       revision. `add_view` needs no more than that revision. Both send a form back that leaves the editor's countries.
    2. `changeform_view` takes a form that was kept while its editor was logged out, locks the record, and merges what
       others stored meanwhile with what was typed.
    3. `get_form` tells the form why it must not be stored yet, if so; after that the form itself is asked.
    4. The form gives a new record its key (`KeyedForm.save`); Django stores it by `save_model`.
    5. `save_related` stores the rows, refuses what leaves the editor's countries, and puts the rest into the revision.
    6. `log_addition` or `log_change` names the change in the log and in the history.
    7. `response_change` accepts the correction that the form was filled in from, and leads on.

    A form that is not stored comes back by `render_change_form`, with the state that it must be compared with.
    """

    # Only on demand: counts beside every choice read the whole table several times.
    show_facets = admin.ShowFacets.ALLOW
    show_full_result_count = False
    list_per_page = 50
    save_on_top = True
    # See `editors.accounts.kept_forms`.
    fills_in_kept_forms = True
    # Fields that can be typed into a new record only.
    readonly_once_stored = []

    # Limits of countries ----------------------------------------------------------------------------------------------

    # From a record to the country that it belongs to.
    country_path = "country"

    def in_countries(self, codes) -> Q:
        """Return which records belong to the countries."""
        return Q(**{f"{self.country_path}__in": codes})

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) and may_be_worked_on(obj, request)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and may_be_worked_on(obj, request)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and may_be_worked_on(obj, request)

    def get_object(self, request, object_id, from_field=None):
        record = found_within_limits(super().get_object(request, object_id, from_field), request.user)
        if revision := submission_of(request).brought_back:
            # Once more with the rows as they were then: the page shows them, or makes them true again.
            refuse_foreign_parts(revision, request.user)
        return record

    # Lists ------------------------------------------------------------------------------------------------------------

    def get_list_filter(self, request):
        return [*([TaskFilter] if tasks_of(self.model) else []), *super().get_list_filter(request)]

    def get_search_results(self, request, queryset, search_term):
        """Records with every word somewhere in the fields of the search, as typed."""
        for word in search_term.split():
            queryset = queryset.filter(pk__in=ids_with_word(self.model, self.search_fields, word.strip("\"'")))
        return queryset, False

    def get_changelist(self, request, **kwargs):
        return FoundRecords

    def get_paginator(self, request, queryset, per_page, *args, **kwargs):
        if not request.GET.get(SEARCH_VAR):
            return super().get_paginator(request, queryset, per_page, *args, **kwargs)
        records = self.get_queryset(request)
        if isinstance(self.list_select_related, list | tuple):
            records = records.select_related(*self.list_select_related)
        return FoundPages(queryset, per_page, *args, records=records, number=page_asked_for(request), **kwargs)

    def changelist_view(self, request, extra_context=None):
        # Past VersionAdmin's own, which puts everything that one action changes into a single revision: bringing back
        # one of the records would then bring back all of them. Actions make a revision for each record.
        context = {
            "has_change_permission": self.has_change_permission(request),
            "may_recover": country_codes(request.user) is None,
            **(extra_context or {}),
        }
        return super(VersionAdmin, self).changelist_view(request, context)

    def get_actions(self, request, action_location=admin.ActionLocation.CHANGE_LIST):
        if request.resolver_match and request.resolver_match.url_name.endswith(("_revision", "_recover")):
            # An action on a page that shows an old version would bring that version back on the way.
            return {}
        return super().get_actions(request, action_location=action_location)

    # A form from arriving to stored -----------------------------------------------------------------------------------

    def add_view(self, request, form_url="", extra_context=None):
        return answer(super().add_view, request, form_url, extra_context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if request.method == "POST" and self._is_among(self.model._base_manager, unquote(object_id)):
            self.keep_first_state(request, unquote(object_id))
        return answer(super().change_view, request, object_id, form_url, extra_context)

    def keep_first_state(self, request, object_id):
        """Puts what an import or a program did into the history before a change here, so that it can come back."""
        record = self.get_object(request, object_id)
        if record is not None:
            keep_found_state(record)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if revision := submission_of(request).brought_back:
            bring_back_needed(revision.version_set.all())
        if put_back(request):
            # The button that was pressed, or an action of the page: this time nothing is done but shown.
            request.POST.pop(f"{admin.ActionLocation.CHANGE_FORM.value}-action", None)
        if request.method != "POST" or object_id is None or self._is_action(request):
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            if not self.lock(unquote(object_id)) and self.has_change_permission(request):
                return self._deleted_meanwhile(request, unquote(object_id))
            record = self.get_object(request, unquote(object_id))
            if record is not None and self.has_change_permission(request, record):
                merge_with_stored(self, request, record)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def _is_action(self, request):
        saves = {"_save", "_continue", "_addanother"} & request.POST.keys()
        return f"{admin.ActionLocation.CHANGE_FORM.value}-action" in request.POST and not saves

    def lock(self, object_id):
        """Keeps everybody else from saving the record before this transaction ends; False where there is none."""
        return self._is_among(self.model._base_manager.select_for_update(no_key=True), object_id)

    def _is_among(self, records, object_id):
        with contextlib.suppress(ValueError, ValidationError):
            return records.filter(pk=object_id).values("pk").first() is not None
        return False

    def _deleted_meanwhile(self, request, object_id):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("This record no longer exists"),
            "typed": typed_in_words(self, request),
            "deletion": deletions(self.model, [object_id]).get(object_id),
            "may_recover": self.has_add_permission(request),
        }
        return TemplateResponse(request, "admin/deleted_meanwhile.html", context, status=HTTPStatus.GONE)

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(self.readonly_once_stored if obj else [])]

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.reasons_unsaved = reasons_unsaved(request)
        return form

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        refuse_to_leave(form.instance, request.user)
        for contact in submission_of(request).contacts_before:
            # The database keeps later checks of unchanged contacts; the version must say what is stored.
            for kept in type(contact)._base_manager.filter(pk=contact.pk):
                reversion.add_to_revision(kept)

    def log_addition(self, request, object, message):
        return self._comment_in_any_language(super().log_addition(request, object, message))

    def log_change(self, request, object, message):
        return self._comment_in_any_language(super().log_change(request, object, message))

    def _comment_in_any_language(self, entry):
        # VersionAdmin puts the words of the editor's language there; what the log keeps can be read in each.
        if reversion.is_active():
            reversion.set_comment(entry.change_message)
        return entry

    def response_change(self, request, obj):
        inbox = accept_saved_correction(request, obj)
        response = super().response_change(request, obj)
        goes_on = {"_continue", "_addanother"} & request.POST.keys()
        return redirect(inbox) if inbox and not goes_on else response

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change and obj is not None and self.has_change_permission(request, obj):
            remember_state(request, context, obj)
        if add and request.method == "GET":
            focus_first_text(context["adminform"].form)
        if change and request.method == "GET":
            formsets = [inline.formset for inline in context["inline_admin_formsets"]]
            fill_in_correction(request, obj, context["adminform"].form, formsets)
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    # Changes without a form -------------------------------------------------------------------------------------------

    def change_with_history(self, request, record, comment, change):
        """Does one change of a record as a revision and log entry of its own."""
        self.keep_first_state(request, str(record.pk))
        with reversion.create_revision():
            reversion.set_user(request.user)
            change()
            reversion.add_to_revision(record)
            self.log_change(request, record, comment)

    def delete_model(self, request, obj):
        keep_found_state(obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for record in queryset:
            keep_found_state(record)
        super().delete_queryset(request, queryset)

    # History ----------------------------------------------------------------------------------------------------------

    def history_view(self, request, object_id, extra_context=None):
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        page = revisions_page(record, request.GET.get(PAGE_VAR))
        context = {
            "revisions": page,
            "revision_range": page.paginator.get_elided_page_range(page.number),
            "may_bring_back": self.has_change_permission(request, record) and self.may_come_back(record),
        }
        return super(VersionAdmin, self).history_view(request, object_id, context | (extra_context or {}))

    def may_come_back(self, record):
        """Return True if earlier states of the record may be brought back."""
        return True

    def revision_view(self, request, object_id, version_id, extra_context=None):
        """Shows what bringing a version back would change, and brings it back.

        Addresses that were in use since stay, and the database keeps what was checked since.
        """
        record = self.get_object(request, unquote(object_id))
        if record is None or not self.may_come_back(record):
            raise Http404
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        version = get_object_or_404(Version.objects.get_for_object(record), pk=version_id)
        with transaction.atomic():
            self.lock(record.pk)
            preview = RevertPreview.of(record, version)
            submission = submission_of(request)
            submission.contacts_before = preview.contacts()
            submission.is_overtaken = request.method == "POST" and request.POST.get(SEEN_FIELD) != preview.fingerprint
            context = {"preview": preview, **(extra_context or {})}
            response = answer(super().revision_view, request, object_id, version_id, context)
            if request.method == "POST" and response.status_code == HTTPStatus.FOUND:
                keep_past_slug(record)
        return response

    def _reversion_revisionform_view(self, request, version, template_name, extra_context=None):
        # Not documented; both what is there and what was deleted comes back by it. See tests/test_private_names.py.
        # The package takes the version of any record for one of these.
        if model_of(version) is not self.model._meta.concrete_model:
            raise Http404
        narrow_revision(version)
        refuse_foreign_parts(version.revision, request.user)
        submission_of(request).brought_back = version.revision
        return super()._reversion_revisionform_view(request, version, template_name, extra_context)

    # Deleted records --------------------------------------------------------------------------------------------------

    def recoverlist_view(self, request, extra_context=None):
        if not (self.has_change_permission(request) and self.has_add_permission(request)):
            raise PermissionDenied
        versions = Version.objects.get_deleted(self.model).select_related("revision").order_by("-revision_id")
        deleted = [version for version in versions if self.may_recover(request, version)]
        page = Paginator(deleted, RECOVERED_A_PAGE).get_page(request.GET.get(PAGE_VAR))
        name_deletions(self.model, page.object_list)
        context = {"deleted": page, "page_range": page.paginator.get_elided_page_range(page.number)}
        return super().recoverlist_view(request, context | (extra_context or {}))

    def recover_view(self, request, version_id, extra_context=None):
        if not (self.has_change_permission(request) and self.has_add_permission(request)):
            raise PermissionDenied
        version = get_object_or_404(Version.objects.get_deleted(self.model), pk=version_id)
        if not self.may_recover(request, version):
            raise Http404
        if taken := taken_meanwhile(self.model, version):
            self.message_user(request, taken, messages.ERROR)
            response = self.recoverlist_view(request)
            response.status_code = HTTPStatus.CONFLICT
            return response
        return super().recover_view(request, version_id, extra_context)

    def may_recover(self, request, version):
        """Return True if the deleted record lay in a country that the editor works on."""
        codes = country_codes(request.user)
        return codes is None or bool(codes & self.countries_of_version(version))

    def countries_of_version(self, version):
        return {fields_of(version).get("country")}
