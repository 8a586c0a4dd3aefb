"""Measure searched and filtered lists, compared with the same lists without search.

    uv run python -m tests.bench.search_speed [rounds]

on a database filled by load_synthetic.py. Prints medians of server time in milliseconds, of a text that the process has
not been asked for and of one that it has, and how the database reads its tables for a search on the filtered list.
"""

import statistics
import sys
import time

from tests.bench.database import prepare

ROUNDS = 9
FILTERS = "country=KZ&kind=studio"
QUERIES = {"rare word": "Tulparkino", "common word": "studio", "typo": "Tulprakino"}


def main():
    prepare()
    pages = {"list, not searched": f"/institutions/?{FILTERS}"}
    pages |= {f"list, {name}": f"/institutions/?{FILTERS}&q={text}" for name, text in QUERIES.items()}
    pages |= {"whole list, not searched": "/institutions/"}
    pages |= {f"whole list, {name}": f"/institutions/?q={text}" for name, text in QUERIES.items()}
    pages |= {f"suggestions, {name}": f"/search/suggest/?q={text}" for name, text in QUERIES.items()}
    pages |= {f"search of everything, {name}": f"/search/?q={text}" for name, text in QUERIES.items()}
    times = measure(pages, int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
    print(f"{'':36} {'new':>8} {'again':>8}")
    for name, (new, again) in times.items():
        print(f"{name:36} {new * 1000:8.1f} {again * 1000:8.1f}")
    print_plans()


def measure(pages: dict[str, str], rounds: int) -> dict[str, tuple[float, float]]:
    """Return median seconds per page, new and asked again; the pages take turns so that a slow moment affects all."""
    from django.test import Client

    from search.recent_queries import forget_queries

    client = Client(headers={"host": "127.0.0.1"})
    taken = {name: ([], []) for name in pages}
    for round_number in range(rounds + 1):
        for name, address in pages.items():
            forget_queries()
            for times in taken[name]:
                began = time.perf_counter()
                response = client.get(address)
                elapsed = time.perf_counter() - began
                if response.status_code != 200:
                    raise SystemExit(f"{address} answered {response.status_code}")
                # The first round only warms up.
                if round_number:
                    times.append(elapsed)
    return {name: (statistics.median(new), statistics.median(again)) for name, (new, again) in taken.items()}


def print_plans():
    """Print how the database finds records and words: every line of a plan that reads a table."""
    from django.db import connection

    from institutions.models import Institution
    from search.queries import Query

    for name, text in QUERIES.items():
        query = Query(text)
        with connection.execute_wrapper(_explain(name)):
            filtered = Institution.objects.published().filter(country="KZ", kind="studio").in_name_order()
            list(filtered.search(query).values_list("pk")[:25])


def _explain(name: str):
    def wrapper(execute, sql, params, many, context):
        if sql.lstrip().upper().startswith(("SELECT", "(SELECT")) and "search_" in sql:
            with context["connection"].connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {sql}", params)
                reads = [line for (line,) in cursor.fetchall() if "Scan" in line]
            print(f"{name}: {'; '.join(line.strip(' ->').split('  ')[0] for line in reads)}")
        return execute(sql, params, many, context)

    return wrapper


if __name__ == "__main__":
    main()
