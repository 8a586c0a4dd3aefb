"""Pages for readers to send and follow corrections, and for institutions to confirm their entries."""

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
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

from .asking import AnswerBeforeLetter, ask_for_link
from .confirmations import confirmed_by, keep_answer, stop_letters, what_waits
from .entry import Entry
from .facts import UnknownFact, find_fact
from .forms import CorrectionForm, ThisIsUsForm
from .models import ConfirmationRequest, Correction, LetterOccasion
from .receiving import receive
from .subjects import Subject, subject_of

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
def this_is_us(request, record_key):
    institution = get_object_or_404(Institution.objects.published().with_public_contacts(sources=False), key=record_key)
    is_sent = request.method == "POST"
    form = ThisIsUsForm(institution, request.POST if is_sent else None)
    status = 200
    if is_sent and not form.is_valid():
        status = 400
    elif is_sent:
        try:
            return answer_to_asking(institution, form, request)
        except TooManyActions:
            status = 429
    context = {"institution": institution, "form": form, "is_too_many": status == 429}
    response = render(request, "corrections/this_is_us.html", context, status=status)
    response["X-Robots-Tag"] = "noindex"
    return response


def answer_to_asking(institution, form, request):
    """Send a link to the mailbox, or what was written to the editors. Raise TooManyActions."""
    mailbox = form.cleaned_data["mailbox"]
    if mailbox:
        link = ask_for_link(institution, mailbox, form.occasion, request)
        return AnswerBeforeLetter(reverse("corrections:this_is_us_sent", args=[institution.key]), link)
    texts = {"wrong": form.cleaned_data["words"], "email": form.cleaned_data["email"]}
    subject = Subject(institution, page=request.path)
    return redirect(receive(subject.correction(language=get_language(), **texts), request))


@never_cache
@require_safe
def this_is_us_sent(request, record_key):
    """The same page, whatever came of it."""
    institution = get_object_or_404(Institution.objects.published(), key=record_key)
    context = {"institution": institution, "days": LetterOccasion.PUBLISHED.days_valid}
    response = render(request, "corrections/this_is_us_sent.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@form_page
def confirmation(request, secret):
    letter = _letter_or_404(secret)
    institution = Institution.objects.published().for_detail().filter(pk=letter.institution_id).first()
    context = {"letter": letter, "institution": institution, "secret": secret}
    if institution is None or (letter.has_expired and not letter.answered_at):
        return private(render(request, "corrections/confirmation_gone.html", context, status=410))
    if letter.answered_at:
        context |= {"confirmed": confirmed_by(letter, institution), "waiting": what_waits(institution)}
        return private(render(request, "corrections/confirmation_answered.html", context))
    entry, status = Entry(institution, request.POST if request.method == "POST" else None), 200
    # The buttons that add a line or change the language only show the form again.
    if request.method == "POST" and "more" not in request.POST:
        status = entry.status
        if status == 200:
            keep_answer(letter, entry)
            return redirect("corrections:confirmation", secret)
        context["answer"], entry = entry, entry.shown_again()
    context |= {"entry": entry, "waiting": what_waits(institution)}
    return private(render(request, "corrections/confirmation.html", context, status=status))


@form_page
def no_more_letters(request, secret):
    letter = _letter_or_404(secret)
    if letter.has_expired:
        listed = Institution.objects.published().filter(pk=letter.institution_id).first()
        context = {"institution": listed, "letter": letter}
        return private(render(request, "corrections/confirmation_gone.html", context, status=410))
    institution = letter.institution
    if request.method == "POST":
        stop_letters(institution)
    context = {"institution": institution, "is_stopped": hasattr(institution, "no_more_letters")}
    return private(render(request, "corrections/no_more_letters.html", context))
