"""E-mail addresses only, one per line, without duplicates: to paste into the field for blind copies."""

from collections.abc import Iterable, Iterator

from .contact_row import ContactRow


def email_file(rows: Iterable[ContactRow]) -> Iterator[str]:
    seen = set()
    for row in rows:
        for method in row.contact_methods_of("email"):
            if method.value not in seen:
                seen.add(method.value)
                yield f"{method.value}\r\n"
