"""Admin of corrections, and of e-mails to institutions."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from editors.dashboard.task_filter import TaskFilter
from editors.forms.country_filter import CountryFilter
from editors.forms.read_only_admin import ReadOnlyAdmin
from visitors.corrections.models import ConfirmationRequest, Correction, CorrectionState, NoMoreLetters
from visitors.corrections.receiving import AlreadyAnswered, answer

from .filling_in import CorrectedRecord, answered_in_words

STANDARD_REASONS = [
    _("Our sources support the present entry."),
    _("We found no published page or letter that supports the change. Please send us a link to one."),
    _("The institution itself confirmed the present entry."),
    _("The directory does not list this kind of information."),
]


class DeclineForm(forms.Form):
    """Form for the reason of a declined correction."""

    standard = forms.ChoiceField(label=_("Standard reason"), required=False)
    reason = forms.CharField(
        label=_("In your own words"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data=None, *, language):
        super().__init__(data)
        # The sender reads them, in the language of the correction.
        with override(language):
            reasons = [str(reason) for reason in STANDARD_REASONS]
        self.fields["standard"].choices = [("", "–"), *zip(reasons, reasons, strict=True)]

    def clean(self):
        cleaned = super().clean()
        cleaned["text"] = "\n\n".join(filter(None, [cleaned.get("standard"), cleaned.get("reason")]))
        if not cleaned["text"] and not self.errors:
            self.add_error("reason", _("Give the reason: the sender will read it."))
        return cleaned


class OpenFilter(admin.SimpleListFilter):
    title = _("answer")
    parameter_name = "answer"

    def lookups(self, request, model_admin):
        return [("open", _("open")), *CorrectionState.choices[1:]]

    def queryset(self, request, queryset):
        if self.value() == "open":
            return queryset.open()
        return queryset.filter(state=self.value()) if self.value() in CorrectionState.values else queryset


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin):
    """Admin of corrections, the oldest first. A correction is answered, never changed or deleted."""

    still_allowed = {"change"}
    list_display = ["__str__", "about", "said", "state", "received_at", "country", "origin"]
    list_filter = [TaskFilter, OpenFilter, CountryFilter, "record_kind", "origin"]
    list_select_related = ["country"]
    search_fields = ["record_name", "record_key", "wrong", "proposed", "value_then"]
    actions = None

    def get_ordering(self, request):
        return []

    def get_changelist(self, request, **kwargs):
        return InboxList

    @admin.display(description=_("about"))
    def about(self, correction):
        if correction.record_kind:
            return f"{correction.get_record_kind_display()}: {correction.record_name}"
        if correction.missing_kind or correction.country_id:
            return _("missing: %(kind)s") % {"kind": correction.get_missing_kind_display() or _("institution")}
        return correction.page or _("the directory as a whole")

    @admin.display(description=_("value at that time → what would be right"))
    def said(self, correction):
        parts = [correction.value_then, correction.proposed or correction.wrong]
        return " → ".join(Truncator(part).chars(60) for part in parts if part)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        correction = self.get_object(request, object_id)
        if correction is None:
            raise Http404("No such correction among those of the editor")
        if not self.has_view_permission(request, correction):
            raise PermissionDenied
        if request.method != "POST":
            return self._page(request, correction)
        if not self.has_change_permission(request, correction):
            raise PermissionDenied
        return self._answer(request, correction)

    def _answer(self, request, correction):
        form = DeclineForm(request.POST, language=correction.language)
        accepts = "accept" in request.POST
        if not accepts and not form.is_valid():
            return self._page(request, correction, form, status=400)
        state = CorrectionState.ACCEPTED if accepts else CorrectionState.DECLINED
        try:
            answer(correction, state, by=request.user, reason="" if accepts else form.cleaned_data["text"])
        except AlreadyAnswered:
            self.message_user(request, answered_in_words(correction), messages.ERROR)
            return self._page(request, correction, form, status=409)
        self.log_change(request, correction, str(correction.get_state_display()))
        self.message_user(request, answered_in_words(correction), messages.SUCCESS)
        return redirect("admin:corrections_correction_changelist")

    def _page(self, request, correction, form=None, status=200):
        context = {
            **self.admin_site.each_context(request),
            "title": str(correction),
            "opts": self.opts,
            "correction": correction,
            "about": self.about(correction),
            "corrected": CorrectedRecord(correction),
            "form": form or DeclineForm(language=correction.language),
            "may_answer": correction.is_open and self.has_change_permission(request, correction),
        }
        return TemplateResponse(request, "admin/corrections/correction_page.html", context, status=status)


class InboxList(ChangeList):
    """List with open corrections first, the oldest on top, unless the editor sorts by a column."""

    def get_queryset(self, request, **kwargs):
        queryset = super().get_queryset(request, **kwargs)
        return queryset if self.params.get("o") else queryset.inbox_order()


@admin.register(ConfirmationRequest)
class ConfirmationRequestAdmin(ReadOnlyAdmin):
    """Read-only admin of e-mails to institutions and their answers."""

    country_path = "institution__country"
    list_display = ["institution", "occasion", "sent_at", "answered_at", "confirmed_count", "wrong_count"]
    list_filter = [
        ("answered_at", admin.EmptyFieldListFilter),
        "occasion",
        CountryFilter,
    ]
    list_select_related = ["institution"]
    search_fields = ["institution__name_en", "institution__name_ru", "institution__key"]
    ordering = ["-sent_at", "pk"]
    show_facets = admin.ShowFacets.ALWAYS
    fields = ["institution", "occasion", "addresses", "sent_at", "answered_at", "confirmed_count", "wrong_count"]


@admin.register(NoMoreLetters)
class NoMoreLettersAdmin(ReadOnlyAdmin):
    """Admin of institutions that opted out of e-mails; deleting a line allows e-mails again."""

    country_path = "institution__country"
    still_allowed = {"delete"}
    list_display = ["institution", "asked_at"]
    list_select_related = ["institution"]
    search_fields = ["institution__name_en", "institution__name_ru", "institution__key"]
    ordering = ["-asked_at", "pk"]
