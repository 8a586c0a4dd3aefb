"""Relations to institutions and people, and how their rows are moved to another record."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import ngettext_lazy, npgettext_lazy

from cooperation.models import FilmInstitution, Participation
from harvest.models import Proposal, SiteVisit
from institutions.models import (
    Institution,
    InstitutionContact,
    InstitutionName,
    InstitutionSource,
    Programme,
    Stage,
)
from people.models import Person, PersonName, PersonSource, Position, PositionContact, PositionSource, Role
from visitors.corrections.models import ConfirmationRequest, Mailbox, NoMoreLetters

# Function for two rows that become one: of the kept record and of the other. Returns the row that stays and the one to
# delete.
Unify = Callable[[models.Model, models.Model], tuple[models.Model, models.Model]]


# Two rows that become one --------------------------------------------------------------------------------------------


def keep_first(*fields: str) -> Unify:
    """Keep the kept record's row, and fill its empty fields from the other."""

    def unify(row, other):
        for field in fields:
            if getattr(row, field) in (None, ""):
                setattr(row, field, getattr(other, field))
        return row, other

    return unify


# Only fields that identify the rows.
keep_row = keep_first()


def unify_sources(row, other):
    """Merge two sources with the same page; the result supports the facts of both."""
    row.supports = list(dict.fromkeys([*row.supports, *other.supports]))
    return row, other


def unify_contacts(row, other):
    """Keep the contact that was confirmed last, with values that only the other one has.

    A whole row stays, so that no check changes. A contact that is hidden in one stays hidden.
    """
    stays, goes = (other, row) if (other.checked_on or "") > (row.checked_on or "") else (row, other)
    for field in ("department", "department_ru"):
        departments = dict.fromkeys(filter(None, [getattr(row, field), getattr(other, field)]))
        setattr(stays, field, "; ".join(departments)[: stays._meta.get_field(field).max_length])
    stays.language = stays.language or goes.language
    stays.languages = list(dict.fromkeys([*row.languages, *other.languages]))
    stays.is_public = row.is_public and other.is_public
    stays.order = row.order
    lost_source = goes.source.url if stays.source and goes.source and stays.source != goes.source else ""
    stays.source = stays.source or goes.source
    stays.note = "\n".join(dict.fromkeys(filter(None, [row.note, other.note, lost_source])))
    return stays, goes


def unify_proposals(row, other):
    """Keep the one that was decided: what was declined for one record stays declined."""
    return (other, row) if row.is_open and not other.is_open else (row, other)


def unify_older_sources(row, other):
    row.as_of = max(filter(None, [row.as_of, other.as_of]), default=None)
    return row, other


def unify_posts(row, other):
    """Merge two posts into one, with the pages and contacts of both."""
    if not row.title_native:
        row.title_native, row.native_language = other.title_native, other.native_language
    if row.role == Role.OTHER:
        row.role = other.role
    for field in ("title_ru", "seat", "until"):
        setattr(row, field, getattr(row, field) or getattr(other, field))
    row.is_public = row.is_public and other.is_public
    for relation in BELOW_POSTS:
        move(relation, row, other)
    seen = [(row.source, row.as_of), (other.source, other.as_of)]
    newest, older = sorted(seen, key=lambda page: page[1] or "", reverse=True)
    row.source, row.as_of = newest[0] or older[0], newest[1]
    if older[0] is not None and older[0] != row.source:
        PositionSource.objects.get_or_create(position=row, source=older[0], defaults={"as_of": older[1]})
    return row, other


# Relations -----------------------------------------------------------------------------------------------------------


def unique_together(model: type[models.Model]) -> list[tuple[str, ...]]:
    """Return the names of the fields, alone or together, that are unique."""
    alone = [(field.name,) for field in model._meta.concrete_fields if field.unique and not field.primary_key]
    constraints = [one.fields for one in model._meta.constraints if isinstance(one, models.UniqueConstraint)]
    return [*alone, *filter(None, constraints), *map(tuple, model._meta.unique_together)]


@dataclass(frozen=True)
class Relation:
    """Rows that refer to a record, and their label in the preview of a merge."""

    model: type[models.Model]
    field: str
    in_words: Any = None
    unify: Unify = keep_row
    # Relations of the rows themselves.
    below: tuple["Relation", ...] = ()

    @property
    def column(self):
        return self.model._meta.get_field(self.field).attname

    @property
    def is_single(self) -> bool:
        """Return whether a record has at most one such row."""
        return self.model._meta.get_field(self.field).unique

    @property
    def unique_fields(self) -> tuple[str, ...]:
        """Return the fields that identify a row of one record; empty if there are none."""
        fields = next((names for names in unique_together(self.model) if self.field in names and len(names) > 1), ())
        return tuple(self.model._meta.get_field(name).attname for name in fields if name != self.field)

    def rows_of(self, *records):
        return self.model._base_manager.filter(**{f"{self.column}__in": [record.pk for record in records]})


BELOW_POSTS = (
    Relation(PositionContact, "position", unify=unify_contacts),
    Relation(PositionSource, "position", unify=unify_older_sources),
)
RELATIONS: dict[type[models.Model], list[Relation]] = {
    Institution: [
        Relation(
            InstitutionName,
            "institution",
            ngettext_lazy("%(count)d other name", "%(count)d other names", "count"),
            keep_first("language", "until", "source_id"),
        ),
        Relation(
            InstitutionContact,
            "institution",
            ngettext_lazy("%(count)d contact", "%(count)d contacts", "count"),
            unify_contacts,
        ),
        Relation(
            Stage,
            "institution",
            ngettext_lazy("%(count)d sound stage", "%(count)d sound stages", "count"),
            keep_first("name_ru", "area_m2", "height_m", "note_en", "note_ru"),
        ),
        Relation(
            Position,
            "institution",
            ngettext_lazy("%(count)d post", "%(count)d posts", "count"),
            unify_posts,
            BELOW_POSTS,
        ),
        Relation(
            Programme,
            "institution",
            ngettext_lazy("%(count)d programme that it runs", "%(count)d programmes that it runs", "count"),
        ),
        Relation(
            Programme.partner_institutions.through,
            "institution",
            ngettext_lazy(
                "%(count)d programme of which it is a partner", "%(count)d programmes of which it is a partner", "count"
            ),
        ),
        Relation(
            Participation,
            "institution",
            ngettext_lazy("%(count)d participation in events", "%(count)d participations in events", "count"),
        ),
        Relation(
            FilmInstitution,
            "institution",
            ngettext_lazy("%(count)d film", "%(count)d films", "count"),
            keep_first("role_en", "role_ru"),
        ),
        Relation(
            Institution,
            "parent",
            ngettext_lazy(
                "%(count)d institution that is part of it", "%(count)d institutions that are part of it", "count"
            ),
        ),
        Relation(
            Institution,
            "successor",
            ngettext_lazy(
                "%(count)d institution that it succeeded", "%(count)d institutions that it succeeded", "count"
            ),
        ),
        Relation(
            InstitutionSource,
            "institution",
            ngettext_lazy("%(count)d source", "%(count)d sources", "count"),
            unify_sources,
        ),
        Relation(
            Proposal,
            "institution",
            ngettext_lazy("%(count)d proposal", "%(count)d proposals", "count"),
            unify_proposals,
        ),
        Relation(
            SiteVisit,
            "institution",
            ngettext_lazy("%(count)d reading of a website", "%(count)d readings of websites", "count"),
        ),
        Relation(
            ConfirmationRequest,
            "institution",
            ngettext_lazy("%(count)d yearly e-mail", "%(count)d yearly e-mails", "count"),
        ),
        Relation(
            NoMoreLetters,
            "institution",
            ngettext_lazy("%(count)d opt-out of e-mails", "%(count)d opt-outs of e-mails", "count"),
        ),
        Relation(
            Mailbox,
            "institution",
            ngettext_lazy(
                "%(count)d mailbox for the yearly e-mail", "%(count)d mailboxes for the yearly e-mail", "count"
            ),
        ),
    ],
    Person: [
        Relation(
            PersonName,
            "person",
            npgettext_lazy("of a person", "%(count)d other name", "%(count)d other names", "count"),
            keep_first("language", "source_id"),
        ),
        Relation(
            Position, "person", ngettext_lazy("%(count)d post", "%(count)d posts", "count"), unify_posts, BELOW_POSTS
        ),
        Relation(
            Participation,
            "person",
            ngettext_lazy("%(count)d participation in events", "%(count)d participations in events", "count"),
        ),
        Relation(
            PersonSource,
            "person",
            ngettext_lazy("%(count)d source", "%(count)d sources", "count"),
            unify_sources,
        ),
    ],
}


def move(relation: Relation, kept: models.Model, merged: models.Model):
    """Move the rows of one record to the other; duplicates become one."""
    unique = relation.unique_fields
    has_twins = bool(unique) or relation.is_single
    known = {tuple(getattr(row, name) for name in unique): row for row in relation.rows_of(kept)}
    for row in relation.rows_of(merged).order_by("pk"):
        twin = known.get(tuple(getattr(row, name) for name in unique)) if has_twins else None
        if twin is None:
            setattr(row, relation.field, kept)
            row.save(update_fields=[relation.field])
            continue
        stays, goes = relation.unify(twin, row)
        goes.delete()
        setattr(stays, relation.field, kept)
        stays.save()
