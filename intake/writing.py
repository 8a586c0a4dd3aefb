"""Writes the confirmed rows of a spreadsheet: all of them in one transaction, or nothing.

Each record gets a revision of its own in the history, and each row a journal of what it wrote, for undoing it.
"""

from collections.abc import Iterable
from itertools import batched
from typing import Any

import reversion
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext
from reversion.models import Version

from cisfilm.romanisation import script_of
from institutions.admin import INSTITUTION_ROWS
from institutions.models import City, Institution, InstitutionContact, InstitutionName, InstitutionSource
from people.models import Person, PersonSource, Position
from search.rebuilding import rebuild_changed
from sources.admin import free_key
from sources.models import Source
from sources.records import NameKind

from .assessing import ROWS_A_TIME, STORED_FIELDS, Assessment, Assessor
from .heads import name_words
from .journal import created, state_of, updated
from .models import Import, ImportRevision, ImportRow, ImportState, Outcome


class PreviewIsOld(Exception):
    """Something in the directory changed since the editor looked: some rows would do something else."""

    def __init__(self, lines):
        super().__init__(lines)
        self.lines = lines


def write(spreadsheet: Import, user, codes, *, publication_state: str):
    """Writes the rows that are new or updates. Raises PreviewIsOld, and has written nothing then."""
    with transaction.atomic():
        # The import itself is locked, so that a second click waits and then finds it done.
        spreadsheet = Import.objects.select_for_update().get(pk=spreadsheet.pk)
        if not spreadsheet.is_open or spreadsheet.rows.not_looked_at().exists():
            raise PreviewIsOld([])
        spreadsheet.publication_state = publication_state
        assessments = _assess_again(spreadsheet, codes)
        writer = Writer(spreadsheet, user)
        for some in batched(assessments, ROWS_A_TIME, strict=False):
            writer.write(some)
        spreadsheet.state = ImportState.IMPORTED
        spreadsheet.imported_at = timezone.now()
        spreadsheet.save()
    # Otherwise the next visitors' searches would do it bit by bit.
    rebuild_changed()


def _assess_again(spreadsheet: Import, codes) -> list[Assessment]:
    assessor = Assessor(spreadsheet, codes)
    found, different = [], []
    for rows in batched(spreadsheet.rows.iterator(chunk_size=ROWS_A_TIME), ROWS_A_TIME, strict=False):
        for assessment in assessor.assess(rows, lock=True):
            if assessment.differs_from_row():
                different.append(assessment)
            elif assessment.outcome in (Outcome.NEW, Outcome.UPDATE):
                found.append(assessment)
    if different:
        raise PreviewIsOld([assessment.row.line for assessment in different])
    return found


def look_at(spreadsheet: Import, codes, until) -> bool:
    """Looks at rows that nobody looked at yet, for as long as `until` says; whether all are done."""
    rows = spreadsheet.rows.not_looked_at()
    if not rows.exists():
        return True
    assessor = Assessor(spreadsheet, codes)
    earlier = spreadsheet.rows.filter(outcome__in=[Outcome.NEW, Outcome.UPDATE, Outcome.UNCHANGED])
    assessor.remember_earlier(earlier.only("line", "institution_id", "plan").iterator())
    while True:
        some = list(rows[:ROWS_A_TIME])
        if not some:
            return True
        looked_at = [assessment.store() for assessment in assessor.assess(some)]
        ImportRow.objects.bulk_update(looked_at, STORED_FIELDS, batch_size=ROWS_A_TIME)
        if until():
            return not rows.exists()


class Writer:
    """Writes some rows and their history."""

    def __init__(self, spreadsheet: Import, user):
        self.spreadsheet, self.user = spreadsheet, user
        self.comment = gettext("Import of %(file)s") % {"file": spreadsheet.file_name}
        # Somebody may head two institutions of the spreadsheet.
        self.new_people: dict[tuple, Person] = {}

    def write(self, assessments: Iterable[Assessment]):
        assessments = list(assessments)
        self._keep_first_states({one.institution_id for one in assessments} - {None})
        # What is new in a revision is told by this moment.
        started_at = timezone.now()
        self.sources = self._sources(assessments)
        self.records = self._load({one.institution_id for one in assessments} - {None})
        self.rows: list[models.Model] = []
        self.people: dict[int, Person] = {}
        for assessment in assessments:
            assessment.row.journal = self._write(assessment)
        self._remember(assessments, started_at)

    # History -----------------------------------------------------------------------------------------------------

    def _keep_first_states(self, ids):
        """Records that came by another way are put into the history before their first change, see `HistoryAdmin`."""
        known = Version.objects.get_for_model(Institution).filter(object_id__in=[str(pk) for pk in ids])
        unknown = ids - {int(pk) for pk in known.values_list("object_id", flat=True)}
        for record in _with_rows(unknown):
            with reversion.create_revision():
                reversion.set_comment(gettext("State before the first change here."))
                reversion.add_to_revision(record)

    def _remember(self, assessments, started_at):
        """A revision for each record, with its rows as they are now."""
        by_record = {one.row.institution_id: one.row for one in assessments}
        people = _people_with_rows({one.row.pk: one for one in assessments}, self.people)
        for record in _with_rows(by_record):
            row = by_record[record.pk]
            with reversion.create_revision():
                reversion.set_user(self.user)
                reversion.set_date_created(started_at)
                reversion.set_comment(self.comment)
                reversion.add_to_revision(record)
                if row.pk in people:
                    reversion.add_to_revision(people[row.pk])
                reversion.add_meta(ImportRevision, row=row)
        ImportRow.objects.bulk_update(by_record.values(), ["institution", "journal"], batch_size=ROWS_A_TIME)

    # Records -----------------------------------------------------------------------------------------------------

    @staticmethod
    def _load(ids) -> dict[int, Institution]:
        found = Institution.objects.without_search_columns().filter(pk__in=ids)
        return {record.pk: record for record in found.prefetch_related("record_sources", "contacts")}

    @staticmethod
    def _sources(assessments) -> dict[str, int]:
        """Primary keys of sources that rows name and that the directory did not know, by address."""
        wanted = {one.plan["source"]["url"]: one.plan["source"] for one in assessments if "url" in one.plan["source"]}
        Source.objects.bulk_create(
            [
                Source(url=url, title=source["title"], published_on=source["published_on"] or None)
                for url, source in wanted.items()
            ],
            ignore_conflicts=True,
        )
        return dict(Source.objects.filter(url__in=wanted).values_list("url", "pk"))

    def _write(self, assessment: Assessment) -> list[dict[str, Any]]:
        plan, journal = assessment.plan, []
        source = plan["source"]
        source_id = source["pk"] if "pk" in source else self.sources[source["url"]]
        record = self.records.get(assessment.institution_id) or Institution(
            publication_state=self.spreadsheet.publication_state
        )
        values = dict(plan["values"])
        if plan.get("city"):
            values["city_id"] = self._city(plan["city"], journal)
        self._write_record(record, values, journal)
        assessment.row.institution = record
        self._write_names(record, plan["names"], source_id, journal)
        self._write_contacts(record, plan["contacts"], source_id, journal)
        if plan["facts"]:
            _support(InstitutionSource, {"institution": record}, source_id, plan["facts"], journal)
        if plan["head"]:
            self._write_head(record, plan["head"], source_id, assessment.row, journal)
        return journal

    def _write_record(self, record, values, journal):
        if record.pk is None:
            _assign(record, values)
            record.key = free_key(record, with_country=True)
            record.save()
            journal.append(created(record))
        elif values:
            before = state_of(record, values)
            _assign(record, values)
            record.save()
            journal.append(updated(record, before))
        else:
            # Its rows changed, and pages say when a record was last changed.
            record.save()

    @staticmethod
    def _city(city, journal) -> int:
        found = City.objects.filter(country=city["country"], name_en=city["name_en"]).first()
        if found is None:
            found = City(country_id=city["country"], name_en=city["name_en"], name_ru=city["name_ru"])
            found.key = free_key(found, with_country=True)
            found.save()
            journal.append(created(found))
        return found.pk

    @staticmethod
    def _write_names(record, names, source_id, journal):
        rows = [
            InstitutionName(
                institution=record,
                text=text,
                language=language,
                script=script_of(text),
                kind=NameKind.SPELLING,
                source_id=source_id,
            )
            for text, language in names
        ]
        journal += map(created, InstitutionName.objects.bulk_create(rows))

    @staticmethod
    def _write_contacts(record, contacts, source_id, journal):
        """Adds contacts, unconfirmed: that somebody typed them into a spreadsheet is no check."""
        last = max((contact.order for contact in record.contacts.all()), default=-1) if contacts else 0
        rows = [
            InstitutionContact(institution=record, kind=kind, value=value, source_id=source_id, order=last + number)
            for number, (kind, value) in enumerate(contacts, start=1)
        ]
        journal += map(created, InstitutionContact.objects.bulk_create(rows))

    def _write_head(self, record, head, source_id, row, journal):
        person = Person.objects.without_search_columns().get(pk=head["person"]) if head["person"] else None
        if head["person_values"]:
            known_as = (record.country_id, name_words(head["person_values"].get("name_en", "")))
            if person is None and known_as in self.new_people:
                person = self.new_people[known_as]
            elif person is None:
                person = Person(country=record.country, publication_state=self.spreadsheet.publication_state)
                _assign(person, head["person_values"])
                person.key = free_key(person, with_country=False)
                person.save()
                journal.append(created(person))
                self.new_people[known_as] = person
            else:
                before = state_of(person, head["person_values"])
                _assign(person, head["person_values"])
                person.save()
                journal.append(updated(person, before))
            self.people[row.pk] = person
            _support(PersonSource, {"person": person}, source_id, ["names"], journal)
        if not head["position_values"]:
            return
        if head["position"] is None:
            position = Position(person=person, institution=record, source_id=source_id, as_of=self._as_of(source_id))
            _assign(position, head["position_values"])
            position.save()
            journal.append(created(position))
        else:
            position = Position.objects.get(pk=head["position"])
            values = head["position_values"] | {"source_id": source_id}
            before = state_of(position, values)
            _assign(position, values)
            position.save()
            journal.append(updated(position, before))

    @staticmethod
    def _as_of(source_id):
        """On which day the source names the head in the post."""
        source = Source.objects.get(pk=source_id)
        return source.published_on or (source.accessed_on.isoformat() if source.accessed_on else None)


def _assign(record, values):
    for name, value in values.items():
        setattr(record, name, value)


def _support(model, owner, source_id, facts, journal):
    """Says that the source supports the facts, besides what it supports already."""
    row = model.objects.filter(**owner, source_id=source_id).first()
    if row is None:
        row = model.objects.create(
            **owner, source_id=source_id, supports=facts, order=model.objects.filter(**owner).count()
        )
        journal.append(created(row))
    elif set(facts) - set(row.supports):
        before = state_of(row, ["supports"])
        row.supports = [*row.supports, *(fact for fact in facts if fact not in row.supports)]
        row.save()
        journal.append(updated(row, before))


def _with_rows(ids):
    """Records with all that the history follows, so that none is asked for one by one."""
    found = Institution.objects.filter(pk__in=list(ids)).select_related("country", "city")
    positions = models.Prefetch(
        "positions",
        Position.objects.select_related("person", "institution").prefetch_related("contacts", "older_sources"),
    )
    return found.prefetch_related(*(name for name in INSTITUTION_ROWS if name != "positions"), positions)


def _people_with_rows(assessments, people: dict[int, Person]) -> dict[int, Person]:
    """New and changed people, by the row that they came with."""
    positions = models.Prefetch(
        "positions",
        Position.objects.select_related("person", "institution").prefetch_related("contacts", "older_sources"),
    )
    found = Person.objects.filter(pk__in=[person.pk for person in people.values()])
    by_pk = {person.pk: person for person in found.prefetch_related("other_names", "record_sources", positions)}
    return {row: by_pk[person.pk] for row, person in people.items() if row in assessments}
