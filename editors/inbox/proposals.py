"""Admin page of proposals: the inbox of everything from outside, and the decisions of editors."""

from http import HTTPStatus

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from editors.dashboard.tasks import tasks_of
from editors.forms.read_only_admin import ReadOnlyAdmin
from harvest.models import Proposal
from visitors.corrections.models import Correction
from web.request_ids import ids_in

from .deciding import Decided, accept, decline, undo
from .page import DECIDED, MOST_AT_ONCE, InboxPage

DECISIONS = {"accept": accept, "decline": decline, "undo": undo}
MOST_REFUSALS_SHOWN = 5


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    """The inbox. Proposals are accepted, declined and undone; nobody types them here."""

    still_allowed = {"change"}

    def get_urls(self):
        decide = self.admin_site.admin_view(self.decide_view)
        return [path("decide/", decide, name="harvest_proposal_decide"), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        corrections = self.admin_site.get_model_admin(Correction).get_queryset(request)
        inbox = InboxPage(request.GET, self.get_queryset(request), corrections, tasks_of(Proposal))
        context = {
            **self.admin_site.each_context(request),
            "is_nav_sidebar_enabled": False,
            "title": _("Decided proposals") if inbox.shows_decided else _("Inbox"),
            "opts": self.opts,
            "inbox": inbox,
            "may_decide": self.has_change_permission(request),
            "most_at_once": MOST_AT_ONCE,
        }
        return TemplateResponse(request, "admin/harvest/inbox.html", context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return redirect("admin:harvest_proposal_changelist")

    def decide_view(self, request):
        """Accept, decline or undo the proposals of the pressed button; answer scripts with the rows alone."""
        if request.method != "POST" or not self.has_change_permission(request):
            raise PermissionDenied
        action, ids = self._decision(request)
        back = self._way_back(request)
        if action is None:
            self.message_user(request, _("Nothing was chosen."), messages.WARNING)
            return redirect(back)
        decided = DECISIONS[action](ids[:MOST_AT_ONCE], request.user)
        if request.headers.get("X-Requested-With") == "fetch":
            return self._rows(request, decided)
        self._tell(request, action, decided)
        return redirect(back)

    def _decision(self, request):
        """Return the name of the decision and the ids that it is about."""
        if rule := request.POST.get("accept_rule"):
            inbox = InboxPage(
                {**request.POST.dict(), "rule": rule}, self.get_queryset(request), None, tasks_of(Proposal)
            )
            last = request.POST.get("last", "")
            seen = inbox.proposals.filter(pk__lte=last if last.isdecimal() and len(last) < 19 else 0)
            return "accept", list(seen.order_by("pk").values_list("pk", flat=True)[:MOST_AT_ONCE])
        for action in DECISIONS:
            if text := request.POST.get(action):
                return action, sorted(ids_in(text.split(",")))
        return None, []

    def _way_back(self, request):
        address = request.POST.get("next", "")
        inbox = reverse("admin:harvest_proposal_changelist")
        is_inbox = address.startswith(inbox) and url_has_allowed_host_and_scheme(address, None)
        return address if is_inbox else inbox

    def _rows(self, request, decided: Decided):
        refused = {one.pk: why for one, why in decided.refused}
        ids = [one.pk for one in decided.done] + list(refused)
        found = self.get_queryset(request).for_inbox().filter(pk__in=ids)
        context = {"rows": [(one, refused.get(one.pk)) for one in found], "may_decide": True}
        status = HTTPStatus.CONFLICT if refused else HTTPStatus.OK
        return TemplateResponse(request, "admin/harvest/_rows.html", context, status=status)

    def _tell(self, request, action, decided: Decided):
        count = len(decided.done)
        if count:
            words = {
                "accept": ngettext("%(count)d proposal accepted.", "%(count)d proposals accepted.", count),
                "decline": ngettext("%(count)d proposal declined.", "%(count)d proposals declined.", count),
                "undo": ngettext("%(count)d decision undone.", "%(count)d decisions undone.", count),
            }[action] % {"count": count}
            link = reverse("admin:harvest_proposal_changelist") + f"?state={DECIDED}"
            told = words if action == "undo" else format_html('{} <a href="{}">{}</a>', words, link, _("Undo…"))
            self.message_user(request, told, messages.SUCCESS)
        for proposal, why in decided.refused[:MOST_REFUSALS_SHOWN]:
            self.message_user(request, f"{proposal.subject}, {proposal.label}: {why}", messages.ERROR)
        if (more := len(decided.refused) - MOST_REFUSALS_SHOWN) > 0:
            text = ngettext("%(count)d more was refused.", "%(count)d more were refused.", more) % {"count": more}
            self.message_user(request, text, messages.ERROR)
