"""The list that a visitor sends: a file or a pasted text, its limits, and how it comes along with the next form."""

import base64
import binascii
import itertools
import zlib
from dataclasses import dataclass, field
from functools import cached_property

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from institutions.matching import Sought
from people.matched_rows import SoughtRow
from records.identifier_types import Identifier, identifiers_in
from records.tables.cells import is_nothing, tidy
from records.tables.reading import read_table
from records.tables.table import Line, Refused, Table

from .cards import is_of_cards, table_of_cards
from .columns import Role, count_known, guessed_roles

MOST_ROWS = 5_000
# Letters of names and of contacts in a row that are compared.
LONGEST_NAME, LONGEST_CONTACTS = 300, 400
MOST_NAMES = 6
# Of the list as it comes along with the next form, packed and as text.
LONGEST_KEPT = 2_000_000
TOO_LARGE = _("The list is too large: at most %(rows)d rows and %(megabytes)d MB. Split it and check the parts.")


@dataclass
class Upload:
    """A list as it was sent, as a table, with the role of each column."""

    content: bytes
    name: str = ""
    roles: list[Role] = field(default_factory=list)
    # The list as a text for the next form.
    kept: str = ""

    @cached_property
    def table(self) -> Table:
        """Return the rows. Raise Refused."""
        if len(self.content) > settings.IMPORT_MAX_BYTES:
            raise refused_as_too_large()
        if is_of_cards(self.content):
            return table_of_cards(self.content, MOST_ROWS)
        return read_table(self.content, max_rows=MOST_ROWS, count_known=count_known)

    @cached_property
    def lines(self) -> list[Line]:
        """Return the rows, with the line that would hold headings where it holds none."""
        return [*([] if self.has_headings else [Line(self.table.heading_line, self.table.headings)]), *self.table.lines]

    @cached_property
    def has_headings(self) -> bool:
        return self.table.file_format == "vcf" or count_known(self.table.headings) > 0 or not self._begins_with_a_row

    @cached_property
    def _begins_with_a_row(self) -> bool:
        """Return whether the first line holds what the lines below hold: a table of one column, or a known name."""
        return len(self.table.headings) == 1 or any("@" in text for text in self.table.headings)

    def prepare(self):
        """Pack the list for the next form, and guess the roles that the visitor did not give. Raise Refused."""
        self.kept = base64.b64encode(zlib.compress(self.content)).decode()
        if len(self.kept) > LONGEST_KEPT:
            raise refused_as_too_large()
        if len(self.roles) != len(self.table.headings):
            self.roles = guessed_roles(self.table.headings, self.lines)

    def sought(self) -> list[SoughtRow]:
        return [self._sought(line.cells) for line in self.lines]

    def _sought(self, cells) -> SoughtRow:
        def texts(*roles):
            found = (tidy(cell[:LONGEST_NAME]) for role in roles for cell in self.cells_of(cells, role))
            return tuple(text for text in found if not is_nothing(text))[:MOST_NAMES]

        given, patronymic, family = (texts(role) for role in (Role.GIVEN_NAME, Role.PATRONYMIC, Role.FAMILY_NAME))
        parts = " ".join(itertools.chain(given, patronymic, family)) if family else ""
        keys = texts(Role.KEY)
        is_of_person = any("/people/" in key for key in keys)
        return SoughtRow(
            Sought(
                texts(Role.NAME),
                "; ".join(texts(Role.COUNTRY)),
                "; ".join(texts(Role.CITY)),
                "".join(texts(Role.KIND)[:1]),
                self._contacts(cells),
                "" if is_of_person else next(iter(keys), ""),
                _identifiers(texts(Role.IDENTIFIER)),
            ),
            tuple(filter(None, (*texts(Role.PERSON), parts))),
            next(iter(keys), "") if is_of_person else "",
        )

    def _contacts(self, cells) -> tuple[str, ...]:
        found, room = [], LONGEST_CONTACTS
        for cell in self.cells_of(cells, Role.CONTACT):
            found.append(cell[:room])
            room -= len(found[-1])
        return tuple(filter(None, found))

    def cells_of(self, cells: list[str], role: Role) -> list[str]:
        return [cell for cell, its_role in zip(cells, self.roles, strict=False) if its_role == role]


def _identifiers(texts) -> tuple[Identifier, ...]:
    try:
        return tuple(Identifier(*pair) for text in texts for pair in identifiers_in(text).items())
    except ValidationError:
        return ()


def upload_of(data, files) -> Upload:
    """Return the list that a form holds: a file, a text, or the one that came along. Raise Refused."""
    if "file" in files:
        upload = Upload(files["file"].read(settings.IMPORT_MAX_BYTES + 1), files["file"].name)
    elif data.get("list"):
        upload = Upload(unpacked(data["list"]), data.get("name", ""))
    else:
        upload = Upload(data.get("text", "").encode())
    given = (data[f"column-{place}"] for place in _places(data))
    upload.roles = [Role(value) if value in Role.values else Role.NONE for value in given]
    return upload


def _places(data) -> range:
    return range(next(place for place in itertools.count() if f"column-{place}" not in data))


def unpacked(text: str) -> bytes:
    """Return the list in a text of `Upload.kept`; it comes from a browser, so it may be anything. Raise Refused."""
    try:
        packed = base64.b64decode(text[:LONGEST_KEPT], validate=True)
        return zlib.decompressobj().decompress(packed, settings.IMPORT_MAX_BYTES + 1)
    except (binascii.Error, zlib.error, ValueError) as error:
        raise Refused(_("The list did not arrive whole. Send the file once more.")) from error


def refused_as_too_large() -> Refused:
    values = {"rows": MOST_ROWS, "megabytes": settings.IMPORT_MAX_BYTES // 1024 // 1024}
    return Refused(TOO_LARGE % values, status=413)
