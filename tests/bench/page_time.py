"""Print what each page costs, without any cache: processor time of Python, queries, waiting for the database, size.

    uv run python -m tests.bench.page_time [--times N] [--profile] [PATH ...]

The database is the one of DATABASE_URL, or the embedded one of the checkout. Figures are medians of N requests (30)
after three that fill templates and plans. A busy machine makes the processor slower too: compare runs by the fixed work
measured before and after. `--profile` prints where the time of each page goes instead.
"""

import argparse
import cProfile
import os
import pstats
import statistics
import time

PATHS = [
    *("/", "/institutions/tajikfilm/", "/people/firdavs-abdulloev/", "/countries/az/", "/countries/", "/coverage/"),
    *("/changes/", "/search/?q=kino", "/search/suggest/?q=kaz"),
]


def prepare():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cisfilm.settings")
    os.environ.setdefault("DEVELOPMENT", "True")

    import django

    django.setup()

    from django.conf import settings

    from cisfilm import devdb

    if "DATABASE_URL" not in os.environ:
        devdb.ensure_running()
    settings.DEBUG = False


def measure(client, path: str, times: int) -> str:
    """Return a line for the page: processor time and waiting in milliseconds, number of queries, kilobytes."""
    from django.db import connection

    waited = []

    def stopwatch(execute, *statement):
        started = time.perf_counter()
        try:
            return execute(*statement)
        finally:
            waited.append(time.perf_counter() - started)

    spent, waits = [], []
    with connection.execute_wrapper(stopwatch):
        for number in range(times + 3):
            waited.clear()
            started = time.process_time()
            response = client.get(path)
            if number > 2:
                spent.append(time.process_time() - started)
                waits.append(sum(waited))
    processor, waiting = (1000 * statistics.median(seconds) for seconds in (spent, waits))
    size = len(response.content) / 1000
    return f"| {path} | {processor:.1f} | {len(waited)} | {waiting:.1f} | {size:.1f} | {response.status_code}"


def fixed_work() -> str:
    """Return the milliseconds of the processor that a loop over 200,000 numbers takes."""
    spent = []
    for _number in range(9):
        started = time.process_time()
        sum(number % 7 for number in range(200_000))
        spent.append(time.process_time() - started)
    return f"fixed work: {1000 * statistics.median(spent):.1f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("paths", nargs="*", default=PATHS)
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    prepare()

    from django.test import Client

    client = Client(headers={"host": "localhost"})
    print(fixed_work())
    for path in options.paths:
        if not options.profile:
            print(measure(client, path, options.times), flush=True)
            continue
        client.get(path)
        profile = cProfile.Profile()
        profile.enable()
        for _number in range(options.times):
            client.get(path)
        profile.disable()
        pstats.Stats(profile).sort_stats("cumulative").print_stats(70)
    print(fixed_work())


if __name__ == "__main__":
    main()
