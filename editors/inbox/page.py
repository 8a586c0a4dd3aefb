"""Data of the inbox page: proposals by institution, the rules that made them, and the choice in the query string."""

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, F, Max
from django.db.models.fields.json import KeyTextTransform
from django.utils.text import capfirst

from harvest.models import Proposal, ProposalState
from harvest.origins import ORIGINS
from institutions.models import INTERNATIONAL, Country, Institution, InstitutionContact
from records.contact_types import PAGE_KINDS
from visitors.corrections.models import Correction

SUBJECTS_A_PAGE = 20
MOST_RULES = 12
MOST_CORRECTIONS = 20
# Of one decision about a set: more take several.
MOST_AT_ONCE = 500
DECIDED = "decided"


@dataclass
class Group:
    """Proposals of one institution, or of a body that is not listed."""

    institution: Institution | None
    name: str
    country: Country | None
    proposals: list[Proposal]

    @property
    def ids(self) -> str:
        return ",".join(str(one.pk) for one in self.proposals if one.is_open)

    @property
    def pages(self) -> list[InstitutionContact]:
        contacts = self.institution.public_contacts if self.institution else []
        return [contact for contact in contacts if contact.kind in PAGE_KINDS]


@dataclass(frozen=True)
class Rule:
    """Rule by which proposals were made, as editors read it, with their number and their list."""

    example: Proposal
    count: int
    query: str

    @property
    def title(self) -> str:
        return f"{self.example.label} · {capfirst(str(self.example.origin_label))}"


class InboxPage:
    """Content of the inbox for a query string. Unknown choices find nothing."""

    def __init__(self, parameters, proposals, corrections, tasks):
        self.chosen = {
            name: parameters.get(name, "")
            for name in ("country", "institution", "origin", "rule", "state", "task")
            if parameters.get(name)
        }
        self.number = parameters.get("p", "1")
        self._all, self._corrections = proposals, corrections
        self.tasks = {task.name: task for task in tasks}

    @property
    def shows_decided(self) -> bool:
        return self.chosen.get("state") == DECIDED

    def _in_state(self, proposals):
        if self.shows_decided:
            return proposals.filter(state__in=[ProposalState.ACCEPTED, ProposalState.DECLINED])
        return proposals.open()

    def _narrowed(self, *without):
        found = self._in_state(self._all)
        chosen = {name: text for name, text in self.chosen.items() if name not in without}
        if country := chosen.get("country"):
            found = found.filter(country=None) if country == INTERNATIONAL else found.filter(country=country)
        if number := chosen.get("institution"):
            found = found.filter(institution=number) if number.isdecimal() and len(number) < 19 else found.none()
        if origin := chosen.get("origin"):
            found = found.filter(origin=origin)
        if task := chosen.get("task"):
            found = self.tasks[task].choose(found) if task in self.tasks else found.none()
        if rule := chosen.get("rule"):
            found = found.of_rule(rule)
        return found

    @cached_property
    def proposals(self):
        return self._narrowed()

    @cached_property
    def count(self) -> int:
        return self.proposals.count()

    @cached_property
    def last_id(self) -> int:
        """Return the newest of them: those that come while the editor reads are not accepted unseen."""
        return self.proposals.aggregate(last=Max("pk"))["last"] or 0

    @property
    def task(self):
        """Return the chosen task of the dashboard."""
        return self.tasks.get(self.chosen.get("task", ""))

    # Choices ---------------------------------------------------------------------------------------------------------

    def query(self, **changes) -> str:
        kept = {name: text for name, text in {**self.chosen, **changes}.items() if text}
        return f"?{urlencode(kept)}"

    def query_of_all_countries(self) -> str:
        return self.query(country="")

    def query_of_all_origins(self) -> str:
        return self.query(origin="", rule="")

    def query_of_all_rules(self) -> str:
        return self.query(rule="")

    def query_of_all_tasks(self) -> str:
        return self.query(task="")

    @cached_property
    def countries(self):
        """Return name, query string, number and choice of each country with proposals."""
        numbers = self._narrowed("country", "rule").order_by().values_list("country").annotate(count=Count("pk"))
        names = {country.code: country.name for country in Country.objects.all()}
        rows = [(names.get(code, ""), code or INTERNATIONAL, count) for code, count in numbers]
        return [(name, self.query(country=code, rule=""), count, code) for name, code, count in sorted(rows)]

    @cached_property
    def origins(self):
        numbers = self._narrowed("origin", "rule").order_by().values_list("origin").annotate(count=Count("pk"))
        rows = [(ORIGINS[name].label if name in ORIGINS else name, name, count) for name, count in numbers]
        rows.sort(key=lambda row: -row[2])
        return [(capfirst(str(label)), self.query(origin=name, rule=""), count, name) for label, name, count in rows]

    @cached_property
    def rules(self) -> list[Rule]:
        """Return the rules with most open proposals."""
        if self.shows_decided:
            return []
        keys = ("origin", "fact", "contact_kind", "reasons")
        found = self._narrowed("rule").order_by().annotate(contact_kind=KeyTextTransform("kind", "value"))
        # A kind of contact, or that of a new body, which is no part of a rule.
        counted = found.exclude(fact="new").values(*keys).annotate(count=Count("pk"), example=Max("pk"))
        rows = list(counted.order_by("-count", "example")[:MOST_RULES])
        examples = Proposal.objects.in_bulk([row["example"] for row in rows])
        return [
            Rule(example, row["count"], self.query(rule=example.rule))
            for row in rows
            if (example := examples.get(row["example"]))
        ]

    @cached_property
    def rule(self) -> Rule | None:
        """Return the chosen rule."""
        example = self.proposals.first() if "rule" in self.chosen else None
        return Rule(example, self.count, self.query()) if example else None

    # Proposals -------------------------------------------------------------------------------------------------------

    @cached_property
    def page(self):
        """Return a page of subjects: pairs of an institution's id and a name."""
        if self.shows_decided:
            found = self.proposals.order_by("-decided_at", "pk").values_list("pk", flat=True)
            return Paginator(found, SUBJECTS_A_PAGE * 5).get_page(self.number)
        subjects = self.proposals.order_by(
            F("country").asc(nulls_last=True), "institution__sort_key_en", "institution", "name"
        ).values_list("institution", "name")
        return Paginator(subjects.distinct(), SUBJECTS_A_PAGE).get_page(self.number)

    @cached_property
    def groups(self) -> list[Group]:
        subjects = list(self.page)
        found = self.proposals.filter(institution__in=[pk for pk, _name in subjects if pk])
        found |= self.proposals.filter(institution=None, name__in=[name for pk, name in subjects if not pk])
        proposals = list(found.for_inbox().inbox_order())
        by_subject = groupby(proposals, key=lambda one: (one.institution_id, one.name))
        return [self._group(list(its_own)) for _subject, its_own in by_subject]

    @staticmethod
    def _group(proposals):
        first = proposals[0]
        return Group(first.institution, first.subject, first.country, proposals)

    @cached_property
    def decisions(self) -> list[list[Proposal]]:
        """Return decided proposals, those of one decision together, the latest first."""
        found = self.proposals.filter(pk__in=list(self.page)).for_inbox().order_by("-decided_at", "pk")
        return [list(group) for _key, group in groupby(found, key=lambda one: (one.decided_at, one.decided_by))]

    @cached_property
    def corrections(self) -> list[Correction]:
        """Return the corrections in words that no proposal stands for, the longest waiting first."""
        if self.shows_decided or self.chosen.keys() - {"country"} or self.page.number > 1:
            return []
        found = self._corrections.open().filter(proposal=None).select_related("country").inbox_order()
        country = self.chosen.get("country")
        if country:
            found = found.filter(country=None) if country == INTERNATIONAL else found.filter(country=country)
        return list(found[:MOST_CORRECTIONS])
