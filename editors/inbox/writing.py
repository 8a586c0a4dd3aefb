"""Writing of accepted proposals into the records, with a journal of each object before and after."""

from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.utils.translation import gettext as _

from editors.spreadsheets.heads import HEAD_SEAT, KnownPeople, name_words, refusal_of_withheld, titles
from editors.spreadsheets.journal import created, state_of, updated
from harvest.facts import NEW_CITY, PERSON_FIELDS, POST_FIELDS, stored
from harvest.models import Proposal
from harvest.origins import INSTITUTION, OFFICIAL_PAGE, ORIGINS
from institutions.models import City, Institution, InstitutionContact, InstitutionName, InstitutionSource, Stage
from languages.romanisation import to_latin
from people.models import Person, PersonSource, Position
from people.posts import is_general, is_same_post, role_of, seat_of
from records.base import PublicationState
from records.checks import CheckMethod
from records.contact_types import FACT_OF_KIND
from records.keys import give_keys, give_slugs
from records.models import Source

# The fact of a source's `supports` for facts that have another name there.
SUPPORTED = {"name": "names", "stage": "stages", "head": "positions"}


def _save(one: models.Model, only: Iterable[str] = ()):
    """Save the object. Raise ValidationError with the words of the constraint that the database refuses it by.

    Its constraints are not asked for one by one beforehand, which takes a query each.
    """
    checked = {field.name for field in one._meta.concrete_fields if not field.is_relation}
    checked &= set(only) or checked
    one.clean_fields(exclude={field.name for field in one._meta.fields} - checked)
    one.clean()
    try:
        one.save()
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        broken = next((each for each in one._meta.constraints if each.name == name), None)
        raise ValidationError(broken.get_violation_error_message() if broken else str(error)) from error


class Writer:
    """Writes one accepted proposal; `journal` then holds what was written, `people` those whose record changed."""

    def __init__(self, proposal: Proposal, institution: Institution | None):
        self.proposal, self.institution = proposal, institution
        self.journal: list[dict] = []
        self.people: list[Person] = []

    def write(self):
        """Raise ValidationError, with words for the editor, where the record does not admit the fact."""
        proposal = self.proposal
        if proposal.fact == "new":
            self._create_institution()
        elif proposal.row is not None:
            self._change_row()
        else:
            self._write_fact(proposal.fact, proposal.value)

    def _write_fact(self, fact: str, value: dict):
        write: Callable = {
            "contact": self._add_contact,
            "name": self._add_name,
            "head": self._write_head,
            "stage": self._add_stage,
            "identifiers": self._add_identifiers,
        }.get(fact, self._set_fields)
        write(value)
        self._support(FACT_OF_KIND[value["kind"]] if fact == "contact" else SUPPORTED.get(fact, fact))

    # Objects ---------------------------------------------------------------------------------------------------------

    def _create(self, one: models.Model):
        _save(one)
        self._confirm(one)
        self.journal.append(created(one))
        return one

    def _update(self, one: models.Model, values: dict):
        """Change these columns, named as in the database; the journal keeps their former values."""
        before = state_of(one, values)
        for name, value in values.items():
            setattr(one, name, value)
        _save(one, only=values)
        self._confirm(one)
        self.journal.append(updated(one, before))

    @property
    def _source(self) -> Source | None:
        """The page that says so, as a source; None where the institution itself said it by letter."""
        url = self.proposal.url
        if not url:
            return None
        source = Source.objects.filter(url=url).first()
        if source is None:
            publisher = ORIGINS[self.proposal.origin].publisher or (urlsplit(url).hostname or "").removeprefix("www.")
            title = self.proposal.title or url.partition("://")[2]
            told = {"publisher": publisher, "licence": self.proposal.licence, "accessed_on": self.proposal.found_on}
            source = Source(url=url, title=title[:300], **told)
            self._create(source)
        return source

    def _support(self, fact: str):
        source = self._source
        if source is None or fact not in InstitutionSource.facts.sourced:
            return
        row = self.institution.record_sources.filter(source=source).first()
        if row is None:
            order = self.institution.record_sources.count()
            self._create(InstitutionSource(institution=self.institution, source=source, supports=[fact], order=order))
        elif fact not in row.supports:
            self._update(row, {"supports": [*row.supports, fact]})

    # Facts -----------------------------------------------------------------------------------------------------------

    def _set_fields(self, value):
        if NEW_CITY[0] in value:
            value = {"city": self._city(value, self.institution.country_id).key}
        columns = {}
        for name, text in value.items():
            record, field = stored(name, text), Institution._meta.get_field(name)
            columns[field.attname] = getattr(record, field.attname)
        self._update(self.institution, columns)

    def _city(self, value, country: str | None) -> City:
        """Return the city that is not listed by its key, created if it has no record by that name either."""
        if country is None:
            raise ValidationError(_("An international body has no city."))
        names = [value[name] for name in NEW_CITY if value.get(name)]
        found = City.objects.filter(country=country).filter(
            models.Q(name_en__in=names) | models.Q(name_ru__in=names) | models.Q(name_native__in=names)
        )
        city = found.first()
        if city is None:
            city = City(country_id=country, name_en=value["city_en"], name_ru=value.get("city_ru", ""))
            give_keys([city], with_country=True)
            self._create(city)
        return city

    def _add_identifiers(self, value):
        self._update(self.institution, {"identifiers": self.institution.identifiers | value})

    def _add_contact(self, value):
        last = self.institution.contacts.aggregate(last=models.Max("order"))["last"]
        contact = InstitutionContact(
            institution=self.institution, source=self._source, order=0 if last is None else last + 1, **value
        )
        if self.proposal.origin == OFFICIAL_PAGE.name:
            contact.seen_on, contact.seen_url = self.proposal.found_on, self.proposal.url
        self._create(contact)

    def _confirm(self, one: models.Model):
        """An institution's own word about its contact is a check; a page that a program read is none."""
        if isinstance(one, InstitutionContact) and one.is_public and self.proposal.origin == INSTITUTION.name:
            one.confirm(method=CheckMethod.INSTITUTION, on=self.proposal.found_on)

    def _add_name(self, value):
        self._create(InstitutionName(institution=self.institution, source=self._source, **value))

    def _add_stage(self, value):
        order = self.institution.stages.count()
        self._create(Stage(institution=self.institution, order=order, **value))

    def _change_row(self):
        """Replace the values of a row, or take it off the page where nothing takes its place."""
        rows = {"contact": "contacts", "name": "other_names", "stage": "stages", "head": "positions"}
        row = getattr(self.institution, rows[self.proposal.fact]).filter(pk=self.proposal.row).first()
        if row is None:
            raise ValidationError(_("The line is no longer in the record."))
        value = self.proposal.value
        if not value and not hasattr(row, "is_public"):
            self.journal.append(created(row) | {"before": created(row)["after"], "after": None})
            row.delete()
            return
        source = self._source
        values = {name: value[name] for name in value if hasattr(type(row), name)} if value else {"is_public": False}
        if source is not None and value and hasattr(row, "source_id"):
            values["source_id"] = source.pk
        if value and isinstance(row, InstitutionContact):
            # A check is about a value.
            values |= {"checked_on": None, "check_method": "", "checked_by_id": None}
            self._support(FACT_OF_KIND[row.kind])
        self._update(row, values)

    # Heads -----------------------------------------------------------------------------------------------------------

    def _write_head(self, value):
        names = {name: value[name] for name in PERSON_FIELDS[:3] if value.get(name)}
        country = self.institution.country_id
        wanted = {name_words(name) for name in names.values()}
        posts = self.institution.positions.select_related("person").prefetch_related("person__other_names")
        here = [post for post in posts if wanted & {name_words(name.text) for name in post.person.names_to_search()}]
        person = here[0].person if here else self._known_person(names, country)
        if person is not None and person.withheld:
            raise ValidationError(refusal_of_withheld())
        if person is None:
            person = self._new_person(value, names, country)
        self.people.append(person)
        self._write_post(value, person, [post for post in here if post.person_id == person.pk])

    @staticmethod
    def _known_person(names, country) -> Person | None:
        known = KnownPeople(names.values()).named(names.values(), country)
        if len(known) > 1:
            raise ValidationError(_("Several people have this name. Enter the head by hand."))
        return known[0] if known else None

    def _new_person(self, value, names, country) -> Person:
        if "name_en" not in names:
            native = "name_ru" not in names
            text = names["name_native"] if native else names["name_ru"]
            names = {**names, "name_en": to_latin(text, value.get("native_language", "") if native else "ru")}
        if names.get("name_native"):
            names["native_language"] = value.get("native_language", "")
        # As public as the institution: a draft of a new body shows nobody.
        person = Person(country_id=country, publication_state=self.institution.publication_state, **names)
        give_keys([person], with_country=False)
        give_slugs([person])
        self._create(person)
        if self._source is not None:
            self._create(PersonSource(person=person, source=self._source, supports=["names"]))
        return person

    def _write_post(self, value, person, here):
        english = value["title_en"]
        post = next((one for one in here if is_same_post(one.title_en, english)), None)
        dates = {name: value[name] for name in POST_FIELDS[2:] if value.get(name)}
        if post is not None:
            self._update(post, dates | ({"source_id": self._source.pk} if self._source else {}))
            return
        words = titles(value.get("title_ru", "") or english, english, self.institution.country_id)
        name = self.institution.name_en
        position = Position(
            person=person,
            institution=self.institution,
            role=role_of(english, name),
            seat=HEAD_SEAT if is_general(english) else seat_of(english, name),
            source=self._source,
            as_of=None if value.get("until") else self.proposal.found_on.isoformat(),
            **words,
            **dates,
        )
        self._create(position)

    # New bodies ------------------------------------------------------------------------------------------------------

    def _create_institution(self):
        """Create a draft with everything known: an editor finishes and publishes it."""
        value = dict(self.proposal.value)
        rows = {name: value.pop(name, []) for name in ("contacts", "names", "heads")}
        identifiers = value.pop("identifiers", {})
        country = self.proposal.country_id
        institution = Institution(
            country_id=country, is_international=country is None, publication_state=PublicationState.DRAFT
        )
        city = {name: value.pop(name) for name in NEW_CITY if name in value}
        for name, text in value.items():
            if name != "country":
                field = Institution._meta.get_field(name)
                setattr(institution, field.attname, getattr(stored(name, text), field.attname))
        if city:
            institution.city = self._city(city, country)
        institution.identifiers = identifiers
        give_keys([institution], with_country=True)
        give_slugs([institution])
        self.institution = self._create(institution)
        for name in set(value) - {"country"}:
            if name in institution.facts.fact_of_field:
                self._support(institution.facts.fact_of_field[name])
        if identifiers:
            self._support("identifiers")
        for fact, its_rows in (("contact", "contacts"), ("name", "names"), ("head", "heads")):
            for row in rows[its_rows]:
                self._write_fact(fact, row)
