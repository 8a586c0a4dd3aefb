"""The head in a row of a spreadsheet: who it is, whether they may be listed, and which post it is."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from cisfilm.romanisation import fold_for_search, script_of, to_latin
from people.models import Person, PersonName, Role
from people.posts import is_former, is_general, russian_title, russian_titles, same_post, seat_of

from .fields import HEAD_NAME_FIELDS

HEAD_TITLE = "Head"
HEAD_SEAT = "director"


def name_words(name: str) -> frozenset[str]:
    """A name of a person without order, script and spelling: "Иванов Иван" and "Ivan Ivanov" are the same."""
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


def titles(text: str) -> dict[str, str]:
    """The post in English and Russian: what the cell says, and its counterpart in the vocabulary."""
    if not text:
        return {"title_en": HEAD_TITLE, "title_ru": russian_title(HEAD_TITLE)}
    if script_of(text) == "Latn":
        return {"title_en": text, "title_ru": russian_title(text)}
    english = next((en for en, ru in russian_titles().items() if ru.casefold() == text.casefold()), HEAD_TITLE)
    return {"title_en": english[:1].upper() + english[1:], "title_ru": text}


def head_plan(reading, record, people: KnownPeople, codes) -> tuple[dict, list, tuple[str, str] | None]:
    """What to write about the head, the changes in words, and an error as a field and a message."""
    names = {name.removeprefix("head_"): reading.texts[name] for name in HEAD_NAME_FIELDS if reading.texts.get(name)}
    # A column "Director" holds names in whatever script.
    names = _in_their_columns(names)
    if not names:
        return {}, [], None
    positions = list(record.positions.all()) if record else []
    wanted = {name_words(name) for name in names.values()}
    here = [position for position in positions if wanted & _names_of(position.person)]
    person = here[0].person if here else None
    if person is None:
        country = reading.record_country(record)
        known = people.named(names.values(), country)
        if len(known) > 1:
            return {}, [], (_first_field(reading), _("Several people have this name. Enter the head by hand."))
        person = known[0] if known else None
    if person and person.withheld:
        return {}, [], (_first_field(reading), refusal_of_withheld())
    person_values, changes = _person_values(names, person, reading, record)
    if person and person_values and codes is not None and person.country_id not in codes:
        return {}, [], (_first_field(reading), _("This person belongs to a country that you do not work on."))
    position, position_values, post_changes = _position_values(reading, record, here if person else [])
    changes += post_changes
    if not person_values and not position_values:
        return {}, [], None
    if position is None and person and not any(change[0].startswith("head_name") for change in changes):
        changes.insert(0, [_first_field(reading), "", person.name_en])
    plan = {
        "person": person.pk if person else None,
        "person_values": person_values,
        "position": position.pk if position else None,
        "position_values": position_values,
        "before": {name: getattr(position, name) for name in position_values} if position else {},
    }
    return plan, changes, None


def refusal_of_withheld():
    return _("This person asked not to be listed and can't be imported.")


def _first_field(reading) -> str:
    return next(name for name in HEAD_NAME_FIELDS if reading.texts.get(name))


def _in_their_columns(names: dict[str, str]) -> dict[str, str]:
    """A single name goes where its script belongs."""
    if set(names) == {"name_en"} and script_of(names["name_en"]) == "Cyrl":
        return {"name_ru": names["name_en"]}
    if set(names) == {"name_ru"} and script_of(names["name_ru"]) == "Latn":
        return {"name_en": names["name_ru"]}
    return names


def _person_values(names, person, reading, record):
    if person is None:
        values = dict(names)
        if not values.get("name_en"):
            # As in passports; a person's English name is hardly ever anything else.
            values["name_en"] = to_latin(next(iter(names.values())))
        if values.get("name_native"):
            values["native_language"] = reading.native_language_of(values["name_native"], record) or ""
            if not values["native_language"]:
                values.pop("name_native"), values.pop("native_language")
        return values, [[f"head_{name}", "", text] for name, text in values.items() if name != "native_language"]
    values, changes = {}, []
    for name, text in names.items():
        stored = getattr(person, name)
        if name == "name_native" and not person.native_language:
            continue
        if not stored:
            values[name] = text
            changes.append([f"head_{name}", "", text])
    return values, changes


def _position_values(reading, record, here):
    title, since = reading.texts.get("head_title", ""), reading.values.get("head_since")
    institution_name = record.name_en if record else reading.values.get("name_en", "")
    wanted = titles(title)
    seat = HEAD_SEAT if is_general(wanted["title_en"]) else seat_of(wanted["title_en"], institution_name)
    position = next((one for one in here if _is_same_post(one, title, wanted, seat, since)), None)
    if position is None:
        values = {**wanted, "role": Role.HEAD.value, "seat": seat, "since": since}
        changes = [["head_title", "", title]] if title else []
        changes += [["head_since", "", since]] if since else []
        return None, values, changes
    values, changes = {}, []
    if since and position.since != since:
        values["since"] = since
        changes.append(["head_since", position.since or "", since])
    if title and title not in (position.title_en, position.title_ru, position.title_native):
        is_english = script_of(title) == "Latn"
        column = "title_en" if is_english else "title_ru"
        if not (is_english and same_post(title) == same_post(position.title_en)):
            changes.append(["head_title", getattr(position, column), title])
            values |= {"title_en": title, "title_ru": russian_title(title)} if is_english else {"title_ru": title}
    return position, values, changes


def _is_same_post(position, title, wanted, seat, since) -> bool:
    if is_former(position.title_en) or (position.until and since and since > position.until):
        return False
    if not title:
        return position.role == Role.HEAD or position.seat == seat
    in_words = (position.title_en, position.title_ru, position.title_native)
    is_named = title.casefold() in {text.casefold() for text in in_words}
    return (
        is_named
        or same_post(position.title_en) == same_post(wanted["title_en"])
        or bool(seat and position.seat == seat)
    )
