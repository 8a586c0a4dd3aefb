"""Pages for readers to send and follow corrections, and for institutions to confirm their entries."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from exports.list_views import from_own_pages, private
from exports.models import hashed
from institutions.models import Institution
from records.kinds import kinds
from web.client_limits import TooManyActions

from .confirmations import keep_answer, listed_lines, read_answer, stop_letters
from .facts import UnknownFact, find_fact
from .forms import CorrectionForm
from .models import DAYS_A_LETTER_IS_VALID, ConfirmationRequest, Correction
from .receiving import receive
from .subjects import subject_of

TEXT_FIELDS = ["wrong", "proposed", "proof_url", "email"]


def form_page(view):
    """Decorate a view whose form posts to its own URL without a CSRF token; see ADR 0036."""
    guarded = from_own_pages(view)

    @csrf_exempt
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    def page(request, *args, **kwargs):
        return guarded(request, *args, **kwargs) if request.method == "POST" else view(request, *args, **kwargs)

    return page


@form_page
def correction_new(request):
    is_sent = request.method == "POST"
    subject = subject_of(request.GET)
    form = CorrectionForm(request.POST if is_sent else None)
    status = 200
    if is_sent and not form.is_valid():
        status = 400
    elif is_sent:
        texts = {name: form.cleaned_data[name] for name in TEXT_FIELDS}
        try:
            kept = receive(subject.correction(language=get_language(), **texts), request)
        except TooManyActions:
            status = 429
        else:
            return redirect(kept)
    context = {"subject": subject, "form": form, "is_too_many": status == 429}
    response = render(request, "corrections/correction_new.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


@never_cache
@require_safe
def correction_status(request, secret):
    correction = get_object_or_404(Correction.objects.select_related("country"), secret=secret)
    kind = kinds().get(correction.record_kind)
    record = kind and kind.find_published(correction.record_key)
    context = {
        "correction": correction,
        "record": record,
        "kind_label": capfirst(kind.label) if kind else "",
        "fact": fact_now(record, correction),
        "missing_kind": correction.get_missing_kind_display(),
    }
    return private(render(request, "corrections/correction_status.html", context))


def fact_now(record, correction):
    """Return the fact as the page of the record shows it today, or None."""
    if record is None or not correction.fact:
        return None
    try:
        return find_fact(record, correction.fact)
    except UnknownFact:
        return None


def _letter_or_404(secret) -> ConfirmationRequest:
    return get_object_or_404(ConfirmationRequest, secret_hash=hashed(secret))


@form_page
def confirmation(request, secret):
    letter = _letter_or_404(secret)
    institution = Institution.objects.published().for_detail().filter(pk=letter.institution_id).first()
    context = {"letter": letter, "institution": institution, "secret": secret, "days": DAYS_A_LETTER_IS_VALID}
    if institution is None or (letter.has_expired and not letter.answered_at):
        return private(render(request, "corrections/confirmation_gone.html", context, status=410))
    if letter.answered_at:
        return private(render(request, "corrections/confirmation_answered.html", context))
    lines = listed_lines(institution)
    context |= {"lines": lines, "status": 200}
    if request.method == "POST":
        answer = read_answer(lines, request.POST)
        context |= {"answer": answer, "status": answer.status}
        if context["status"] == 200:
            keep_answer(letter, answer)
            return redirect("corrections:confirmation", secret)
    return private(render(request, "corrections/confirmation.html", context, status=context["status"]))


@form_page
def no_more_letters(request, secret):
    letter = _letter_or_404(secret)
    if letter.has_expired:
        listed = Institution.objects.published().filter(pk=letter.institution_id).first()
        context = {"institution": listed, "days": DAYS_A_LETTER_IS_VALID}
        return private(render(request, "corrections/confirmation_gone.html", context, status=410))
    institution = letter.institution
    if request.method == "POST":
        stop_letters(institution)
    context = {"institution": institution, "is_stopped": hasattr(institution, "no_more_letters")}
    return private(render(request, "corrections/no_more_letters.html", context))
