"""Quality of the reader of official pages: precision and recall by kind of fact and by site.

Usage: uv run python -m tests.harvest.quality [NAME ...] [--all]    `--all` shows sites without faults too.
"""

import os
import sys
from collections import Counter
from contextlib import closing

from languages.folding import fold_for_search
from tests.harvest.site_server import SiteServer, stored_sites

TELEPHONES = ("phone", "fax", "whatsapp")


def read(site, server, client):
    """Return what the reader says about a stored site."""
    from harvest.official_pages.reading import read_site

    url = f"http://{site.host}:{server.port}/"
    return read_site(url, countries=[site.country], names=site.names, client=client)


def judge(site, reading):
    """Return counts by kind: right, wrong and missed; and lines that tell the faults."""
    counts, faults = {}, []
    if reading.state != site.state:
        faults.append(f"state {reading.state} ({reading.reason}) instead of {site.state}")
    counts["state"] = Counter(right=1) if reading.state == site.state else Counter(wrong=1, missed=1)
    for kind in sorted({*site.facts, *(one.kind for one in reading.taken)}):
        expected, taken = list(site.facts.get(kind) or []), [one.value for one in reading.taken if one.kind == kind]
        also = site.also.get(kind) or []
        right = [value for value in expected if any(_same(kind, value, other) for other in taken)]
        wrong = [value for value in taken if not any(_same(kind, value, other) for other in [*expected, *also])]
        counts[kind] = Counter(right=len(right), wrong=len(wrong), missed=len(expected) - len(right))
        faults += [f"{kind} wrong: {value}" for value in wrong]
        faults += [f"{kind} missed: {value}" for value in expected if value not in right]
    departments = {one.value: one.department for one in reading.taken}
    counts["department"] = Counter()
    for value, department in site.departments.items():
        is_right = _same_words(departments.get(value, ""), department)
        counts["department"].update(right=is_right, wrong=not is_right, missed=not is_right)
        faults += [] if is_right else [f"department of {value}: {departments.get(value)!r} instead of {department!r}"]
    reasons = {one.value: str(one.reason) for one in reading.left_out}
    for value, reason in site.left_out.items():
        faults += (
            [] if reasons.get(value) == reason else [f"left out {value}: {reasons.get(value)} instead of {reason}"]
        )
    return counts, faults


def _same(kind, expected, found):
    if kind == "address":
        ours, theirs = fold_for_search(expected).split(), fold_for_search(found).split()
        return len(set(ours) & set(theirs)) >= 0.8 * len(set(ours)) and len(theirs) <= len(ours) + 3
    return expected.rstrip("/") == found.rstrip("/")


def _same_words(one, other):
    return fold_for_search(one) == fold_for_search(other)


def measured(sites):
    """Return counts by kind over all sites, and those and the faults of each site."""
    total, by_site = {}, {}
    with closing(SiteServer(sites)) as server:
        client = server.client()
        for site in sites:
            counts, faults = judge(site, read(site, server, client))
            by_site[site.name] = counts, faults
            for kind, count in counts.items():
                total.setdefault(kind, Counter()).update(count)
    return total, by_site


def shares(count: Counter) -> tuple[float, float]:
    """Return precision and recall."""
    right, wrong, missed = count["right"], count["wrong"], count["missed"]
    return right / (right + wrong or 1), right / (right + missed or 1)


def overall(total) -> Counter:
    """Return the counts of all facts; states and departments are apart."""
    return sum((count for kind, count in total.items() if kind not in ("state", "department")), Counter())


def main(arguments):
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cisfilm.settings")
    os.environ.setdefault("DEVELOPMENT", "True")
    django.setup()
    sites = stored_sites(*(argument for argument in arguments if not argument.startswith("--")))
    total, by_site = measured(sites)
    for name, (counts, faults) in by_site.items():
        if faults or "--all" in arguments:
            print("{:36} precision {:.2f}  recall {:.2f}".format(name, *shares(overall(counts))))
            print("".join(f"    {fault}\n" for fault in faults), end="")
    print(f"\n{'kind':12} {'facts':>5} {'precision':>9} {'recall':>6}")
    for kind, count in [*sorted(total.items()), ("all facts", overall(total))]:
        print("{:12} {:5} {:9.3f} {:6.3f}".format(kind, count["right"] + count["missed"], *shares(count)))
    print(f"{len(sites)} sites, {sum(1 for _counts, faults in by_site.values() if faults)} with faults")


if __name__ == "__main__":
    main(sys.argv[1:])
