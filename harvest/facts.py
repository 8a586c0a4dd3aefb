"""Facts that can be proposed for an institution: how each is cleaned, shown, and compared with the record.

A value is a dictionary of JSON:

- a fact of `INSTITUTION_FACTS` that fields say: field and value, such as {"founded": "1941"}; the city and the parent
  are named by key, and a city that is not listed by {"city_en": …, "city_ru": …};
- "identifiers": register and id;
- "contact": {"kind", "value", "department", "department_ru"};
- "name": {"text", "kind", "language"};
- "head": {"name_en", "name_ru", "name_native", "native_language", "title_en", "title_ru", "since", "until"};
- "stage": {"name_en", "name_ru", "area_m2", "height_m"};
- "new", a body that is not listed: fields of the record, and "contacts", "names", "heads", "identifiers" as above.
"""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from institutions.facts import INSTITUTION_FACTS
from institutions.models import City, Institution, InstitutionContact, InstitutionName, Stage
from languages.folding import fold_for_search
from people.models import Position
from records.contact_types import ContactKind
from records.contact_values import typed
from records.facts import value_in_words
from records.identifier_types import identifier, in_words
from records.models import same_contact

# Fields of a city that is not listed yet.
NEW_CITY = ("city_en", "city_ru")


class ProposedFact:
    """Fact of one kind. `value` is always the dictionary of the proposal."""

    def label(self, value: dict) -> str:
        raise NotImplementedError

    def cleaned(self, value: dict, institution: Institution | None) -> dict:
        """Return the value as it is stored. Raise ValidationError."""
        raise NotImplementedError

    def identity(self, value: dict) -> dict:
        """Return the part of the value that makes it the same proposal: what was declined does not come back."""
        return value

    def in_words(self, value: dict) -> str:
        raise NotImplementedError

    def present(self, institution: Institution, value: dict) -> str:
        """Return what the record says in place of the value, or beside it; "" for nothing."""
        return ""

    def is_known(self, institution: Institution, value: dict) -> bool:
        """Return whether the record says so already."""
        raise NotImplementedError

    def row(self, institution: Institution, number: int):
        """Return the row that the value replaces, or None if it is gone."""
        return None


class FieldFact(ProposedFact):
    """Fact that fields of the record say."""

    def __init__(self, name: str):
        self.name = name
        self.fields = {field.name for field in INSTITUTION_FACTS.by_name[name].fields}

    def label(self, value):
        # Fields of several languages are told apart by their own labels.
        field = next(iter(value), "")
        many = len(self.fields) > 1 and len(value) == 1 and field in self.fields
        return capfirst(str(_field(field).verbose_name if many else INSTITUTION_FACTS.labels[self.name]))

    def cleaned(self, value, institution):
        if unknown := value.keys() - self.fields - (set(NEW_CITY) if self.name == "city" else set()):
            raise ValidationError(f"{self.name} has no {', '.join(sorted(unknown))}")
        return {name: self._cleaned(name, text) for name, text in value.items() if text not in (None, "")}

    @staticmethod
    def _cleaned(name, text):
        if name in NEW_CITY:
            return City._meta.get_field(name.replace("city", "name")).clean(text, None)
        field = _field(name)
        if field.is_relation:
            if not field.related_model._base_manager.filter(**_by_key(field, text)).exists():
                raise ValidationError(f"No {name} {text!r}")
            return text
        if isinstance(field, ArrayField) != isinstance(text, list):
            raise ValidationError(f"No value of {name}: {text!r}")
        cleaned = field.clean(" ".join(text.split()) if isinstance(text, str) else text, None)
        return cleaned if isinstance(cleaned, list) else str.__str__(str(cleaned))

    def in_words(self, value):
        if NEW_CITY[0] in value:
            return " / ".join(value.values())
        return ", ".join(filter(None, (value_in_words(stored(name, text), name) for name, text in value.items())))

    def present(self, institution, value):
        names = ["city"] if NEW_CITY[0] in value else value
        return ", ".join(filter(None, (value_in_words(institution, name) for name in names)))

    def is_known(self, institution, value):
        return all(_is_same(institution, name, text) for name, text in value.items())


def _field(name: str) -> models.Field:
    return Institution._meta.get_field(name)


def _by_key(field, key):
    return {"code" if field.name == "country" else "key": key}


def stored(name: str, text) -> Institution:
    """Return an unsaved institution with this one field, from its value as JSON."""
    field = _field(name)
    if field.is_relation:
        return Institution(**{name: field.related_model._base_manager.filter(**_by_key(field, text)).first()})
    return Institution(**{name: field.to_python(text)})


def _is_same(institution, name, text) -> bool:
    if name in NEW_CITY:
        city = institution.city
        return bool(city) and text in (city.name_en, city.name_ru)
    field = _field(name)
    if field.is_relation:
        related = getattr(institution, name)
        return related is not None and related.natural_key()[0] == text
    if name.startswith("name_"):
        names = [named.text for named in institution.names_to_search() if named.text]
        return fold_for_search(text) in {fold_for_search(one) for one in names} and bool(getattr(institution, name))
    return getattr(institution, name) == field.to_python(text)


class Identifiers(ProposedFact):
    """Ids of the record in registers."""

    def label(self, value):
        return capfirst(str(INSTITUTION_FACTS.labels["identifiers"]))

    def cleaned(self, value, institution):
        return dict(identifier(str(name), str(text)) for name, text in value.items())

    def in_words(self, value):
        return in_words(value)

    def present(self, institution, value):
        known = institution.identifiers
        return self.in_words({name: known[name] for name in value if name in known})

    def is_known(self, institution, value):
        return all(institution.identifiers.get(name) == text for name, text in value.items())


class ContactFact(ProposedFact):
    def label(self, value):
        return capfirst(str(ContactKind(value["kind"]).label)) if value.get("kind") else capfirst(str(_("contact")))

    def cleaned(self, value, institution):
        kind = value.get("kind", "")
        if kind not in ContactKind.values:
            raise ValidationError(f"No kind of contact {kind!r}")
        country = institution.country_id if institution else value.get("region")
        contact = typed(kind, value.get("value", ""), country)
        departments = {
            name: " ".join(str(value[name]).split())[:200]
            for name in ("department", "department_ru")
            if value.get(name)
        }
        if contact.department and "department" not in departments:
            departments["department"] = contact.department[:200]
        row = InstitutionContact(kind=kind, value=contact.value)
        row.clean_fields(exclude=["institution"])
        row.validate_constraints(exclude=["institution"])
        return {"kind": str(kind), "value": contact.value, **departments}

    def identity(self, value):
        return dict([same_contact(value["kind"], value["value"])])

    def in_words(self, value):
        contact = InstitutionContact(kind=value["kind"], value=value["value"])
        return " · ".join(filter(None, [contact.shown_value, value.get("department", "")]))

    def present(self, institution, value):
        same_kind = [one for one in institution.public_contacts if one.kind == value.get("kind")]
        return ", ".join(one.shown_value for one in same_kind)

    def is_known(self, institution, value):
        # Those that editors hid, too: they are not proposed again.
        known = {same_contact(kind, text) for kind, text in institution.contacts.values_list("kind", "value")}
        return same_contact(value["kind"], value["value"]) in known

    def row(self, institution, number):
        return institution.contacts.filter(pk=number).first()


class NameFact(ProposedFact):
    def label(self, value):
        return capfirst(str(_("other name")))

    def cleaned(self, value, institution):
        row = InstitutionName(**{name: str(value.get(name, "")).strip() for name in ("text", "kind", "language")})
        row.kind = row.kind or "spelling"
        row.clean_fields(exclude=["institution"])
        return {"text": row.text, "kind": row.kind, **({"language": row.language} if row.language else {})}

    def in_words(self, value):
        return value["text"]

    def present(self, institution, value):
        return ", ".join(name.text for name in institution.shown_names)

    def is_known(self, institution, value):
        return value["text"] in {name.text for name in institution.names_to_search()}

    def row(self, institution, number):
        return institution.other_names.filter(pk=number).first()


PERSON_FIELDS = ("name_en", "name_ru", "name_native", "native_language")
POST_FIELDS = ("title_en", "title_ru", "since", "until")


class HeadFact(ProposedFact):
    def label(self, value):
        return capfirst(str(_("person in a post")))

    def cleaned(self, value, institution):
        kept = {name: " ".join(str(value[name]).split()) for name in PERSON_FIELDS + POST_FIELDS if value.get(name)}
        if not any(kept.get(name) for name in PERSON_FIELDS[:3]):
            raise ValidationError("Nobody is named")
        kept.setdefault("title_en", "Head")
        for name in ("since", "until"):
            if kept.get(name):
                kept[name] = str.__str__(Position._meta.get_field(name).clean(kept[name], None))
        return kept

    def identity(self, value):
        return {name: value[name] for name in (*PERSON_FIELDS[:3], "title_en") if name in value}

    def in_words(self, value):
        names = " / ".join(value[name] for name in PERSON_FIELDS[:3] if value.get(name))
        dates = "–".join([value.get("since", ""), value.get("until", "")]).strip("–")
        return ", ".join(filter(None, [names, value["title_en"], dates]))

    def present(self, institution, value):
        posts = Position.objects.public().current().filter(institution=institution).for_list()
        return ", ".join(f"{post.person.name} ({post.title.text})" for post in posts if post.role == "head")

    def is_known(self, institution, value):
        wanted = {frozenset(fold_for_search(value[name]).split()) for name in PERSON_FIELDS[:3] if value.get(name)}
        for post in institution.positions.select_related("person").prefetch_related("person__other_names"):
            names = {frozenset(fold_for_search(name.text).split()) for name in post.person.names_to_search()}
            if wanted & names and (post.until is not None or not value.get("until")):
                return True
        return False

    def row(self, institution, number):
        return institution.positions.filter(pk=number).first()


class StageFact(ProposedFact):
    def label(self, value):
        return capfirst(str(_("sound stage")))

    def cleaned(self, value, institution):
        kept = {name: value[name] for name in ("name_en", "name_ru", "area_m2", "height_m") if value.get(name)}
        row = Stage(**kept)
        row.clean_fields(exclude=["institution"])
        return {name: str(text) for name, text in kept.items()}

    def in_words(self, value):
        sizes = [f"{value['area_m2']} m²" if "area_m2" in value else "", f"{value.get('height_m', '')} m"]
        return ", ".join([value["name_en"], *(size for size in sizes[: 1 + ("height_m" in value)] if size)])

    def present(self, institution, value):
        return ", ".join(map(str, institution.stages.all()))

    def is_known(self, institution, value):
        return value["name_en"] in {stage.name_en for stage in institution.stages.all()}

    def row(self, institution, number):
        return institution.stages.filter(pk=number).first()


class NewInstitution(ProposedFact):
    """A body that is not listed: fields of the record, and its rows."""

    ROWS = ("contacts", "names", "heads")
    FIELDS = ("kind", "name_en", "name_ru", "name_native", "native_language", "founded", "city", "address_local")

    def label(self, value):
        return capfirst(str(_("not listed yet")))

    def cleaned(self, value, institution):
        fields = {
            name: FieldFact._cleaned(name, value[name])
            for name in (*self.FIELDS, "address_latin", "postal_code", "latitude", "longitude", *NEW_CITY)
            if value.get(name) not in (None, "")
        }
        if not fields.get("name_en") or not fields.get("kind"):
            raise ValidationError("A new institution needs an English name and a kind")
        region = {"region": value.get("country")}
        rows = {
            "contacts": [CONTACT.cleaned(contact | region, None) for contact in value.get("contacts", [])],
            "names": [NAME.cleaned(name, None) for name in value.get("names", [])],
            "heads": [HEAD.cleaned(head, None) for head in value.get("heads", [])],
            "identifiers": IDENTIFIERS.cleaned(value.get("identifiers", {}), None),
        }
        return fields | {name: row for name, row in rows.items() if row}

    def in_words(self, value):
        record = stored("kind", value["kind"])
        names = " / ".join(dict.fromkeys(value[name] for name in PERSON_FIELDS[:3] if value.get(name)))
        rows = [CONTACT.in_words(contact) for contact in value.get("contacts", [])]
        rows += [HEAD.in_words(head) for head in value.get("heads", [])]
        city = value.get(NEW_CITY[0]) or (str(stored("city", value["city"]).city or "") if "city" in value else "")
        parts = [names, record.get_kind_display(), city, value.get("founded", ""), *rows]
        return ", ".join(filter(None, parts))

    def is_known(self, institution, value):
        return False


CONTACT, NAME, HEAD, STAGE, IDENTIFIERS, NEW = (
    ContactFact(),
    NameFact(),
    HeadFact(),
    StageFact(),
    Identifiers(),
    NewInstitution(),
)
PROPOSED_FACTS: dict[str, ProposedFact] = {
    **{fact.name: FieldFact(fact.name) for fact in INSTITUTION_FACTS if fact.is_sourced and fact.fields},
    "identifiers": IDENTIFIERS,
    "contact": CONTACT,
    "name": NAME,
    "head": HEAD,
    "stage": STAGE,
    "new": NEW,
}


def proposed_fact(name: str) -> ProposedFact:
    return PROPOSED_FACTS[name]
