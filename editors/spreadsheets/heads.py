"""Heads in a row of a spreadsheet: matching people, withheld names, and posts."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from languages.folding import fold_for_search
from languages.of_countries import NATIVE_LANGUAGES
from languages.romanisation import to_latin
from people.models import Person, PersonName, Role
from people.posts import is_former, is_general, is_same_post, role_of, russian_title, seat_of, title_language

from .words import first_head_field

HEAD_SEAT = "director"
TITLES = ("title_en", "title_ru", "title_native")


def name_words(name: str) -> frozenset[str]:
    """Return a key of a person's name without order, script and spelling: "Иванов Иван" equals "Ivan Ivanov"."""
    return frozenset(fold_for_search(name).split())


class KnownPeople:
    """People by name, for many rows at once."""

    def __init__(self, names: Iterable[str]):
        names = set(names)
        same = Q(name_en__in=names) | Q(name_ru__in=names) | Q(name_native__in=names)
        others = PersonName.objects.filter(text__in=names).values("person")
        self.people = defaultdict(list)
        for person in Person.objects.without_search_columns().filter(same | Q(pk__in=others), withheld=False):
            self.people[person.country_id].append(person)

    def named(self, names: Iterable[str], country: str | None) -> list[Person]:
        wanted = {name_words(name) for name in names}
        near = [*self.people[country], *(self.people[None] if country else ())]
        return [person for person in near if wanted & _names_of(person)]


def _names_of(person: Person) -> set[frozenset[str]]:
    texts = [person.name_en, person.name_ru, person.name_native]
    if "other_names" in getattr(person, "_prefetched_objects_cache", {}):
        texts += [name.text for name in person.other_names.all()]
    return {name_words(text) for text in texts if text}


def titles(words: str, english: str, country: str | None) -> dict[str, str]:
    """Return the post in English, in Russian, and in the language of the text if that is another one."""
    values = {"title_en": english[:1].upper() + english[1:], "title_ru": russian_title(english)}
    if not words or words.casefold() == english.casefold():
        return values
    language = title_language(words, native_languages=NATIVE_LANGUAGES.get(country, ()), source_language="")
    if language == "ru":
        return values | {"title_ru": words}
    return values | ({"title_native": words, "native_language": language} if language else {})


def _in_words(titles: dict[str, str]) -> str:
    return " / ".join(titles[name] for name in TITLES if titles.get(name))


def plans_of_heads(reading, record, people: KnownPeople, codes, institution_name: str):
    """Return what to write about each head, the changes as text, and an error as a field and a message."""
    plans, changes = [], []
    for head in reading.heads:
        plan, its_changes, error = _HeadPlan(reading, record, people, codes, head, institution_name).result()
        if error:
            return [], [], error
        plans += [plan] if plan else []
        changes += its_changes
    return plans, changes, None


class _HeadPlan:
    """One head of a row, compared with the people and posts of the directory."""

    def __init__(self, reading, record, people, codes, head, institution_name):
        self.reading, self.record, self.people, self.codes = reading, record, people, codes
        self.head, self.institution_name = head, institution_name
        self.country = reading.record_country(record)

    def result(self) -> tuple[dict, list, tuple[str, str] | None]:
        field, names = first_head_field(self.reading.texts), self.head.names
        here = self._posts_here()
        person = here[0].person if here else None
        if person is None:
            known = self.people.named(names.values(), self.country)
            if len(known) > 1:
                return {}, [], (field, _("Several people have this name. Enter the head by hand."))
            person = known[0] if known else None
        if person and person.withheld:
            return {}, [], (field, refusal_of_withheld())
        if person is None and names.get("name_native") and not self._native_language():
            return {}, [], (field, _("Add a column with the language of the native name, such as kk or az."))
        person_values, changes = self._person_values(person)
        if person and person_values and self.codes is not None and person.country_id not in self.codes:
            return {}, [], (field, _("This person belongs to a country that you do not work on."))
        position, position_values, post_changes = self._position_values(here if person else [])
        if not person_values and not position_values:
            return {}, [], None
        if person and not any(change[0].startswith("head_name") for change in changes):
            # The person whose post changes.
            changes.insert(0, ["head_name_en", person.name_en if position else "", person.name_en])
        plan = {
            "person": person.pk if person else None,
            "person_values": person_values,
            "position": position.pk if position else None,
            "position_values": position_values,
            "before": {name: getattr(position, name) for name in position_values} if position else {},
        }
        return plan, changes + post_changes, None

    def _posts_here(self):
        wanted = {name_words(name) for name in self.head.texts}
        positions = self.record.positions.all() if self.record else []
        return [position for position in positions if wanted & _names_of(position.person)]

    def _native_language(self) -> str:
        return self.reading.native_language_of(self.head.names["name_native"], self.record) or ""

    def _person_values(self, person):
        names = self.head.names
        if person is None:
            values = dict(names)
            if values.get("name_native"):
                values["native_language"] = self._native_language()
            if not values.get("name_en"):
                # As in passports; people rarely have another English name.
                language = "ru" if values.get("name_ru") else values["native_language"]
                values["name_en"] = to_latin(values.get("name_ru") or values["name_native"], language)
                message = _("The English name “%(name)s” was romanised automatically.") % {"name": values["name_en"]}
                self.reading.notes.append(["head_name_en", message])
            return values, [[f"head_{name}", "", text] for name, text in values.items() if name != "native_language"]
        values, changes = {}, []
        for name, text in names.items():
            if name == "name_native" and not person.native_language:
                continue
            if not getattr(person, name):
                values[name] = text
                changes.append([f"head_{name}", "", text])
        return values, changes

    def _position_values(self, here):
        head, since = self.head, self.reading.values.get("head_since")
        wanted = titles(head.words, head.english, self.country)
        seat = HEAD_SEAT if is_general(head.english) else seat_of(head.english, self.institution_name)
        position = next((one for one in here if _is_post_of_row(one, head.post, wanted, seat, since)), None)
        if position is None:
            role = role_of(head.english, self.institution_name)
            changes = [["head_title", "", _in_words(wanted)], *([["head_since", "", since]] if since else [])]
            return None, {**wanted, "role": role, "seat": seat, "since": since}, changes
        values, changes = {}, []
        if since and position.since != since:
            values["since"] = since
            changes.append(["head_since", position.since or "", since])
        stored = {name: getattr(position, name) for name in TITLES}
        if head.post and head.post.casefold() not in {text.casefold() for text in stored.values()}:
            # One post may have several English titles; the present one stays.
            is_same = is_same_post(position.title_en, wanted["title_en"])
            new = {name: text for name, text in wanted.items() if text and not (is_same and name == "title_en")}
            new = {name: text for name, text in new.items() if text != getattr(position, name)}
            if new and not (is_same and head.words.casefold() == head.english.casefold()):
                values |= new
                changes.append(["head_title", _in_words(stored), _in_words(stored | new)])
        return position, values, changes


def refusal_of_withheld():
    return _("This person asked not to be listed and can't be imported.")


def _is_post_of_row(position, title, wanted, seat, since) -> bool:
    if is_former(position.title_en) or (position.until and since and since > position.until):
        return False
    if not title:
        return position.role == Role.HEAD or position.seat == seat
    in_words = (position.title_en, position.title_ru, position.title_native)
    is_named = title.casefold() in {text.casefold() for text in in_words}
    return is_named or is_same_post(position.title_en, wanted["title_en"]) or bool(seat and position.seat == seat)
