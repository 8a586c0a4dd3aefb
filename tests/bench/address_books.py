"""Measure how an address book of 3,000 cards is synchronised, as phones do it.

    uv run python -m tests.bench.address_books

on a database of its own, which it deletes. Prints seconds, processor time of the server and this client together, and
octets, for the first sync (with cards by 30 at a time), one without news, and one after a change.
"""

import re
import time
from itertools import batched
from urllib.request import Request, urlopen

from tests.screenshots.site import running_site

CARDS = 3_000
# As DAVx5 and others ask: a few cards in each request.
CARDS_A_TIME = 30
NAMES = 'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"'
BOOK = "/dav/country-tm/contacts/"


def copy_institutions():
    """Fill the book with copies of the institution that has most contacts, so that cards are large."""
    from django.db import connection
    from django.db.models import Count

    from institutions.models import Country, Institution, InstitutionContact

    model = Institution.objects.annotate(size=Count("contacts")).order_by("-size").first()
    copies = {
        "institutions_institution": {
            "id": "id + n * 100000",
            "key": "key || '-' || n",
            "slug": "slug || '-' || n",
            "country_id": f"'{Country.objects.get(code='TM').pk}'",
            "city_id": "NULL",
            "parent_id": "NULL",
        },
        "institutions_institutioncontact": {"id": "id + n * 100000", "institution_id": "institution_id + n * 100000"},
    }
    for copied, condition in ((Institution, "id"), (InstitutionContact, "institution_id")):
        table = copied._meta.db_table
        columns = [field.column for field in copied._meta.concrete_fields if not field.generated]
        values = ", ".join(copies[table].get(column, f'"{column}"') for column in columns)
        names = ", ".join(f'"{column}"' for column in columns)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {values} FROM {table}, generate_series(1, {CARDS}) AS n "  # noqa: S608
                f"WHERE {condition} = {model.pk}"
            )
    return Institution.objects.filter(key=f"{model.key}-1")


def main():
    with running_site() as address:
        some = copy_institutions()
        tokens = [""]

        def ask(body: str) -> str:
            headers = {"Content-Type": "application/xml", "Depth": "1"}
            with urlopen(Request(address + BOOK, body.encode(), headers, method="REPORT")) as response:  # noqa: S310
                return response.read().decode()

        def sync():
            token = f"<D:sync-token>{tokens[-1]}</D:sync-token>"
            text = ask(f"<D:sync-collection {NAMES}>{token}<D:prop><D:getetag/></D:prop></D:sync-collection>")
            tokens.append(re.search("<D:sync-token>([^<]+)", text)[1])
            size = len(text)
            for paths in batched(re.findall("<D:href>([^<]+)", text), CARDS_A_TIME, strict=False):
                hrefs = "".join(f"<D:href>{path}</D:href>" for path in paths)
                wanted = "<D:prop><D:getetag/><C:address-data/></D:prop>"
                size += len(ask(f"<C:addressbook-multiget {NAMES}>{wanted}{hrefs}</C:addressbook-multiget>"))
            return size

        for what in ("first", "without news", "after a change"):
            if what == "after a change":
                some.update(name_en="Another name")
            wall, processor = time.perf_counter(), time.process_time()
            try:
                size = sync()
            except OSError as error:
                # A long book refuses its token after a change, and the program asks for all ETags.
                print(what, error)
                tokens.append("")
                size = sync()
            print(
                f"{what}: {time.perf_counter() - wall:.2f} s, {time.process_time() - processor:.2f} s, {size:,} octets"
            )


if __name__ == "__main__":
    main()
