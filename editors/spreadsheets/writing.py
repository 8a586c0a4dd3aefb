"""Writing of the confirmed rows of a spreadsheet, in one transaction.

Each record gets a revision in the history, and each row a journal of its changes, to undo it.
"""

from collections import defaultdict
from collections.abc import Iterable
from itertools import batched
from typing import Any

from django.db import models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext
from reversion.models import Version

from editors.spreadsheets.readings import STORED_FIELDS, Assessment
from institutions.models import City, Institution, InstitutionContact, InstitutionName, InstitutionSource
from languages.scripts import script_of
from people.models import Person, PersonSource, Position
from records.history.models import Load
from records.keys import give_keys, give_slugs
from records.models import Source
from search.rebuilding import note_once, rebuild_changed

from .assessing import ROWS_A_TIME, Assessor
from .heads import name_words
from .journal import created, state_of, updated
from .models import Import, ImportRevision, ImportRow, ImportState, Outcome
from .revisions import people_with_rows, remember, with_rows


class PreviewIsOld(Exception):
    """Raised if the directory changed since the preview: some rows would have another outcome."""

    def __init__(self, lines):
        super().__init__(lines)
        self.lines = lines


def write(spreadsheet: Import, user, codes, *, publication_state: str):
    """Write the rows that are new or updates. Raise PreviewIsOld, without writing anything."""
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
        note_once()
    # Otherwise the searches of the next visitors would do it bit by bit.
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
    """Compare rows that are not compared yet, until the time `until`; return whether all are done."""
    rows = spreadsheet.rows.not_looked_at()
    if not rows.exists():
        return True
    assessor = Assessor(spreadsheet, codes)
    earlier = spreadsheet.rows.exclude(outcome__in=["", Outcome.ERROR])
    assessor.remember_earlier(earlier.only("line", "institution_id", "plan").iterator())
    while True:
        some = list(rows[:ROWS_A_TIME])
        if not some:
            return True
        looked_at = [assessment.store() for assessment in assessor.assess(some)]
        ImportRow.objects.store(looked_at, STORED_FIELDS)
        if until():
            return not rows.exists()


class Writer:
    """Write some rows at a time and their history, with one query per kind of object."""

    def __init__(self, spreadsheet: Import, user):
        self.spreadsheet, self.user = spreadsheet, user
        self.comment = gettext("Import of %(file)s") % {"file": spreadsheet.file_name}
        self.load = Load.objects.create(happened_at=timezone.now(), source=spreadsheet.source)
        # One person may head two institutions of the spreadsheet.
        self.new_people: dict[tuple, Person] = {}

    def write(self, assessments: Iterable[Assessment]):
        assessments = list(assessments)
        self.journals = {one.row.pk: [] for one in assessments}
        self.made_beside = defaultdict(list)
        known = {one.institution_id for one in assessments} - {None}
        keep_first_states(Institution, known, with_rows)
        keep_first_states(
            Person, {head["person"] for one in assessments for head in one.plan["head"]} - {None}, people_with_rows
        )
        # New objects of a revision are recognised by this time.
        started_at = timezone.now()
        self._write_sources(assessments)
        self._write_cities(assessments)
        self._write_records(assessments, known)
        self._write_names(assessments)
        self._write_contacts(assessments)
        self._write_heads(assessments)
        self._remember(assessments, started_at)

    def _create(self, model, rows: list[tuple[Assessment, models.Model]]):
        made = model._base_manager.bulk_create([one for _assessment, one in rows], batch_size=1000)
        for (assessment, _one), one in zip(rows, made, strict=True):
            self.journals[assessment.row.pk].append(created(one))

    def _update(self, assessment: Assessment, record: models.Model, values: dict[str, Any]):
        before = state_of(record, values)
        _assign(record, values)
        changed = dict(values)
        if hasattr(record, "make_sort_keys"):
            record.make_sort_keys()
            changed |= {"sort_key_en": record.sort_key_en, "sort_key_ru": record.sort_key_ru, "updated_at": Now()}
        type(record)._base_manager.filter(pk=record.pk).update(**changed)
        if values:
            self.journals[assessment.row.pk].append(updated(record, before))

    # Sources and cities ----------------------------------------------------------------------------------------------

    def _write_sources(self, assessments):
        """Create new sources that rows name; `source_ids` then has one for each row."""
        wanted = {one.plan["source"]["url"]: one.plan["source"] for one in assessments if "url" in one.plan["source"]}
        known = set(Source.objects.filter(url__in=wanted).values_list("url", flat=True))
        Source.objects.bulk_create(
            [
                Source(url=url, title=source["title"], published_on=source["published_on"] or None)
                for url, source in wanted.items()
            ],
            ignore_conflicts=True,
        )
        by_url = dict(Source.objects.filter(url__in=wanted).values_list("url", "pk"))
        self.source_ids = {
            one.row.pk: one.plan["source"].get("pk") or by_url[one.plan["source"]["url"]] for one in assessments
        }
        self.sources = Source.objects.in_bulk(set(self.source_ids.values()))
        new = {by_url[url] for url in wanted if url not in known}
        for one in assessments:
            if self._source_id(one) in new:
                new.remove(self._source_id(one))
                self._note_shared(one, self.sources[self._source_id(one)])

    def _note_shared(self, assessment, made):
        """Record a shared source or city in the journal and revision of the first row with it."""
        self.journals[assessment.row.pk].append(created(made))
        self.made_beside[assessment.row.pk].append(made)

    def _source_id(self, assessment) -> int:
        return self.source_ids[assessment.row.pk]

    def _write_cities(self, assessments):
        """Create cities that the editor chose to create, each once."""
        for one in assessments:
            city = one.plan.get("city")
            if not city:
                continue
            found = City.objects.filter(country=city["country"], name_en=city["name_en"]).first()
            if found is None:
                found = City(country_id=city["country"], name_en=city["name_en"], name_ru=city["name_ru"])
                give_keys([found], with_country=True)
                found.save()
                self._note_shared(one, found)
            one.plan["values"]["city_id"] = found.pk

    # Institutions ----------------------------------------------------------------------------------------------------

    def _write_records(self, assessments, known):
        found = Institution.objects.without_search_columns().filter(pk__in=known)
        self.records = {record.pk: record for record in found.prefetch_related("contacts")}
        new, same = [], []
        for one in assessments:
            record = self.records.get(one.institution_id)
            if record is None:
                record = Institution(publication_state=self.spreadsheet.publication_state)
                _assign(record, one.plan["values"])
                new.append((one, record))
            elif one.plan["values"]:
                self._update(one, record, one.plan["values"])
            else:
                same.append(record.pk)
            one.row.institution = record
        # Also if only their rows change: pages show when a record was last changed.
        Institution._base_manager.filter(pk__in=same).update(updated_at=Now())
        give_addresses([record for _one, record in new], with_country=True)
        self._create(Institution, new)
        for one, record in new:
            # Again, now that it has an id.
            one.row.institution = record
        supports = [(one, one.row.institution, one.plan["facts"]) for one in assessments]
        self._support(InstitutionSource, "institution_id", supports)

    def _write_names(self, assessments):
        rows = [
            (
                one,
                InstitutionName(
                    institution=one.row.institution,
                    text=text,
                    language=language,
                    script=script_of(text),
                    kind=kind,
                    source_id=self._source_id(one),
                ),
            )
            for one in assessments
            for text, language, kind in one.plan["names"]
        ]
        self._create(InstitutionName, rows)

    def _write_contacts(self, assessments):
        """Add contacts, unconfirmed: an import is no check."""
        rows = []
        for one in assessments:
            known = self.records.get(one.institution_id)
            last = max((contact.order for contact in known.contacts.all()), default=-1) if known else -1
            rows += [
                (
                    one,
                    InstitutionContact(
                        institution=one.row.institution,
                        kind=kind,
                        value=value,
                        department=department,
                        source_id=self._source_id(one),
                        order=last + number,
                    ),
                )
                for number, (kind, value, department) in enumerate(one.plan["contacts"], start=1)
            ]
        self._create(InstitutionContact, rows)

    def _support(self, model, owner: str, supports: list[tuple[Assessment, models.Model, list[str]]]):
        """Add facts that the source supports, besides existing ones."""
        supports = [(one, record, facts) for one, record, facts in supports if facts]
        stored = defaultdict(dict)
        for row in model.objects.filter(**{f"{owner}__in": [record.pk for _one, record, _facts in supports]}):
            stored[getattr(row, owner)][row.source_id] = row
        new = []
        for one, record, facts in supports:
            its_own = stored[record.pk]
            row = its_own.get(self._source_id(one))
            if row is None:
                row = model(source_id=self._source_id(one), supports=facts, order=len(its_own), **{owner: record.pk})
                its_own[row.source_id] = row
                new.append((one, row))
            elif row.pk and set(facts) - set(row.supports):
                added = [fact for fact in facts if fact not in row.supports]
                self._update(one, row, {"supports": [*row.supports, *added]})
        self._create(model, new)

    # Heads -----------------------------------------------------------------------------------------------------------

    def _write_heads(self, assessments):
        heads = [(one, head) for one in assessments for head in one.plan["head"]]
        stored = Person.objects.without_search_columns().in_bulk({head["person"] for _one, head in heads} - {None})
        positions = Position.objects.in_bulk({head["position"] for _one, head in heads} - {None})
        # The people of each row, in the order of its heads.
        self.people: dict[int, list[Person]] = defaultdict(list)
        new = []
        for one, head in heads:
            person = stored.get(head["person"])
            if person is None:
                country = one.row.institution.country_id
                person = self.new_people.get((country, name_words(head["person_values"]["name_en"])))
            if person is None:
                person = Person(country_id=country, publication_state=self.spreadsheet.publication_state)
                _assign(person, head["person_values"])
                self.new_people[country, name_words(person.name_en)] = person
                new.append((one, person))
            elif head["person"] and head["person_values"]:
                self._update(one, person, head["person_values"])
            self.people[one.row.pk].append(person)
        give_addresses([person for _one, person in new], with_country=False)
        self._create(Person, new)
        everybody = [person for one in assessments for person in self.people[one.row.pk]]
        with_people = [(one, head, person) for (one, head), person in zip(heads, everybody, strict=True)]
        named = [(one, person, ["names"]) for one, head, person in with_people if head["person_values"]]
        self._support(PersonSource, "person_id", named)
        self._write_positions(with_people, positions)

    def _write_positions(self, heads, positions):
        new = []
        for one, head, person in heads:
            values = head["position_values"]
            if values and head["position"]:
                self._update(one, positions[head["position"]], values | {"source_id": self._source_id(one)})
            elif values:
                position = Position(
                    person=person,
                    institution=one.row.institution,
                    source_id=self._source_id(one),
                    as_of=self._as_of(one),
                )
                _assign(position, values)
                new.append((one, position))
        self._create(Position, new)

    def _as_of(self, assessment):
        """Return the day on which the source names the head in the post."""
        source = self.sources[self._source_id(assessment)]
        return source.published_on or (source.accessed_on.isoformat() if source.accessed_on else None)

    # History ---------------------------------------------------------------------------------------------------------

    def _remember(self, assessments, started_at):
        """Write a revision for each record, with its rows as they are now, and the journal."""
        rows = {one.row.institution_id: one.row for one in assessments}
        for row in rows.values():
            row.journal = self.journals[row.pk]
        theirs = {person.pk for people in self.people.values() for person in people}
        people = {person.pk: person for person in people_with_rows(theirs)}
        records = list(with_rows(rows))
        groups = [
            [record, *self._people_of(rows[record.pk], people), *self.made_beside[rows[record.pk].pk]]
            for record in records
        ]
        revisions = remember(groups, user=self.user, comment=self.comment, at=started_at, load=self.load)
        ImportRevision.objects.bulk_create(
            ImportRevision(revision=revision, row=rows[record.pk])
            for revision, record in zip(revisions, records, strict=True)
        )
        ImportRow.objects.store(rows.values(), ["institution_id", "journal"])

    def _people_of(self, row, people):
        return [people[pk] for pk in dict.fromkeys(person.pk for person in self.people.get(row.pk, ()))]


def keep_first_states(model, ids: set[int], loaded):
    """Add records that came another way to the history before their first change, see `HistoryAdmin`."""
    known = Version.objects.get_for_model(model).filter(object_id__in=[str(pk) for pk in ids])
    unknown = ids - {int(pk) for pk in known.values_list("object_id", flat=True)}
    remember([[record] for record in loaded(unknown)], comment=gettext("State before the first edit."))


def give_addresses(records: list[models.Model], *, with_country: bool):
    """Set keys, slugs and sort keys of new records of one kind, which are then created in bulk."""
    give_keys(records, with_country=with_country)
    give_slugs(records)
    for record in records:
        record.make_sort_keys()


def _assign(record, values):
    for name, value in values.items():
        setattr(record, name, value)
