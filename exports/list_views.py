"""A visitor's own list, and lists that were saved under a secret address."""

from django import forms
from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from exports.lists import HandPickedList
from institutions.models import Institution, Programme
from languages.control_characters import refuse_control_characters
from web.client_limits import TooManyActions, admit
from web.models import LimitedAction
from web.own_paths import is_sent_from_own_page, own_path
from web.request_limits import LARGEST_FORM, is_larger_than

from .cards import CardReader
from .changes import LONGEST_SAVED_LIST, ChangedRowsList
from .deadlines import calendar, institutions_entries, programmes_entries
from .downloads import in_file_name
from .list_feed import feed_of
from .models import LONGEST_NAME, LONGEST_PICKED, ContactList, ListOrigin
from .my_list import MyList, are_records
from .record_views import calendar_response
from .saved_lists import (
    ListTooLong,
    changes_of,
    filters_of,
    filterset_of,
    may_write,
    opened_list,
    remember,
    save_list,
    source_of,
    title_of,
)
from .views import PLAIN_TEXT, answer_with_file, not_understood

LIST_NAME = forms.CharField(max_length=LONGEST_NAME, required=False, validators=[refuse_control_characters])
STEPS = {"up": -1, "down": 1}
ROWS_SHOWN = 200


def from_own_pages(view, *, largest=LARGEST_FORM):
    """Only forms of this site may be sent, by what browsers themselves say of where a form stands.

    The usual token would need a cookie on every page with a button, and visitors who only read shall have none. The
    session's own cookie is never sent along from other sites (SameSite). See ADR 0022.
    """

    @csrf_exempt
    def guarded(request, *args, **kwargs):
        if not is_sent_from_own_page(request):
            raise PermissionDenied
        if is_larger_than(request, largest):
            return _refused(_("The request is too large."), 413)
        if any("\0" in value for _name, values in request.POST.lists() for value in values):
            # No browser sends one, and PostgreSQL stores none.
            raise BadRequest("A zero byte in a form")
        return view(request, *args, **kwargs)

    return require_POST(guarded)


def _refused(text, status) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type=PLAIN_TEXT)


@never_cache
@require_safe
def my_list(request):
    mine = MyList(request.session)
    rows = list(CardReader().rows(HandPickedList(mine.picked), "both"))
    shown = list({f"{'person' if row.is_person else 'institution'}/{row.record.key}": row for row in rows}.items())
    context = {"section_name": "my-list", "records": shown, "back": own_path(request.GET.get("back"))}
    return render(request, "contacts/my_list.html", context)


@from_own_pages
def my_list_add(request):
    mine = MyList(request.session)
    try:
        together = mine.with_further(request.POST.getlist("record"))
        if not mine.has_session:
            admit(request, LimitedAction.SESSION)
    except ValueError:
        return _refused(
            _("This can't be added to your list, which holds up to %(count)d records.") % {"count": LONGEST_PICKED}, 400
        )
    except TooManyActions:
        return _refused(_("Too many new lists from your network in the last hour. Please try again later."), 429)
    mine.keep(together)
    back = own_path(request.POST.get("next"))
    query = QueryDict(mutable=True)
    if back:
        query["back"] = back
    return redirect(f"{reverse('contacts:my_list')}{'?' if back else ''}{query.urlencode(safe='/')}")


@from_own_pages
def my_list_change(request):
    """Moves a record up or down, removes it, or clears the whole list, by the button that was pressed."""
    mine = MyList(request.session)
    for action, step in STEPS.items():
        if action in request.POST:
            mine.move(request.POST[action], step)
    if "remove" in request.POST:
        mine.remove(request.POST["remove"])
    if "clear" in request.POST:
        mine.clear()
    return redirect("contacts:my_list")


@never_cache
@require_safe
def my_list_export(request, format_name):
    """All of the visitor's list, or only what is ticked on a page: the records of the query string."""
    records = request.GET.getlist("record")
    if not records:
        source = HandPickedList(MyList(request.session).picked)
        return answer_with_file(request, format_name, None, lambda: source, "my-list", _("My list"))
    if not are_records(records):
        return _refused(_("The selection was not understood."), 400)
    source = HandPickedList(record.split("/") for record in records)
    return answer_with_file(request, format_name, None, lambda: source, "selection", _("Selection"))


@from_own_pages
def contact_list_save(request):
    """Saves the visitor's own list, or the list of a page under its filters, and shows the owner's link once."""
    origin = request.POST.get("origin", ListOrigin.HAND)
    if origin not in ListOrigin.values:
        raise Http404(f"No list {origin}")
    query = request.POST.get("query", "")
    filterset = filterset_of(origin, query)
    if filterset is not None and filterset.problems:
        return not_understood(filterset.problems)
    try:
        name = LIST_NAME.clean(" ".join(request.POST.get("name", "").split()))
    except ValidationError as error:
        return _refused(" ".join(error.messages), 400)
    picked = MyList(request.session).records if origin == ListOrigin.HAND else []
    if origin == ListOrigin.HAND and not picked:
        return _refused(_("Your list is empty."), 409)
    try:
        admit(request, LimitedAction.SAVED_LIST)
        contact_list, owner_secret = save_list(
            origin, name=name, query="" if filterset is None else filterset.address, picked=picked
        )
    except ListTooLong:
        text = _("A saved list holds up to %(count)d rows. Narrow the list by filters, then save it.")
        return _refused(text % {"count": LONGEST_SAVED_LIST}, 413)
    except TooManyActions:
        return _refused(_("Too many saved lists from your network in the last hour. Please try again later."), 429)
    return redirect("contacts:contact_list_owner", contact_list.secret, owner_secret)


def private(response):
    """For a page known by a secret address: whoever knows it may see it; search engines shall not."""
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


@never_cache
@require_safe
def contact_list(request, secret, owner_secret=""):
    saved = opened_list(secret)
    if owner_secret and not saved.is_owned_with(owner_secret):
        raise Http404("Not the owner's link")
    rows = list(CardReader().rows(source_of(saved), "both"))
    context = {
        "contact_list": saved,
        "address": settings.SITE_URL + saved.get_absolute_url(),
        "owner_address": settings.SITE_URL + request.path if owner_secret else "",
        "owner_secret": owner_secret,
        "title": title_of(saved),
        "feed": reverse("contacts:contact_list_feed", args=[saved.secret]),
        "calendar": reverse("contacts:contact_list_calendar", args=[saved.secret]),
        "filters": filters_of(saved),
        "site_url": settings.SITE_URL,
        "changes": changes_of(saved),
        "rows": rows[:ROWS_SHOWN],
        "row_count": len(rows),
    }
    return private(render(request, "contacts/contact_list.html", context))


@never_cache
@require_safe
def contact_list_feed(request, secret):
    """Return the changes since the list was last downloaded as an Atom feed; reading it is no download."""
    saved = opened_list(secret)
    feed = feed_of(saved, changes_of(saved), request.path)
    return private(HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type))


@never_cache
@require_safe
def contact_list_calendar(request, secret):
    """Return the editions and deadlines of the institutions of the list, and of their programmes, as a calendar."""
    saved = opened_list(secret)
    ids = [ref.institution for some in source_of(saved).refs("institutions") for ref in some]
    content = calendar(
        title_of(saved),
        settings.SITE_URL + saved.get_absolute_url(),
        institutions_entries(Institution.objects.published().filter(pk__in=ids)),
        programmes_entries(Programme.objects.published().filter(institution__in=ids)),
    )
    return private(calendar_response(content, in_file_name(saved.name) or "list"))


@never_cache
@require_safe
def contact_list_export(request, secret, format_name):
    """All rows, or with `changes=on` those that changed; what is taken away is what later changes count from."""
    saved = opened_list(secret)
    filterset = filterset_of(saved.origin, saved.query)
    only_changes = request.GET.get("changes") == "on"
    source = ChangedRowsList(changes_of(saved)) if only_changes else source_of(saved)
    kind = "changes" if only_changes else ""
    file_name = f"{in_file_name(saved.name) or 'list'}-{kind or 'saved'}"
    response = answer_with_file(
        request, format_name, filterset, lambda: source, file_name, title_of(saved), list_kind=kind
    )
    if request.method == "GET" and response.status_code == 200 and may_write():
        remember(saved)
    return private(response)


@from_own_pages
def contact_list_delete(request, secret, owner_secret):
    saved = get_object_or_404(ContactList, secret=secret)
    if not saved.is_owned_with(owner_secret):
        raise Http404("Not the owner's link")
    saved.delete()
    return render(request, "contacts/contact_list_deleted.html")
