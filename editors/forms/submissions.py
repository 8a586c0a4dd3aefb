"""The way of a form through its page: what it was opened with, what others stored meanwhile, why it is not stored."""

from dataclasses import dataclass, field
from http import HTTPStatus

from django import forms
from django.contrib.admin.utils import flatten_fieldsets
from django.forms.formsets import TOTAL_FORM_COUNT
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from reversion.models import Revision

from editors.accounts.kept_forms import is_put_back

from .conflicts import Conflict, apply_choices, find_conflict, number_in, typed_pairs
from .country_limits import LeavesCountriesError
from .opened_state import TOKEN_FIELD, OpenedState, state_of, stored_forms

# What the record was like when an editor saw what bringing a version back would change.
SEEN_FIELD = "seen_state"


@dataclass
class Submission:
    """All that the page knows of the form that one request sends or is shown."""

    # The state with which the form opens, where it is another one than what is stored now.
    opened: OpenedState | None = None
    conflict: Conflict | None = None
    # With it, the record would belong to none of the countries that the editor is limited to.
    leaves_countries: bool = False
    # The revision that it brings back, the contacts in it as they were before, and whether the record was changed since
    # the editor saw what would change.
    brought_back: Revision | None = None
    contacts_before: list = field(default_factory=list)
    is_overtaken: bool = False

    @property
    def needs_another_look(self) -> bool:
        """True where the form must come back, because somebody else changed what it is about."""
        return bool(self.conflict) or self.is_overtaken


def submission_of(request) -> Submission:
    if not hasattr(request, "_submission"):
        request._submission = Submission()
    return request._submission


def answer(view, request, *arguments):
    """Answer by the view, which saves in a transaction of its own.

    A form that would leave the editor's countries is rolled back, and comes back as it was sent, with the reason.
    """
    submission = submission_of(request)
    try:
        response = view(request, *arguments)
    except LeavesCountriesError:
        submission.leaves_countries = True
        response = view(request, *arguments)
    if submission.needs_another_look:
        response.status_code = HTTPStatus.CONFLICT
    return response


def reasons_unsaved(request) -> list[str]:
    """Return why the form must not be stored before its editor has looked at it again, whatever is typed into it."""
    reasons = []
    if submission_of(request).leaves_countries:
        reasons.append(_("You work on some countries only: with these values the record would belong to none of them."))
    if submission_of(request).needs_another_look:
        reasons.append(_("Nothing is saved yet: check what has changed meanwhile and save again."))
    elif is_put_back(request):
        reasons.append(_("You were logged out before this form arrived. Nothing is saved yet: check it and save it."))
    return reasons


def merge_with_stored(model_admin, request, record):
    """Put the editor's choices into what was sent, and what others stored meanwhile.

    Must run under the record's lock, in the transaction that stores the form.
    """
    opened = OpenedState.from_token(request.POST.get(TOKEN_FIELD), record)
    data = request.POST.copy()
    apply_choices(data, opened or OpenedState())
    form, formsets = stored_forms(model_admin, request, record)
    conflict = find_conflict(record, form, formsets, data, opened)
    submission = submission_of(request)
    submission.conflict = conflict
    submission.opened = conflict.stored if conflict else opened
    request.POST = conflict.data if conflict else data


def remember_state(request, context, record):
    """Give a form that is about to be shown the hidden field with the state with which it opens."""
    form, submission = context["adminform"].form, submission_of(request)
    state = submission.opened
    if state is None:
        rows = [rows.formset for rows in context["inline_admin_formsets"] if rows.has_change_permission]
        state = state_of(form, rows)
    hidden = {TOKEN_FIELD: state.as_token(record)}
    if "preview" in context:
        hidden[SEEN_FIELD] = context["preview"].fingerprint
    for name, value in hidden.items():
        form.fields[name] = forms.CharField(widget=forms.HiddenInput, required=False, initial=value)
    if form.is_bound:
        form.data = form.data.copy()
        for name, value in hidden.items():
            form.data[name] = value
    context["conflict"] = submission.conflict


def typed_in_words(model_admin, request):
    """All that was typed into the form of a record that is no longer there: (label, text) pairs."""
    fields = flatten_fieldsets(model_admin.get_fieldsets(request))
    form = model_admin.get_form(request, None, fields=fields)()
    typed = typed_pairs(form, request.POST, "")
    for formset_class, inline in model_admin.get_formsets_with_inlines(request):
        formset = formset_class(prefix=formset_class.get_default_prefix(), queryset=inline.model._base_manager.none())
        for number in range(number_in(request.POST, f"{formset.prefix}-{TOTAL_FORM_COUNT}")):
            row = formset.empty_form
            row.prefix = f"{formset.prefix}-{number}"
            typed += typed_pairs(row, request.POST, str(capfirst(inline.model._meta.verbose_name)))
    return typed
