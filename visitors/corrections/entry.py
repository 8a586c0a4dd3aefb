"""Form of an institution with everything that is listed and empty lines for the rest; an answer says all of it.

What an earlier answer proposed, and no editor has decided yet, stands in the boxes: an answer that leaves it there says
it again, and one that takes it out takes it back.
"""

from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus

from django.http import QueryDict
from django.utils.translation import gettext as _

from harvest.models import Proposal
from harvest.origins import INSTITUTION
from harvest.proposing import Suggestion
from institutions.models import Institution
from people.models import Position
from records.base import NameKind
from records.contact_types import PAGE_KINDS, ContactKind

from .boxes import Boxes, RowLine
from .lines import ContactLine, NameLine, PostLine, RecordLine, StageLine
from .models import Correction

LONGEST_REMARK = 2000
# Of one sort; a form with more is somebody's joke.
MOST_EMPTY_LINES = 20
SORTS_OF_ROWS = [ContactLine, NameLine, PostLine, StageLine]
REACHED = [ContactKind.PHONE, ContactKind.FAX, ContactKind.WHATSAPP, ContactKind.EMAIL]
# Empty lines of those that an institution has several of; of all others there is one if none is listed.
EMPTY_LINES = {ContactKind.PHONE: 2, ContactKind.EMAIL: 2, "post": 1, "stage": 1}


@dataclass
class Section:
    """Lines of one sort under a heading, with the buttons that add empty ones."""

    heading: str
    lines: list[RowLine]
    more: list[tuple[str, str]]


class Entry:
    """Form of one institution, filled with what is listed or with what was sent.

    `institution` was loaded by `for_detail()`.
    """

    def __init__(self, institution: Institution, sent: QueryDict | None = None):
        self.institution = institution
        self.pending = list(institution.proposals.open().filter(origin=INSTITUTION.name).order_by("pk"))
        self.data = QueryDict(mutable=True) if sent is None else sent.copy()
        self.remark = self.data.get("remark", "").strip()[:LONGEST_REMARK]
        # Sorts of empty lines that were not on the page.
        self._unshown: list[str] = []
        self.record = RecordLine(self.data, institution)
        self.contacts = self._lines(ContactLine, "contact", institution.public_contacts)
        for kind in ContactKind.values:
            if kind != ContactKind.ADDRESS:
                self.contacts += self._empty(ContactLine, kind, kind=kind)
        self.contacts.sort(key=lambda line: ContactKind.values.index(line.kind))
        # Other people's spellings are not for the institution to confirm.
        names = [
            row for row in institution.other_names.all() if row.kind not in (NameKind.SPELLING, NameKind.AUTOMATIC)
        ]
        self.names = self._lines(NameLine, "name", names)
        posts = Position.objects.public().current().filter(institution=institution).for_list()
        self.posts = self._lines(PostLine, "post", posts) + self._empty(PostLine, "post")
        self.stages = self._lines(StageLine, "stage", institution.stages.all()) + self._empty(StageLine, "stage")
        self._fill()

    def _lines(self, kind_of_line, prefix, rows) -> list[RowLine]:
        return [kind_of_line(self.data, self.institution, row, prefix=f"{prefix}-{row.pk}") for row in rows]

    def _empty(self, kind_of_line, sort, **fields) -> list[RowLine]:
        """Return the empty lines of a sort: as many as the page had, or as it needs."""
        counted = f"lines-{sort}"
        number = self.data.get(counted, "")
        if not number:
            self._unshown.append(sort)
        if number.isascii() and number.isdecimal():
            count = int(number[:4]) + (self.data.get("more") == sort)
        else:
            is_listed = any(line.kind == sort for line in self.contacts) if "kind" in fields else False
            count = len(self._pending_new(sort)) + EMPTY_LINES.get(sort, 0 if is_listed else 1)
        self.data[counted] = str(min(count, MOST_EMPTY_LINES))
        return [
            kind_of_line(self.data, self.institution, prefix=f"new-{sort}-{number}", **fields)
            for number in range(int(self.data[counted]))
        ]

    def _pending_new(self, sort) -> list[Proposal]:
        """Return the rows of a sort that an earlier answer proposed."""
        fact = {"post": "head", "stage": "stage"}.get(sort, "contact")
        new = [one for one in self.pending if one.fact == fact and one.row is None]
        return [one for one in new if fact != "contact" or one.value["kind"] == sort]

    def _fill(self):
        """Put what is listed, and what is proposed, into the lines that were not on the page."""
        if not self.record.was_shown:
            self.record.show_listed()
            for one in self.pending:
                if one.fact not in (line.fact for line in SORTS_OF_ROWS):
                    self.record.show_value(one.value)
        for line in self.rows:
            if line.row is not None and not line.was_shown:
                line.show_listed()
                for one in self.pending:
                    if (one.fact, one.row) == (line.fact, line.row.pk):
                        line.show_value(one.value)
        lines = {line.prefix: line for line in self.rows}
        for sort in self._unshown:
            for number, one in enumerate(self._pending_new(sort)):
                if line := lines.get(f"new-{sort}-{number}"):
                    line.show_value(one.value)

    @property
    def rows(self) -> list[RowLine]:
        return [*self.contacts, *self.names, *self.posts, *self.stages]

    @property
    def all(self) -> list[Boxes]:
        return [self.record, *self.rows]

    @property
    def counted(self) -> list[tuple[str, str]]:
        """Return names and values of the hidden fields that say how many empty lines the page has."""
        return [(name, self.data[name]) for name in self.data if name.startswith("lines-")]

    @property
    def sections(self) -> list[Section]:
        reached = [line for line in self.contacts if line.kind in REACHED]
        pages = [line for line in self.contacts if line.kind in PAGE_KINDS]
        postal = [line for line in self.contacts if line.kind == ContactKind.ADDRESS]
        return [
            Section(
                _("Telephones and e-mail"),
                reached,
                [("phone", _("One more telephone")), ("email", _("One more e-mail address"))],
            ),
            Section(_("Website and social media"), pages, [("website", _("One more website"))]),
            Section(_("Further postal addresses"), postal, []),
            Section(_("In post"), self.posts, [("post", _("One more person"))]),
            Section(_("Sound stages"), self.stages, [("stage", _("One more stage"))]),
            Section(_("Other names"), self.names, []),
        ]

    # The answer -------------------------------------------------------------------------------------------------------

    @cached_property
    def is_all_right(self) -> bool:
        return "all" in self.data

    @cached_property
    def is_rest_right(self) -> bool:
        return "rest" in self.data

    @property
    def right(self) -> list[ContactLine]:
        """Return the contacts that were shown and are right."""
        everything = self.is_all_right or self.is_rest_right
        return [
            line
            for line in self.contacts
            if line.row is not None and line.was_shown and (line.is_right or (everything and not line.says_something))
        ]

    @property
    def said(self) -> list[Suggestion]:
        return [one for line in self.all for one in line.said]

    @property
    def told(self) -> list[Correction]:
        return [one for line in self.all for one in line.told]

    @property
    def has_errors(self) -> bool:
        return not all(line.is_valid() for line in self.all)

    @property
    def has_changed(self) -> bool:
        """Return whether something that was answered, or all of it, has changed on the site meanwhile."""
        return any(line.outdated and self._is_answered(line) for line in self.all)

    def _is_answered(self, line) -> bool:
        return self.is_all_right or self.is_rest_right or bool(line.changed_data)

    @cached_property
    def new_digests(self) -> set[str]:
        """Return what is said now and was not said before."""
        return {digest for line in self.all for digest in line.digests} - {one.digest for one in self.pending}

    @property
    def is_unclear(self) -> bool:
        """Return whether something was typed although a line, or all of it, was marked right."""
        says_new = bool(self.new_digests or self.told or self.remark)
        return any(line.is_unclear for line in self.all) or (self.is_all_right and says_new)

    @property
    def says_nothing(self) -> bool:
        digests = {digest for line in self.all for digest in line.digests}
        is_as_before = digests == {one.digest for one in self.pending}
        is_all_right = (self.is_all_right or self.is_rest_right) and self.record.was_shown
        return is_as_before and not (self.told or self.remark or self.right or is_all_right)

    @property
    def status(self) -> int:
        """Return the HTTP status of the form; 200 if the answer can be stored."""
        if self.has_changed:
            return HTTPStatus.CONFLICT
        if self.has_errors:
            return HTTPStatus.BAD_REQUEST
        if self.is_unclear:
            return HTTPStatus.CONFLICT
        return HTTPStatus.BAD_REQUEST if self.says_nothing else HTTPStatus.OK

    def shown_again(self) -> "Entry":
        """Return the form as it is shown after an answer that is not stored, with everything that was typed."""
        changed = [line.prefix for line in self.all if line.outdated]
        if self.has_changed:
            for line in self.all:
                if line.outdated:
                    line.show_again()
        elif not self.has_errors and self.is_unclear:
            for line in self.all:
                if line.is_unclear:
                    line.unmark()
            if self.data.pop("all", None):
                self.data["rest"] = "on"
        again = Entry(self.institution, self.data)
        for line in again.all:
            line.has_changed_since = line.prefix in changed
        return again
