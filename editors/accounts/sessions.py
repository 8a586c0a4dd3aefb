"""Ends of editors' sessions: some time after login, and earlier without use."""

import time
from datetime import timedelta
from functools import wraps

from allauth.core.exceptions import ReauthenticationRequired
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from . import proved

LAST_USE = "last_use"
# Use is recorded at most this often, in seconds.
USES_APART = 60
# The end is announced this long before.
ANNOUNCED_SECONDS = 10 * 60


def begin(sender, request, user, **kwargs):
    request.session[LAST_USE] = int(time.time())


def seconds_left(request) -> int:
    """Return in how many seconds the session ends without use; 0 if there is none."""
    if not request.user.is_authenticated:
        return 0
    idle = time.time() - request.session.get(LAST_USE, time.time())
    return max(0, int(min(settings.EDITORS_IDLE_SECONDS - idle, request.session.get_expiry_age())))


def note_use(request):
    """Restart the time without use."""
    now = int(time.time())
    if now - request.session.get(LAST_USE, 0) >= USES_APART:
        request.session[LAST_USE] = now
        UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())


def in_use(view):
    """Log out users whose session has ended, and record the use of a page otherwise."""

    @wraps(view)
    def with_session_in_use(request, *args, **kwargs):
        if request.user.is_authenticated:
            if seconds_left(request):
                note_use(request)
            else:
                logout(request)
        return view(request, *args, **kwargs)

    return with_session_in_use


@require_safe
def session(request):
    """Return in how many seconds the session ends, for the announcement; this request is no use."""
    return JsonResponse({"seconds": seconds_left(request)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def stay(request):
    """Show until when the editor stays logged in. Only the password extends the limit after login."""
    if request.method == "POST":
        request.session[LAST_USE] = int(time.time())
        if request.session.get_expiry_age() <= ANNOUNCED_SECONDS:
            if not proved.is_recent(request, again=True):
                raise ReauthenticationRequired
            request.session.set_expiry(settings.ACCOUNT_SESSION_COOKIE_AGE)
        return redirect("account_stay")
    ends_at = timezone.now() + timedelta(seconds=seconds_left(request))
    return render(request, "account/stay.html", {"ends_at": ends_at})
