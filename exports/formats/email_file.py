"""E-mail addresses only, one per line, without duplicates: to paste into the field for blind copies."""

from collections.abc import Iterable, Iterator

from .contact_row import ContactRow


def email_file(rows: Iterable[ContactRow], without: str) -> Iterator[str]:
    """`without` is the line of a list that has no e-mail address: an empty file looks like a failure."""
    seen = set()
    for row in rows:
        for method in row.contact_methods_of("email"):
            if method.value not in seen:
                seen.add(method.value)
                yield f"{method.value}\r\n"
    if not seen:
        yield f"{without}\r\n"
