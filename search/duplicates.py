"""Records that may be the same under two names, in any script.

Unlike the search for visitors this includes hidden records, so only editors may see the results.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.db import connection
from django.db.models import prefetch_related_objects
from rapidfuzz.fuzz import token_sort_ratio

from languages.folding import fold_for_search

from .context_words import kind_words, meaning_words, same_meaning
from .models import NamedText, RecordNames, Searchable
from .record_words import foldings, words_of_texts
from .spelling import likeness, skeleton

# Legal forms and joining words, without which a name is the same.
LEGAL_FORMS = (
    "ооо оао зао пао ао гуп фгуп фгбу гау гбу руп тоо чп ип llc ltd limited inc jsc ojsc cjsc gmbh co "
    "общество ограниченной ответственностью акционерное закрытое открытое унитарное предприятие учреждение бюджетное "
    "автономное казённое некоммерческое товарищество жшс мчж mmc qsc mchj srl gmbh sa "
    "liability corporation enterprise unitary the of and for in и de la named after имени им "
    "атындағы атындагы adına nomidagi номидаги ба номи anvan անվան"
)
# Further words that occur in half of all names of bodies.
FORMS_OF_BODIES = (
    "company group республиканское организация region области область city города "
    "компания группа объединение association republic республика республики respublikası республикасы"
)
# The person honoured: after the name ("Kazakhfilm named after Shaken Aimanov"), before it in Turkic languages.
IN_HONOUR = re.compile(r"\b(?:imeni|im|named after)\b.*|.*\b(?:atindagi|nomidagi|adina)\b")
SAYS_IN_HONOUR = re.compile(r"\b(?:imeni|im|named after|atindagi|nomidagi|adina)\b")
WRITTEN_INITIAL = re.compile(r"\b([^\W\d_])\.")
# A single word with fewer consonants is part of too many names to be a key.
SHORTEST_TELLING_SKELETON = 4
# Least length of a word that is then compared letter by letter.
SHORTEST_TELLING_WORD = 3
# Least likeness in percent: of the whole names, and where one name contains the other.
ALIKE, ALIKE_AS_PART = 84, 70
# The share of the shorter name that the longer one must contain, and how many times as long that may be.
MATCHED_PART, LONGEST_PART = 0.8, 3
CANDIDATES = 200


@dataclass(frozen=True)
class Alike:
    """Record with a similar name: the name, and the likeness in percent."""

    record: Any
    name: str
    score: float


@cache
def common_words() -> frozenset[str]:
    """Return folded words that describe a body but don't identify it."""
    return kind_words() | meaning_words() | form_words()


@cache
def form_words() -> frozenset[str]:
    return legal_words() | frozenset(fold_for_search(FORMS_OF_BODIES).split())


@cache
def legal_words() -> frozenset[str]:
    """Return folded words without which a name is the same name."""
    return frozenset(fold_for_search(LEGAL_FORMS).split())


@cache
def _meaning(word: str) -> str:
    """Return one word for all that mean the same in the languages of the region."""
    return min({word} | same_meaning(word))


def telling_words(folded: str, places: frozenset[str] = frozenset()) -> list[str]:
    """Return the words of a folded name that identify it within its kind and place; may be empty."""
    return [word for word in folded.split() if word not in common_words() and word not in places and not word.isdigit()]


def meaning_of_name(folded: str) -> str:
    """Return the whole name translated word by word, for bodies named only by kind and place."""
    return " ".join(sorted({_meaning(word) for word in folded.split() if word not in form_words()}))


def telling_key(words: list[str]) -> str:
    """Return a key equal for the same words in any order and spelling; "" if they identify nothing."""
    bones = " ".join(sorted({skeleton(word) for word in words}))
    if len(bones) >= SHORTEST_TELLING_SKELETON:
        return f"={bones}"
    return f"={words[0]}" if len(words) == 1 and len(words[0]) >= SHORTEST_TELLING_WORD else ""


def readings(text: str, language: str = "") -> list[str]:
    """Return the name in every folding; without the person honoured, if another name is left."""
    return [_without_person_honoured(folded) for folded in foldings(text, language)]


def _without_person_honoured(folded: str) -> str:
    # The longer pattern takes long where it finds nothing.
    shortened = " ".join(IN_HONOUR.sub(" ", folded).split()) if SAYS_IN_HONOUR.search(folded) else folded
    return shortened if telling_words(shortened) else folded


def name_keys(names: Iterable[tuple[str, str]], places: frozenset[str] = frozenset()) -> list[str]:
    """Return keys that other spellings of these names share: for the name as a whole and each identifying word."""
    texts = {folded for name in names for folded in readings(*name)}
    return sorted(set().union(*(folded_keys(folded, places) for folded in texts)))


def folded_keys(folded: str, places: frozenset[str] = frozenset()) -> set[str]:
    """Return the keys of one folded name."""
    words = telling_words(folded, places)
    bones = map(skeleton, words or folded.split())
    keys = {f"~{bone}" for bone in bones if len(bone) >= SHORTEST_TELLING_SKELETON}
    return (keys | {telling_key(words), f"={meaning_of_name(folded)}" if folded else ""}) - {""}


def place_words(record) -> frozenset[str]:
    """Return the folded words for the place of the record."""
    return _place_words(tuple(record.places_to_compare()))


@lru_cache(maxsize=1024)
def _place_words(names: tuple[NamedText, ...]) -> frozenset[str]:
    return frozenset(words_of_texts(names))


def alike(queryset, names: Iterable[str], *, limit: int = 5) -> list[Alike]:
    """Return records of the queryset, hidden ones too, with names like one of these; the most similar first."""
    names = [name for name in names if name and name.strip()]
    keys = name_keys((name, "") for name in names)
    if not keys:
        return []
    noted = RecordNames.objects.filter(record_table=queryset.model._meta.db_table)
    ids = [
        *noted.filter(keys__overlap=[key for key in keys if key[0] == "="]).values_list("record_id", flat=True)[
            :CANDIDATES
        ],
        *noted.filter(keys__overlap=[key for key in keys if key[0] == "~"]).values_list("record_id", flat=True)[
            :CANDIDATES
        ],
    ]
    records = list(queryset.filter(pk__in=set(ids))) if ids else []
    prefetch_related_objects(records, "other_names")
    found = [best for record in records if (best := _best_name(record, names))]
    return sorted(found, key=lambda one: (-one.score, len(one.name), one.record.pk))[:limit]


def records_by_whole_name(queryset) -> dict[str, list[int]]:
    """Return the ids of the records by each of their whole names, to look up many names at once."""
    noted = RecordNames.objects.filter(
        record_table=queryset.model._meta.db_table, record_id__in=queryset.order_by().values("pk")
    )
    found = defaultdict(list)
    for record_id, keys in noted.order_by("record_id").values_list("record_id", "keys").iterator():
        for key in keys:
            if key.startswith("="):
                found[key].append(record_id)
    return found


def whole_name_keys(names: Iterable[str]) -> list[str]:
    """Return the keys of `records_by_whole_name` that match one of these names."""
    return [key for key in name_keys((name, "") for name in names if name) if key.startswith("=")]


def _best_name(record, names) -> Alike | None:
    places = place_words(record)
    scored = [
        (likeness_of_names(name, own.text, own.language, places), own.text)
        for own in record.names_to_search()
        if own.text
        for name in names
    ]
    score, text = max(scored, key=lambda pair: pair[0], default=(0, ""))
    return Alike(record, text, score) if score else None


def likeness_of_names(typed: str, written: str, language: str = "", places: frozenset[str] = frozenset()) -> float:
    """Return the likeness of two names in percent; 0 for names of different things."""
    pairs = [(one, other) for one in readings(typed) for other in readings(written, language)]
    if not _initials_fit(typed, written) or not _initials_fit(written, typed):
        return 0
    return max((_likeness(one, other, places) for one, other in pairs), default=0)


def _initials_fit(one: str, other: str) -> bool:
    """Return whether "И. Петров" may be the other name: each initial begins one of its words."""
    text = IN_HONOUR.sub(" ", fold_for_search(one))
    initials = {fold_for_search(letter) for letter in WRITTEN_INITIAL.findall(one)} & set(text.split())
    words = fold_for_search(other).split()
    return all(any(word.startswith(initial) for word in words) for initial in initials)


def _likeness(one: str, other: str, places: frozenset[str]) -> float:
    ours, theirs = telling_words(one, places), telling_words(other, places)
    if telling_key(ours) and telling_key(ours) == telling_key(theirs):
        return max(token_sort_ratio(one, other), float(ALIKE))
    shorter, longer = sorted((ours, theirs), key=len)
    if not any(len(skeleton(word)) >= SHORTEST_TELLING_SKELETON for word in shorter):
        whole = token_sort_ratio(meaning_of_name(one), meaning_of_name(other))
        return whole if whole >= ALIKE else 0
    matched = sum(max(likeness(word, candidate) for candidate in longer) for word in shorter)
    if matched < MATCHED_PART * len(shorter) or len(longer) > LONGEST_PART * len(shorter):
        return 0
    return max(100 * matched / len(longer), float(ALIKE_AS_PART))


def note_names(model: type[Searchable], records: Iterable[Searchable]):
    """Store the keys that find these records as duplicates, and the pairs to review."""
    rows = [
        {
            "id": record.pk,
            "keys": name_keys(record.names_to_search(), place_words(record)) if record.may_be_compared() else [],
            "group": record.group_to_compare(),
            "country_code": record.country_to_compare(),
        }
        for record in records
    ]
    with connection.cursor() as cursor:
        cursor.execute(NOTE_NAMES, [model._meta.db_table, json.dumps(rows)])


NOTE_NAMES = """
INSERT INTO search_recordnames AS known (record_table, record_id, keys, "group", country_code)
SELECT %s, id, keys, named.group, country_code
FROM jsonb_to_recordset(%s::jsonb) AS named (id bigint, keys text[], "group" text, country_code text)
ON CONFLICT (record_table, record_id) DO UPDATE
SET keys = EXCLUDED.keys, "group" = EXCLUDED.group, country_code = EXCLUDED.country_code
WHERE (known.keys, known.group, known.country_code)
  IS DISTINCT FROM (EXCLUDED.keys, EXCLUDED.group, EXCLUDED.country_code)
"""

FIND_PAIRS = """
WITH named AS (
  SELECT names.record_table, names.record_id, key, names.group, names.country_code
  FROM search_recordnames AS names, unnest(names.keys) AS key
  WHERE names.record_table = %(table)s AND key LIKE '=%%'
    AND (%(ids)s::bigint[] IS NULL OR names.record_id = ANY (%(ids)s))
), pairs AS (
  SELECT least(one.record_id, other.record_id) AS first_id, greatest(one.record_id, other.record_id) AS second_id,
         CASE WHEN min(one.country_code) = min(other.country_code) AND max(one.country_code) = min(one.country_code)
              THEN nullif(min(one.country_code), '') END AS country_code
  FROM named AS one JOIN {others}
    AND other.record_table = one.record_table AND other.group = one.group AND other.record_id <> one.record_id
  GROUP BY 1, 2
), gone AS (
  DELETE FROM search_suspectedduplicate AS old
  WHERE old.record_table = %(table)s AND NOT old.is_dismissed
    AND (%(ids)s::bigint[] IS NULL OR old.first_id = ANY (%(ids)s) OR old.second_id = ANY (%(ids)s))
    AND NOT EXISTS (SELECT FROM pairs WHERE (pairs.first_id, pairs.second_id) = (old.first_id, old.second_id))
)
INSERT INTO search_suspectedduplicate
  (record_table, first_id, second_id, country_code, found_at, is_dismissed, dismissed_at)
SELECT %(table)s, first_id, second_id, country_code, now(), false, NULL FROM pairs
ON CONFLICT (record_table, first_id, second_id) DO UPDATE SET country_code = EXCLUDED.country_code
"""

# By the index of the keys: a changed record is compared without reading the names of all others.
OTHERS_OF_FEW = "search_recordnames AS other ON other.keys @> ARRAY[one.key]"
OTHERS_OF_ALL = "named AS other ON other.key = one.key"


def find_pairs(model: type[Searchable], record_ids: list[int] | None = None):
    """Store all pairs of records of one kind with the same whole name; only those of the given records, if any."""
    with connection.cursor() as cursor:
        others = OTHERS_OF_ALL if record_ids is None else OTHERS_OF_FEW
        cursor.execute(FIND_PAIRS.format(others=others), {"table": model._meta.db_table, "ids": record_ids})


def forget_names(model: type[Searchable], record_ids: list[int]):
    """Delete names and pairs of records that no longer exist."""
    RecordNames.objects.filter(record_table=model._meta.db_table, record_id__in=record_ids).delete()
    find_pairs(model, record_ids)
