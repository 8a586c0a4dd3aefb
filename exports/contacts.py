"""Facts that the contacts of a row tell: those of the post first, then those of the institution, each once."""

from functools import lru_cache

from django.db.models import F, Func, Q, StringAgg, TextField, Value
from django.db.models.functions import NullIf
from django.db.models.lookups import GreaterThan

from database.ordering import rank
from records.contact_types import ELSEWHERE_KINDS, ContactKind

from .facts import CONTACTS_OF_INSTITUTION, CONTACTS_OF_POST, OTHERS_OF_INSTITUTION, Fact, first_known
from .formats.contact_row import ContactMethod
from .texts import BETWEEN_VALUES
from .wording import shown_contact, shown_telephone

BETWEEN_PARTS = "\x1d"
# As on a business card; see `ContactPoint.objects.in_reading_order()`.
READING_ORDER = (rank("kind", ContactKind.values), "order", "pk")
# The same of one kind; PostgreSQL sorts only once for several aggregates in the order of columns.
ORDER_IN_KIND = ("order", "pk")
OF_ROWS = (CONTACTS_OF_INSTITUTION, CONTACTS_OF_POST, OTHERS_OF_INSTITUTION)
EMPTY = Value("")


def _entries(entry, condition=None, order=READING_ORDER, subjects=OF_ROWS) -> Fact:
    """Return a fact with an entry of each contact that fits, in reading order, with `BETWEEN_VALUES` between them.

    The entry is an expression; or a function from `Wording` makes entry and condition.
    """

    def aggregate(words):
        told, of_which = entry(words) if callable(entry) else (entry, condition)
        return StringAgg(told, Value(BETWEEN_VALUES), filter=of_which, order_by=order)

    return Fact(dict.fromkeys(subjects, aggregate))


def _values(kind: str) -> Fact:
    return _entries(F("value"), Q(kind=kind), ORDER_IN_KIND)


def _parts(*expressions) -> Func:
    """Return the texts with `BETWEEN_PARTS` between them; NULL is an empty one."""
    between = Value(BETWEEN_PARTS)
    parts = [part for expression in expressions for part in (between, expression)][1:]
    return Func(*parts, function="concat", output_field=TextField())


def _department(words):
    names = ["department_ru", "department"] if words.language_of_words == "ru" else ["department"]
    return first_known(*map(F, names))


def _languages(between: str) -> Func:
    return Func(F("languages"), Value(between), function="array_to_string", output_field=TextField())


def _detail(words):
    told = [NullIf(_department(words), EMPTY), NullIf(_languages(", "), EMPTY)]
    whose = Func(Value(", "), *told, function="concat_ws", output_field=TextField())
    return _parts(whose, F("kind"), F("value")), GreaterThan(whose, EMPTY)


def _whole(words):
    told = [F("kind"), F("value"), _department(words), _languages(" "), F("checked_on"), F("check_method")]
    return _parts(*told, F("source__url")), None


PHONES, FAX, EMAILS, WEBSITES, ADDRESSES = map(_values, ["phone", "fax", "email", "website", "address"])
ELSEWHERE = _entries(F("value"), Q(kind__in=ELSEWHERE_KINDS))
DETAILS = _entries(_detail)
CHECKS = _entries(_parts(F("checked_on"), F("check_method"), F("source__url")), Q(checked_on__isnull=False))
OF_POST = _entries(_whole, subjects=[CONTACTS_OF_POST])
OF_INSTITUTION = _entries(_whole, subjects=[CONTACTS_OF_INSTITUTION])


def _entries_of(cell: str) -> list[str]:
    return cell.split(BETWEEN_VALUES) if cell else []


# Several columns ask for the check of one row, and all rows that are read at a time are asked for each of them.
@lru_cache(maxsize=10_000)
def last_check(checks: str) -> tuple[str, str, str]:
    """Return date, method and source of the last check, of several on one day of the first; of `CHECKS`."""
    if not checks:
        return ("", "", "")
    if BETWEEN_VALUES not in checks:
        return tuple(checks.split(BETWEEN_PARTS))
    found = [tuple(check.split(BETWEEN_PARTS)) for check in checks.split(BETWEEN_VALUES)]
    return max(found, key=lambda check: check[0])


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

    return lambda cell: BETWEEN_VALUES.join(map(shown, _entries_of(cell)))


def contact_methods(words):
    """Make `ContactMethod`s of `OF_POST` or `OF_INSTITUTION`."""

    def read(entry: str) -> ContactMethod:
        kind, value, department, languages, checked_on, method, source = entry.split(BETWEEN_PARTS)
        shown = shown_contact(kind, value)
        spoken = tuple(languages.split(" ")) if languages else ()
        return ContactMethod(kind, value, shown, department, spoken, checked_on, words.check_methods[method], source)

    return lambda cell: tuple(map(read, _entries_of(cell)))
