"""What there is to do, one entry a task. An entry gives the task a column on the desk and a filter beside its list."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from institutions.models import Institution, InstitutionContact, InstitutionContactQuerySet, InstitutionQuerySet
from people.models import Position, PositionContact, PositionContactQuerySet, PositionQuerySet
from records.base import DirectoryRecord, RecordQuerySet
from records.kinds import kinds
from records.models import AGEING_MONTHS
from search.models import SuspectedDuplicate, SuspectedDuplicateQuerySet
from visitors.corrections.models import Correction, CorrectionQuerySet

HEAD_MONTHS = 18


@dataclass(frozen=True)
class Task:
    """Records of one kind that want the same thing done."""

    # In the address of the list: ?task=….
    name: str
    # Tasks of a group stand side by side under this heading.
    group: str | Promise
    title: str | Promise
    # One sentence for an editor who sees the number for the first time.
    explanation: str | Promise
    # The records; their list is the one of this model.
    model: type[models.Model]
    choose: Callable[[models.QuerySet], models.QuerySet]
    # From a record to its country, as the country filter of that list has it.
    country: str = "country"
    # The column of the list by which the most pressing records come first.
    oldest_by: str | None = None

    def __str__(self):
        return f"{capfirst(self.group)}: {self.title}"

    @property
    def key(self) -> str:
        """Names the task among those of all lists."""
        return f"{self.model._meta.label_lower}/{self.name}"


def contact_tasks(kind, group, model, shown, country):
    """Confirming contacts, of institutions or of posts: the longest unconfirmed are the most pressing."""
    return [
        Task(
            name=f"{kind}-never-confirmed",
            group=group,
            title=_("never confirmed"),
            explanation=_("Nobody has ever stated that these contacts hold. Look them up and confirm or mend them."),
            model=model,
            choose=lambda contacts: shown(contacts).never_checked(),
            country=country,
        ),
        Task(
            name=f"{kind}-unconfirmed",
            group=group,
            title=_("over 24 months"),
            explanation=_("Confirmed once, more than two years ago. Readers are told that they may be out of date."),
            model=model,
            choose=lambda contacts: shown(contacts).checked_before(AGEING_MONTHS),
            country=country,
            oldest_by="checked",
        ),
        Task(
            name=f"{kind}-ageing",
            group=group,
            title=_("12 to 24 months"),
            explanation=_("Confirmed between one and two years ago. Confirm them before they count as out of date."),
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


def institution_task(name, title, explanation, choose):
    return Task(
        name=name,
        group=_("published institutions"),
        title=title,
        explanation=explanation,
        model=Institution,
        choose=choose,
    )


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
        _("Neither a public telephone number nor an e-mail address, whatever else is known. Find one of them."),
        InstitutionQuerySet.without_phone_and_email,
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
        _("An import made the English name from another one by rule. Give the one that the body itself uses."),
        InstitutionQuerySet.with_romanised_name,
    ),
    institution_task(
        "without-native-name",
        _("without native name"),
        _("The name in the country's own language is missing. Not asked of Russian and international institutions."),
        InstitutionQuerySet.without_native_name,
    ),
    institution_task(
        "without-source",
        _("without source"),
        _("No page is named that backs the facts. Add at least one source with what it supports."),
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
        explanation=_("Somebody says that a line is wrong. Apply it or decline it: the sender waits for an answer."),
        model=Correction,
        choose=CorrectionQuerySet.open,
    ),
    Task(
        name="suspected",
        group=_("suspected duplicates"),
        title=_("to look at"),
        explanation=_("Two records with the same name in some spelling. Merge them, or mark them as different."),
        model=SuspectedDuplicate,
        choose=SuspectedDuplicateQuerySet.open,
        country="country_code",
    ),
    Task(
        name="heads-not-seen",
        group=_("heads of institutions"),
        title=_("not seen for 18 months"),
        explanation=_("The newest page that shows the head in office is older than 18 months. See who heads it now."),
        model=Position,
        choose=lambda positions: PositionQuerySet.heads_not_seen_for(positions, HEAD_MONTHS),
        country="institution__country",
        oldest_by="last_seen",
    ),
    *(draft_task(kind) for kind in kinds().values() if issubclass(kind.model, DirectoryRecord)),
]


def tasks_of(model) -> list[Task]:
    """The tasks whose records stand in lists of this model; sections of institutions share those of all."""
    return [task for task in TASKS if task.model is model._meta.concrete_model]
