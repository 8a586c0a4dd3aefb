"""Measure time and queries of the dashboard and the lists of the editors' site.

    uv run python -m tests.bench.desk_speed [rounds]

on a database filled by load_synthetic.py. The first run adds something to do to it, by desk_work.sql. Prints medians of
server time for the first page of each list: as it opens, with each choice of "task", with a country, searched.
"""

import statistics
import sys
import time
from pathlib import Path

from tests.bench.database import prepare

ROUNDS = 11
SEARCHED = {"rare word": "Tulparkino", "common word": "studio"}

# Table and column; no column stands for new rows.
CHANGES = {
    "a contact was confirmed": ("institutions_institutioncontact", "checked_on"),
    "a Russian name was entered": ("institutions_institution", "name_ru"),
    "a source was added": ("institutions_institutionsource", ""),
    "a contact was added": ("institutions_institutioncontact", ""),
    "an institution was published": ("institutions_institution", "publication_state"),
}


def main():
    prepare()
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    make_work()
    for name, address in addresses().items():
        say(name, *measure(address, rounds))
    for what, change in CHANGES.items():
        say(f"desk, after {what}", *measure("/admin/", rounds, changed=change))


def say(name: str, seconds: float, queries: int):
    print(f"{name:75} {seconds * 1000:7.0f} ms {queries:4} queries", flush=True)


def make_work():
    from django.db import connection, transaction

    from institutions.models import Institution

    if Institution.objects.drafts().exists():
        return
    statements = (Path(__file__).parent / "desk_work.sql").read_text("utf-8")
    with transaction.atomic(), connection.cursor() as cursor:
        # Without the triggers of the search, which has its words already.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in statements.split(";\n"):
            if statement.strip():
                cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def addresses() -> dict[str, str]:
    """Return the path of every measured page by name: the dashboard, then each list in each of its ways."""
    from django.contrib import admin
    from django.urls import reverse

    from editors.dashboard.tasks import tasks_of
    from editors.dashboard.work import list_address

    pages = {"desk": reverse("admin:index")}
    for model, model_admin in admin.site._registry.items():
        options = model._meta
        if options.app_label in ("auth", "reversion"):
            continue
        page = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
        name = str(options.verbose_name_plural)
        pages[name] = page
        for task in tasks_of(model):
            if task.model is model:
                pages[f"{name}, {task}"] = list_address(task)
                pages[f"{name}, {task}, in Kazakhstan"] = list_address(task, country="KZ")
        if any(getattr(choice, "parameter_name", "") == "country" for choice in model_admin.list_filter):
            pages[f"{name}, in Kazakhstan"] = f"{page}?country=KZ"
        if model_admin.search_fields:
            pages |= {f"{name}, {what}": f"{page}?q={text}" for what, text in SEARCHED.items()}
    return pages


def measure(address: str, rounds: int, *, changed: tuple[str, str] | None = None) -> tuple[float, int]:
    """Return median seconds and the number of queries of a page that an administrator opens repeatedly.

    `changed` is the column that counts as changed before each request.
    """
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from tests.factories import add_second_factor

    client = Client(headers={"host": "127.0.0.1"})
    user, made = get_user_model().objects.get_or_create(
        username="measurer", defaults={"is_staff": True, "is_superuser": True}
    )
    if made:
        add_second_factor(user)
    client.force_login(user)
    open_page(client, address, changed)
    with CaptureQueriesContext(connection) as queries:
        open_page(client, address, changed)
    # Before the next page is opened, which forgets the queries.
    number = len(queries)
    return statistics.median(open_page(client, address, changed) for _ in range(rounds)), number


def open_page(client, address: str, changed: tuple[str, str] | None) -> float:
    from editors.dashboard.models import ChangedColumn

    if changed:
        table, column = changed
        ChangedColumn.objects.create(table_name=table, column_name=column, transaction_number=0)
    began = time.perf_counter()
    response = client.get(address)
    elapsed = time.perf_counter() - began
    if response.status_code != 200:
        raise SystemExit(f"{address} answered {response.status_code}")
    return elapsed


if __name__ == "__main__":
    main()
