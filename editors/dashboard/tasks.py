"""Tasks of editors. Each entry defines a column of the dashboard and a filter of its list."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from harvest.models import Proposal, ProposalQuerySet
from institutions.models import Institution, InstitutionContact, InstitutionContactQuerySet, InstitutionQuerySet
from people.models import Position, PositionContact, PositionContactQuerySet, PositionQuerySet
from records.base import DirectoryRecord, RecordQuerySet
from records.checks import AGEING_MONTHS
from records.kinds import kinds
from search.models import SuspectedDuplicate, SuspectedDuplicateQuerySet
from visitors.corrections.models import Correction, CorrectionQuerySet

HEAD_MONTHS = 18


@dataclass(frozen=True)
class Task:
    """Records of one kind that need the same work."""

    # Value in the list's query string: ?task=….
    name: str
    # Tasks of a group share this heading.
    group: str | Promise
    title: str | Promise
    # One sentence that explains the number.
    explanation: str | Promise
    # The records; their list is that of the model.
    model: type[models.Model]
    choose: Callable[[models.QuerySet], models.QuerySet]
    # Lookup from a record to its country, as in the country filter of the list.
    country: str = "country"
    # Ordering of the list that puts the most urgent records first.
    oldest_by: str | None = None
    # URL name of a page that takes the place of the list.
    page: str = ""

    def __str__(self):
        return f"{capfirst(self.group)}: {self.title}"

    @property
    def key(self) -> str:
        """Return the unique key of the task."""
        return f"{self.model._meta.label_lower}/{self.name}"


def contact_tasks(kind, group, model, shown, country):
    """Return tasks for confirming contacts, of institutions or of posts; the longest unconfirmed come first."""
    return [
        Task(
            name=f"{kind}-never-confirmed",
            group=group,
            title=_("never confirmed"),
            explanation=_("These contacts have never been confirmed. Check them, then confirm or correct them."),
            model=model,
            choose=lambda contacts: shown(contacts).never_checked(),
            country=country,
        ),
        Task(
            name=f"{kind}-unconfirmed",
            group=group,
            title=_("over 24 months"),
            explanation=_("Last confirmed more than two years ago. Readers are told that they may be out of date."),
            model=model,
            choose=lambda contacts: shown(contacts).checked_before(AGEING_MONTHS),
            country=country,
            oldest_by="checked",
        ),
        Task(
            name=f"{kind}-ageing",
            group=group,
            title=_("12 to 24 months"),
            explanation=_("Last confirmed between one and two years ago. Confirm them before they become out of date."),
            model=model,
            choose=lambda contacts: shown(contacts).ageing(),
            country=country,
            oldest_by="checked",
        ),
    ]


def draft_task(kind):
    return Task(
        name="drafts",
        group=_("drafts waiting"),
        title=kind.plural_label,
        explanation=_("Entered but not published. Finish and publish them, or archive what should not appear."),
        model=kind.model,
        choose=RecordQuerySet.drafts,
        country=kind.countries,
    )


def institution_task(name, title, explanation, choose, page=""):
    return Task(
        page=page,
        name=name,
        group=_("published institutions"),
        title=title,
        explanation=explanation,
        model=Institution,
        choose=choose,
    )


def proposal_task(name, title, explanation, choose):
    return Task(name=name, group=_("proposals"), title=title, explanation=explanation, model=Proposal, choose=choose)


TASKS = [
    *contact_tasks(
        "contacts",
        _("contacts of institutions"),
        InstitutionContact,
        InstitutionContactQuerySet.shown,
        "institution__country",
    ),
    *contact_tasks(
        "post-contacts",
        _("contacts of people in post"),
        PositionContact,
        PositionContactQuerySet.shown,
        "position__institution__country",
    ),
    institution_task(
        "without-contact",
        _("without any contact"),
        _("No public contact at all, and the institution is not closed. Find a telephone, e-mail or website."),
        InstitutionQuerySet.without_public_contact,
    ),
    institution_task(
        "without-phone-and-email",
        _("without telephone and e-mail"),
        _("No public telephone number or e-mail address. Fill them in as a table."),
        InstitutionQuerySet.without_phone_and_email,
        page="admin:intake_fill",
    ),
    institution_task(
        "without-russian-name",
        _("without Russian name"),
        _("Readers of the Russian pages see the English name instead."),
        InstitutionQuerySet.without_russian_name,
    ),
    institution_task(
        "romanised-name",
        _("with a romanised English name"),
        _("An import romanised the English name automatically. Enter the name that the institution itself uses."),
        InstitutionQuerySet.with_romanised_name,
    ),
    institution_task(
        "without-native-name",
        _("without native name"),
        _(
            "The name in the country's own language is missing. Does not apply to Russian and "
            "international institutions."
        ),
        InstitutionQuerySet.without_native_name,
    ),
    institution_task(
        "without-source",
        _("without source"),
        _("No source supports the facts. Add at least one and tick what it supports."),
        InstitutionQuerySet.without_source,
    ),
    institution_task(
        "dead-links",
        _("with a dead link"),
        _("A website or a source page did not answer on two days. Find the new address, or mark the page as archived."),
        InstitutionQuerySet.with_dead_links,
    ),
    Task(
        name="open",
        group=_("corrections"),
        title=_("from readers and institutions"),
        explanation=_(
            "A reader or institution reported a mistake. Apply or decline the correction: the "
            "sender is waiting for an answer."
        ),
        model=Correction,
        choose=CorrectionQuerySet.open,
    ),
    proposal_task(
        "open",
        _("to decide"),
        _("Facts from registers, official pages, institutions and readers, with their evidence. Accept or decline."),
        ProposalQuerySet.open,
    ),
    proposal_task(
        "contacts-missing",
        _("contacts gone from websites"),
        _("The official website did not show the contact twice in a row. Take it off the page, or keep it."),
        lambda proposals: proposals.open().because("missing-twice"),
    ),
    proposal_task(
        "sites-changed",
        _("changed websites"),
        _("The website moved, is for sale, or belongs to somebody else. Find the new one."),
        lambda proposals: proposals.open().because("site-changed"),
    ),
    Task(
        name="suspected",
        group=_("suspected duplicates"),
        title=_("to review"),
        explanation=_("Two records with the same name in some spelling. Merge them, or mark them as different."),
        model=SuspectedDuplicate,
        choose=SuspectedDuplicateQuerySet.open,
        country="country_code",
    ),
    Task(
        name="heads-not-seen",
        group=_("heads of institutions"),
        title=_("not seen for 18 months"),
        explanation=_("The newest page that names the head is older than 18 months. Find out who the head is now."),
        model=Position,
        choose=lambda positions: PositionQuerySet.heads_not_seen_for(positions, HEAD_MONTHS),
        country="institution__country",
        oldest_by="last_seen",
    ),
    *(draft_task(kind) for kind in kinds().values() if issubclass(kind.model, DirectoryRecord)),
]


def tasks_of(model) -> list[Task]:
    """Return the tasks for lists of this model; sections of institutions share those of all."""
    return [task for task in TASKS if task.model is model._meta.concrete_model]
