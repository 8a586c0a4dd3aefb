"""Measure how rows of messy lists are matched with the records of the data set.

    uv run python -m tests.bench.list_matching [--rows 2000] [--seed 1] [--faults]

Then each institution is sought in the directory without it, with all that is known of it: none may be certain.
"""

import argparse
import time
from collections import Counter

from tests.bench.database import prepare


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", action="store_true")
    arguments = parser.parse_args()
    prepare()
    from django.core.management import call_command
    from django.db import transaction

    from institutions.models import Institution

    with transaction.atomic():
        if not Institution.objects.exists():
            call_command("load_fixtures", verbosity=0)
        lists(arguments)
        unlisted(arguments)
        transaction.set_rollback(True)


def lists(arguments):
    from tests.messy_lists import MessyList

    rows = MessyList(arguments.seed).rows(arguments.rows)
    started = time.process_time()
    matches = matched(rows)
    seconds = time.process_time() - started
    counts, people = judged_rows(rows, matches, arguments.faults), judged_people(rows, matches, arguments.faults)
    known, named = (sum(map(bool, [getattr(row, name) for row in rows])) for name in ("institution", "position"))
    print(f"{len(rows)} rows in {seconds:.1f} s of this process")
    print(
        "institutions:",
        dict(counts),
        f"named {counts['named'] / known:.3f}, certain {counts['certain, right'] / known:.3f}",
    )
    print(
        "people:", dict(people), f"named {people['named'] / named:.3f}, certain {people['certain, right'] / named:.3f}"
    )


def matched(rows):
    from people.matched_rows import RowMatcher, SoughtRow

    return RowMatcher().match(SoughtRow(sought(row.cells), (row.cells["person"],)) for row in rows)


def judged_rows(rows, matches=None, show=False) -> Counter:
    """Return the numbers of results; `named` are those that are right and certain or likely."""
    counts = Counter()
    for row, match in zip(rows, matches or matched(rows), strict=True):
        fault = judge(row.institution, match.institution, counts)
        if fault and show:
            print(fault, row.rules, {name: cell for name, cell in row.cells.items() if cell}, "meant", row.institution)
            for one in match.institution.candidates[:2]:
                print("      ", one.record, one.points, one.proof, one.reasons)
    return counts


def judged_people(rows, matches=None, show=False) -> Counter:
    counts = Counter()
    for row, match in zip(rows, matches or matched(rows), strict=True):
        fault = judge(row.position and row.position.person, match.person, counts)
        if fault and show:
            print("person", fault, row.rules, row.cells["person"], match.person.candidates[:2])
    return counts


def judge(meant, match, counts) -> str:
    if meant is None:
        counts[f"stranger: {match.certainty}"] += 1
        return f"stranger {match.certainty}" if match.candidates else ""
    is_right = bool(match.candidates) and match.candidates[0].record == meant
    result = f"{match.certainty}, {'right' if is_right else 'wrong'}"
    counts[result] += 1
    counts["named"] += is_right and match.record is not None
    return "" if is_right and match.record is not None else result


def sought(cells):
    from institutions.matching import Sought

    contacts = tuple(cells[name] for name in ("website", "phone", "email") if cells[name])
    return Sought((cells["name"],), cells["country"], cells["city"], cells["kind"], contacts)


def unlisted(arguments):
    from institutions.matching import InstitutionMatcher
    from institutions.models import Institution
    from tests.messy_lists import MessyList

    messy, counts = MessyList(arguments.seed), Counter()
    for half in (0, 1):
        left_out = messy.institutions[half::2]
        others = Institution.objects.published().exclude(pk__in=[one.pk for one in left_out])
        rows = [messy.row(one) for one in left_out]
        for row, match in zip(rows, InstitutionMatcher(others).match(sought(row.cells) for row in rows), strict=True):
            counts[match.certainty.value] += 1
            if arguments.faults and match.record:
                print(
                    match.certainty,
                    {k: v for k, v in row.cells.items() if v},
                    "is not",
                    match.record,
                    match.candidates[0],
                )
    print("not listed:", dict(counts))


if __name__ == "__main__":
    main()
