"""Filling of record forms with the values of a correction."""

import reversion
from django import forms
from django.contrib import admin, messages
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from records.kinds import kinds, record_key, record_kind
from visitors.corrections.facts import Fact, UnknownFact, find_fact
from visitors.corrections.models import Correction, CorrectionState
from visitors.corrections.proofs import form_with, offer_proof
from visitors.corrections.receiving import AlreadyAnswered, answer

# Query parameter of a record's form with the id of the correction.
CORRECTION_PARAMETER = "correction"


class CorrectedRecord:
    """Record of a correction in its present state, for the editor's page."""

    def __init__(self, correction: Correction):
        self.correction = correction

    @cached_property
    def record(self):
        kind = kinds().get(self.correction.record_kind)
        return kind and kind.find_published(self.correction.record_key)

    @cached_property
    def fact(self) -> Fact | None:
        if self.record is None or not self.correction.fact:
            return None
        # In the sender's language, so that the two values can be compared.
        with override(self.correction.language):
            try:
                return find_fact(self.record, self.correction.fact)
            except UnknownFact:
                return None

    @property
    def form_address(self) -> str:
        options = self.record._meta
        page = reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[self.record.pk])
        return f"{page}?{CORRECTION_PARAMETER}={self.correction.pk}"


def answered_in_words(correction) -> str:
    return gettext("%(correction)s: %(state)s, by %(editor)s.") % {
        "correction": correction,
        "state": correction.get_state_display(),
        "editor": correction.answered_by,
    }


def correction_asked_for(request, record) -> Correction | None:
    """Return the correction in the query string of the record's form, if the editor may answer it."""
    number = request.GET.get(CORRECTION_PARAMETER, "")
    # `Studio` and `Agency` are institutions with separate forms; rows have forms too, but no corrections.
    if not number.isdecimal() or not hasattr(record, "record_sources"):
        return None
    page = admin.site.get_model_admin(Correction)
    corrections = page.get_queryset(request).about_record(record_kind(record), record_key(record))
    correction = corrections.filter(pk=number).first()
    return correction if correction and page.has_change_permission(request, correction) else None


def fill_in_correction(request, record, form, formsets):
    """Put the proposed value into the field of the fact. Nothing is saved before the editor saves."""
    correction = correction_asked_for(request, record)
    if correction is None:
        return
    if not correction.is_open:
        messages.warning(request, answered_in_words(correction))
        return
    fact = CorrectedRecord(correction).fact
    is_filled = bool(fact and correction.proposed and _fill(fact, correction.proposed, form, formsets))
    text = (
        _("%(correction)s is filled in: “%(proposed)s” where “%(now)s” stood. Saving accepts it.")
        if is_filled
        else _("%(correction)s could not be filled in by itself. Enter it by hand: “%(words)s” Saving accepts it.")
    )
    words = " · ".join(filter(None, [correction.wrong, correction.proposed]))
    values = {"correction": correction, "proposed": correction.proposed, "words": words}
    messages.info(request, text % {**values, "now": fact.value if fact else ""})
    if correction.proof_url:
        messages.info(request, offer_proof(correction.proof_url, fact, form, formsets))


def _fill(fact, proposed, form, formsets) -> bool:
    """Put the text into the fact's field of the form; return False if no field can take it."""
    form = form_with(fact, form, formsets)
    box = form.fields.get(fact.field) if form else None
    if box is None or isinstance(box, forms.ModelChoiceField | forms.MultipleChoiceField) or box.disabled:
        return False
    if isinstance(box, forms.ChoiceField):
        values = {str(label).casefold(): value for value, label in box.choices}
        proposed = values.get(proposed.casefold(), proposed)
    try:
        box.clean(proposed)
    except forms.ValidationError:
        return False
    form.initial[fact.field] = proposed
    box.widget.attrs["autofocus"] = True
    return True


def accept_saved_correction(request, record):
    """Accept the correction when its filled form is saved; the record's history names its id.

    Return the URL of the inbox with the next correction.
    """
    correction = correction_asked_for(request, record)
    if correction is None:
        return None
    inbox = reverse("admin:corrections_correction_changelist")
    try:
        answer(correction, CorrectionState.ACCEPTED, by=request.user)
    except AlreadyAnswered:
        messages.warning(request, answered_in_words(correction))
        return inbox
    if reversion.is_active():
        reversion.set_comment(" ".join(filter(None, [reversion.get_comment(), str(correction)])))
    messages.success(request, answered_in_words(correction))
    return inbox
