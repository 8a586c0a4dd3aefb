"""Facts that the contacts of a row tell: those of the post first, then those of the institution, each once."""

from functools import lru_cache, reduce
from operator import or_

from django.db.models import Case, F, Func, Q, TextField, Value, When
from django.db.models.functions import Concat, NullIf

from records.contact_types import ELSEWHERE_KINDS

from .facts import CONTACTS_OF_INSTITUTION, CONTACTS_OF_POST, OTHERS_OF_INSTITUTION, Fact, first_known
from .formats.contact_row import ContactMethod
from .texts import BETWEEN_VALUES
from .wording import shown_contact, shown_telephone

BETWEEN_PARTS = "\x1d"
OF_ROWS = (CONTACTS_OF_INSTITUTION, CONTACTS_OF_POST, OTHERS_OF_INSTITUTION)
EMPTY = Value("")


def _entries(entry, condition=None, subjects=OF_ROWS) -> Fact:
    """Return a fact with an entry of each contact that fits.

    The entry is an expression; or a function from `Wording` makes entry and condition.
    """

    def expression(words):
        told, of_which = entry(words) if callable(entry) else (entry, condition)
        return Case(When(of_which, then=told), output_field=TextField()) if of_which else told

    return Fact(dict.fromkeys(subjects, expression))


def _values(*kinds: str) -> Fact:
    return _entries(F("value"), Q(kind__in=kinds))


def _parts(*expressions) -> Concat:
    """Return the texts with `BETWEEN_PARTS` between them; NULL is an empty one."""
    between = Value(BETWEEN_PARTS)
    parts = [part for expression in expressions for part in (between, expression)][1:]
    return Concat(*parts, output_field=TextField())


def _departments(words) -> list[str]:
    return ["department_ru", "department"] if words.language_of_words == "ru" else ["department"]


def _languages(between: str) -> Func:
    return Func(F("languages"), Value(between), function="array_to_string", output_field=TextField())


def _detail(words):
    departments = _departments(words)
    told = [NullIf(first_known(*map(F, departments)), EMPTY), NullIf(_languages(", "), EMPTY)]
    whose = Func(Value(", "), *told, function="concat_ws", output_field=TextField())
    is_told = reduce(or_, [Q(**{f"{name}__gt": ""}) for name in departments], Q(languages__len__gt=0))
    return _parts(whose, F("kind"), F("value")), is_told


def _whole(words):
    told = [F("kind"), F("value"), first_known(*map(F, _departments(words))), _languages(" ")]
    return _parts(*told, F("checked_on"), F("check_method"), F("source__url"), F("seen_on")), None


PHONES, FAX, EMAILS, WEBSITES, ADDRESSES = map(_values, ["phone", "fax", "email", "website", "address"])
ELSEWHERE = _values(*ELSEWHERE_KINDS)
DETAILS = _entries(_detail)
CHECKS = _entries(_parts(F("checked_on"), F("check_method"), F("source__url")), Q(checked_on__isnull=False))
SIGHTINGS = _entries(F("seen_on"))
OF_POST = _entries(_whole, subjects=[CONTACTS_OF_POST])
OF_INSTITUTION = _entries(_whole, subjects=[CONTACTS_OF_INSTITUTION])


# Several columns ask for the check of one row, and all rows that are read at a time are asked for each of them.
@lru_cache(maxsize=10_000)
def last_check(checks: str) -> tuple[str, str, str]:
    """Return date, method and source of the last check, of several on one day of the first; of `CHECKS`."""
    if BETWEEN_VALUES in checks:
        checks = max(checks.split(BETWEEN_VALUES), key=_date_of)
    return tuple(checks.split(BETWEEN_PARTS)) if checks else ("", "", "")


def _date_of(check: str) -> str:
    return check.partition(BETWEEN_PARTS)[0]


def last_sighting(sightings: str) -> str:
    """Return the date on which an official site showed one of the contacts last; of `SIGHTINGS`."""
    return max(sightings.split(BETWEEN_VALUES)) if BETWEEN_VALUES in sightings else sightings


def check_method(words):
    return lambda checks: words.check_methods[last_check(checks)[1]]


def telephones(words):
    def read(numbers: str) -> str:
        if BETWEEN_VALUES not in numbers:
            return shown_telephone(numbers) if numbers else ""
        return BETWEEN_VALUES.join(map(shown_telephone, numbers.split(BETWEEN_VALUES)))

    return read


def details(words):
    """Which department a number or address belongs to, and the languages they speak there."""

    def shown(detail: str) -> str:
        whose, kind, value = detail.split(BETWEEN_PARTS)
        return f"{whose}: {shown_contact(kind, value)}"

    return lambda cell: BETWEEN_VALUES.join(map(shown, cell.split(BETWEEN_VALUES))) if cell else ""


def contact_methods(words):
    """Make `ContactMethod`s of `OF_POST` or `OF_INSTITUTION`."""

    def read(entry: str) -> ContactMethod:
        kind, value, department, languages, checked_on, method, *others = entry.split(BETWEEN_PARTS)
        shown = shown_contact(kind, value)
        spoken = tuple(languages.split(" ")) if languages else ()
        return ContactMethod(kind, value, shown, department, spoken, checked_on, words.check_methods[method], *others)

    return lambda cell: tuple(map(read, cell.split(BETWEEN_VALUES))) if cell else ()
