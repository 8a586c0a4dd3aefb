"""Forms that editors sent after their session ended: kept for a short time, and returned to the same editor.

Every form of the editors' site contains the signed id of its editor. It identifies a form that arrives without a
session, or with the token of an earlier login, and keeps it from everybody else.
"""

import re
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core import signing
from django.http import QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext as _
from django.views.defaults import permission_denied

from web.own_paths import is_sent_from_own_page

from .models import KeptForm

MADE_FOR_FIELD = "made_for"
# Query parameter with the id of a kept form.
PARAMETER = "kept"
# The longest time, in seconds, for which a form may have been open.
LONGEST_OPEN = timedelta(days=3)
KEY_SHAPE = re.compile(r"[A-Za-z0-9_-]{22}")
signer = signing.TimestampSigner(salt="editors.accounts.kept_forms")


def made_for(user) -> str:
    return signer.sign(str(user.pk))


def is_editors_page(request) -> bool:
    return bool(request.resolver_match) and "admin" in request.resolver_match.namespaces


def _typed_by(request):
    """Return the editor for whom the form was made, or None."""
    try:
        user_id = signer.unsign(request.POST.get(MADE_FOR_FIELD, ""), max_age=LONGEST_OPEN)
    except signing.BadSignature:
        return None
    return get_user_model().objects.filter(pk=user_id, is_active=True, is_staff=True).first()


def keep(request) -> KeptForm | None:
    """Store the input of an editor's form on this site; return None for other forms."""
    if not is_sent_from_own_page(request, silent_browsers=False):
        # Another site could otherwise put its text into an editor's form.
        return None
    user = _typed_by(request)
    if user is None:
        return None
    # PostgreSQL stores no zero bytes, and no browser sends any.
    fields = {
        name.replace("\0", ""): [value.replace("\0", "") for value in values]
        for name, values in request.POST.lists()
        if _may_be_kept(name)
    }
    return KeptForm.objects.keep(user, _address(request), fields, lacks_files=bool(request.FILES))


def _may_be_kept(name):
    return name not in ("csrfmiddlewaretoken", MADE_FOR_FIELD) and "password" not in name


def _address(request):
    query = request.GET.copy()
    query.pop(PARAMETER, None)
    return escape_uri_path(request.path) + (f"?{query.urlencode()}" if query else "")


def return_address(kept: KeptForm) -> str:
    return f"{kept.address}{'&' if '?' in kept.address else '?'}{PARAMETER}={kept.key}"


def lead_back(request, kept: KeptForm):
    """Redirect to the page of the form, after a login if needed, with a message."""
    if request.user.is_anonymous:
        messages.info(request, _("You were logged out. What you sent is kept and will be restored after you log in."))
    return redirect(return_address(kept))


def find(request) -> KeptForm | None:
    """Return the form in the query string, if this editor sent it to this page."""
    query = request.GET.copy()
    key = query.pop(PARAMETER, [""])[-1]
    if not KEY_SHAPE.fullmatch(key):
        return None
    # Admin lists treat unknown parameters as errors.
    request.GET = query
    return KeptForm.objects.still_kept().filter(user=request.user, key=key, address=_address(request)).first()


def _fills_it_in(view):
    """Return whether the view is a record's form that calls `put_back`, as pages with `fills_in_kept_forms` do."""
    page = getattr(view, "__self__", None)
    return getattr(page, "fills_in_kept_forms", False) and view.__name__ in ("add_view", "change_view")


def put_back(request) -> bool:
    """Make the request look as if it sent the kept form; the page must not store anything."""
    kept = getattr(request, "kept_form", None)
    if kept is None:
        return False
    data = QueryDict(mutable=True)
    for name, values in kept.fields.items():
        data.setlist(name, values)
    # Read first: later Django would read the files together with an empty form, in place of this one.
    request.FILES  # noqa: B018
    request.method, request.POST, request.kept_form = "POST", data, None
    request.is_put_back = True
    return True


def is_put_back(request) -> bool:
    return getattr(request, "is_put_back", False)


def give_back(site, request, kept, view, answer, *args, **kwargs):
    """Return the page filled with a kept form, or the data beside a button that sends it again."""
    if _fills_it_in(view) and not kept.lacks_files:
        request.kept_form = kept
        return answer(request, *args, **kwargs)
    context = {
        **site.each_context(request),
        "title": _("Your form was kept"),
        "kept": kept,
        "again": return_address(kept),
        "fields": [(name, value) for name, values in kept.fields.items() for value in values],
    }
    return TemplateResponse(request, "admin/kept_form.html", context)


def csrf_failure(request, reason=""):
    """Answer a form with an invalid CSRF token; an editor's own form is kept."""
    kept = keep(request) if is_editors_page(request) else None
    if kept and (request.user.is_anonymous or request.user == kept.user):
        return lead_back(request, kept)
    return permission_denied(request, None)
