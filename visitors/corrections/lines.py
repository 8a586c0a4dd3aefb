"""Lines of each sort: the record's own fields, contacts, other names, posts, sound stages."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from harvest.facts import PERSON_FIELDS, PROPOSED_FACTS, proposed_fact
from institutions.facts import INSTITUTION_FACTS
from institutions.models import City, Institution, InstitutionContact, InstitutionName, Stage
from languages.folding import fold_for_search
from languages.of_countries import NATIVE_LANGUAGES
from languages.partial_dates import FORMAT_HINT
from languages.romanisation import to_latin
from people.models import Person, Position
from people.posts import english_title
from records.contact_types import PAGE_KINDS, TELEPHONE_KINDS, ContactKind

from .boxes import Boxes, Choices, FieldWords, LongWords, RowLine, Words, box_of
from .facts import fact_of_field
from .subjects import Subject

INPUT_MODES = {ContactKind.EMAIL: "email", **dict.fromkeys(TELEPHONE_KINDS, "tel"), **dict.fromkeys(PAGE_KINDS, "url")}


def field(model, name):
    return model._meta.get_field(name)


class RecordLine(Boxes):
    """The fields of the record itself; each is a fact of its own."""

    name_en = Words(field(Institution, "name_en"))
    name_ru = Words(field(Institution, "name_ru"))
    name_native = Words(field(Institution, "name_native"))
    founded = FieldWords(field(Institution, "founded"), help_text=FORMAT_HINT)
    address_local = Words(field(Institution, "address_local"))
    address_latin = Words(field(Institution, "address_latin"))
    postal_code = Words(field(Institution, "postal_code"))
    city = Words(label=capfirst(field(Institution, "city").verbose_name), max_length=200)
    services = Choices(field(Institution, "services"))
    description_en = LongWords(field(Institution, "description_en"))
    description_ru = LongWords(field(Institution, "description_ru"))

    def __init__(self, data, institution, *, prefix="record"):
        super().__init__(data, institution, prefix)
        self.fields |= {name: box_of(field(Institution, name)) for name in self._further_facts()}
        if not self.native_language:
            del self.fields["name_native"]
        if not institution.country_id:
            del self.fields["city"]

    def _further_facts(self) -> list[str]:
        """Return the fields of plain facts that have no box above, of those that can be proposed."""
        facts = INSTITUTION_FACTS.fact_of_field
        plain = INSTITUTION_FACTS.plain_fields_of(self.institution.kind)
        names = [name for name in plain if name not in self.base_fields]
        return [name for name in names if facts[name] in PROPOSED_FACTS]

    @property
    def text_boxes(self) -> list[forms.BoundField]:
        return [box for box in self.boxes if box.name not in ("services", "description_en", "description_ru")]

    @property
    def descriptions(self) -> list[forms.BoundField]:
        return [self["description_en"], self["description_ru"]]

    @property
    def services_box(self) -> forms.BoundField:
        return self["services"]

    @property
    def native_language(self) -> str:
        own = NATIVE_LANGUAGES.get(self.institution.country_id, ("",))
        return self.institution.native_language or (own[0] if len(own) <= 2 else "")

    def listed(self):
        city = self.institution.city
        names = [*self.base_fields, *self._further_facts()]
        texts = {name: getattr(self.institution, name) or "" for name in names}
        # The same in every language, so that it stays as it is when the language of the page is changed.
        return texts | {"city": city.name_en if city else "", "services": list(self.institution.services)}

    def show_value(self, value):
        if city := value.get("city"):
            value = {"city": City.objects.get(key=city).name_en}
        elif new_city := value.get("city_en"):
            value = {"city": value.get("city_ru") or new_city}
        super().show_value(value)

    def read(self, cleaned):
        for name in self.changes:
            if cleaned[name]:
                self._say_field(name, cleaned[name])
            else:
                self.tell(fact_of_field(self.institution, name))

    def _say_field(self, name, typed):
        value = {name: typed}
        if name == "city":
            value = self._city(typed)
        elif name == "name_native":
            value["native_language"] = self.native_language
        fact = INSTITUTION_FACTS.fact_of_field[name]
        self.say(fact, value, name)
        said = self.said[-1] if name not in self.errors else None
        if said and proposed_fact(fact).is_known(self.institution, said.value):
            # Another spelling, which proposals take for the same; or just what is listed.
            self.said.remove(said)
            if name != "city":
                self.tell(fact_of_field(self.institution, name), proposed=typed)

    def _city(self, typed) -> dict:
        listed = City.objects.filter(country=self.institution.country_id)
        wanted = fold_for_search(typed)
        for city in listed:
            if wanted in {fold_for_search(name.text) for name in city.names_to_search() if name.text}:
                return {"city": city.key}
        return {"city_en": typed} if typed.isascii() else {"city_en": to_latin(typed), "city_ru": typed}


class ContactLine(RowLine):
    fact, corrected, needed = "contact", "value", ("value",)

    value = Words(field(InstitutionContact, "value"))
    department = Words(field(InstitutionContact, "department"))
    department_ru = Words(field(InstitutionContact, "department_ru"))
    right = forms.BooleanField(label=_("still right"), required=False)
    gone = forms.BooleanField(label=_("no longer ours"), required=False)

    def __init__(self, data, institution, row=None, *, prefix, kind=None):
        self.kind = row.kind if row else kind
        super().__init__(data, institution, row, prefix=prefix)
        self.fields["value"].label = capfirst(ContactKind(self.kind).label)
        self.fields["value"].widget.attrs["inputmode"] = INPUT_MODES.get(self.kind, "text")
        if self.kind in PAGE_KINDS and not (row and (row.department or row.department_ru)):
            del self.fields["department"], self.fields["department_ru"]

    @property
    def new_label(self):
        return _("One more: %(kind)s") % {"kind": self.fields["value"].label}

    def texts_of(self, row):
        return super().texts_of(row) | {"value": row.value if row.is_page else row.shown_value}

    def show_value(self, value):
        if value:
            row = InstitutionContact(**{"department": "", "department_ru": ""} | value)
            value = self.texts_of(row)
        super().show_value(value)

    def value_of(self, texts):
        return {"kind": str(self.kind), **super().value_of(texts)}


class NameLine(RowLine):
    fact, corrected, needed = "name", "text", ("text",)

    text = Words(field(InstitutionName, "text"))
    gone = forms.BooleanField(label=_("not our name"), required=False)

    def value_of(self, texts):
        return {"text": texts["text"], "kind": str(self.row.kind), "language": self.row.language}


class PostLine(RowLine):
    fact, corrected, needed = "head", "title", ("name_en", "name_ru")

    name_en = Words(field(Person, "name_en"), label=_("Name in Latin letters"))
    name_ru = Words(field(Person, "name_ru"), label=_("Name in Russian"))
    title_en = Words(field(Position, "title_en"))
    title_ru = Words(field(Position, "title_ru"))
    since = FieldWords(field(Position, "since"), help_text=FORMAT_HINT)
    until = FieldWords(field(Position, "until"), label=_("Left in"), help_text=FORMAT_HINT)
    gone = forms.BooleanField(label=_("no longer in this post"), required=False)

    boxes_of_gone = frozenset({"until"})
    new_label = _("Person to add")

    def __init__(self, data, institution, row=None, *, prefix):
        super().__init__(data, institution, row, prefix=prefix)
        if row is None:
            del self.fields["until"]

    def texts_of(self, row):
        names = {name: getattr(row.person, name) for name in ("name_en", "name_ru")}
        dates = {name: getattr(row, name) or "" for name in ("since", "until")}
        return names | dates | {"title_en": row.title_en, "title_ru": row.title_ru}

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and not until.startswith(since) and until < since:
            self.add_error("until", _("This is before the post began."))
        if self.row is None and self.changes and not cleaned.get("name_en") and not cleaned.get("name_ru"):
            self.add_error("name_en", _("Give the name of the person."))
        return cleaned

    def read(self, cleaned):
        if self.row is None:
            if cleaned["name_en"] or cleaned["name_ru"]:
                super().read(cleaned)
        elif self.is_gone and cleaned["until"]:
            self.say(self.fact, self._present() | {"until": cleaned["until"]}, "until", self.row.pk)
        elif self.is_gone:
            super().read(cleaned)
        elif {"name_en", "name_ru"} & set(self.changes):
            self._read_name(cleaned)
        else:
            super().read(cleaned)

    def _read_name(self, cleaned):
        """A name with a word in common is another spelling of it; any other one is the name of somebody else."""
        new = set(fold_for_search(f"{cleaned['name_en']} {cleaned['name_ru']}").split())
        old = set(fold_for_search(f"{self.row.person.name_en} {self.row.person.name_ru}").split())
        changed = [name for name in ("name_en", "name_ru") if name in self.changes and cleaned[name]]
        if all(set(fold_for_search(cleaned[name]).split()) & old for name in changed):
            person = self.row.person
            for name in changed:
                self.told.append(Subject(person, fact_of_field(person, name)).correction(proposed=cleaned[name]))
            if set(self.changes) - {"name_en", "name_ru"}:
                self.say_row(self.value_of(cleaned | self._names()))
        elif new:
            self.say(self.fact, {}, "name_en", self.row.pk)
            names = {name: cleaned[name] for name in changed}
            texts = {name: cleaned[name] for name in ("title_en", "title_ru", "since") if cleaned[name]}
            if "since" not in self.changes:
                # Of the person who held the post until now.
                texts.pop("since", None)
            self.say(self.fact, names | texts, "name_en")

    def value_of(self, texts):
        value = super().value_of(texts)
        if self.row is not None:
            # A post has a title: an emptied box is told as a correction.
            return {"title_en": self.row.title_en} | value | self._names()
        return {"title_en": english_title(value["title_ru"])} | value if "title_ru" in value else value

    def _names(self):
        person = self.row.person
        return {name: getattr(person, name) for name in PERSON_FIELDS[:3] if getattr(person, name)}

    def _present(self):
        return self.value_of(self.listed())


class StageLine(RowLine):
    fact, corrected, needed = "stage", "name", ("name_en", "name_ru")

    name_en = Words(field(Stage, "name_en"))
    name_ru = Words(field(Stage, "name_ru"))
    area_m2 = FieldWords(field(Stage, "area_m2"), attrs={"inputmode": "numeric"})
    height_m = FieldWords(field(Stage, "height_m"), attrs={"inputmode": "decimal"})
    gone = forms.BooleanField(label=_("no longer there"), required=False)

    new_label = _("Stage to add")

    def texts_of(self, row):
        return {name: "" if text is None else str(text) for name, text in super().texts_of(row).items()}

    def clean(self):
        cleaned = super().clean()
        for name in ("area_m2", "height_m"):
            if cleaned.get(name) and float(cleaned[name]) <= 0:
                self.add_error(name, _("It must be more than zero."))
        if self.row is None and self.changes and not cleaned.get("name_en") and not cleaned.get("name_ru"):
            self.add_error("name_en", _("Give the name."))
        return cleaned

    def read(self, cleaned):
        if self.row is not None or cleaned["name_en"] or cleaned["name_ru"]:
            super().read(cleaned)

    def value_of(self, texts):
        value = super().value_of(texts)
        # A stage has a name in every language: the one it has stands for the other.
        return {"name_en": self.row.name_en if self.row else texts["name_ru"]} | value
