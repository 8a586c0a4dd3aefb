"""What a visitor wants of a list: which rows, columns and names, in which file."""

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any
from urllib.parse import quote

from django import forms
from django.conf import settings
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from institutions.filters import CheckedWithin
from languages.romanisation import slug_from_name
from people.filters import SeenWithin
from records.checks import earliest_text_since, months_before

from .cards import CardReader
from .column_types import Column, NameChoice, RowChoice
from .columns import COLUMNS, FOR_LETTERS, UID, columns_for
from .file_formats import CARD_TYPE, FileFormat
from .formats.contact_row import ContactRow
from .formats.pdf_file import Words, pdf_file
from .formats.xlsx_file import xlsx_file
from .reading import Narrowing, Reader, rows_of
from .record_columns import RecordTable
from .wording import Wording

# In names of files, before the day.
LONGEST_WORDS = 100
NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


def in_file_name(text: Any) -> str:
    """Return the text in Latin letters, digits and hyphens; "" if it has none."""
    try:
        return slug_from_name(str(text))[:LONGEST_WORDS]
    except ValueError:
        return ""


class TooManyRows(Exception):
    """The list has more rows than the format holds."""


class NoRows(Exception):
    """The list is empty, and the format has no way to say so."""


class DownloadForm(forms.Form):
    """Rows and columns of a file by its query string, besides the filters of the list."""

    rows = forms.ChoiceField(label=_("Rows"), choices=RowChoice.choices, required=False)
    names = forms.ChoiceField(label=_("Names in"), choices=NameChoice.choices, required=False)
    confirmed = forms.ChoiceField(label=_("Only confirmed"), choices=CheckedWithin.choices, required=False)
    posts_seen = forms.ChoiceField(label=_("Only people seen in the post"), choices=SeenWithin.choices, required=False)
    with_email = forms.BooleanField(label=_("Only rows with an e-mail address"), required=False)
    columns = forms.MultipleChoiceField(
        label=_("Columns"), choices=[(column.name, column.label) for column in COLUMNS], required=False
    )

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Label of the choice and what is wrong with it."""
        return [(self.fields[name].label, message) for name, found in self.errors.items() for message in found]


@dataclass
class Download:
    """A list on its way out: the rows of a page, narrowed and dressed as the visitor asked."""

    # One of the lists of lists.py.
    source: Any
    # For file names, in Latin letters.
    list_name: str
    title: str
    # Where the same list stands as a page.
    address: str
    wishes: dict
    # Label and value of each filter in use.
    filters: Callable[[], list[tuple[str, str]]] = list
    list_kinds: list[str] = field(default_factory=list)
    language: str = field(default_factory=translation.get_language)
    # Stays the same from file to file.
    uid: Column = UID

    @cached_property
    def row_choice(self) -> str:
        return self.wishes.get("rows") or self.source.default_rows

    @cached_property
    def name_choice(self) -> str:
        return self.wishes.get("names") or NameChoice.ALL.value

    @cached_property
    def words(self) -> Wording:
        return Wording(self.name_choice)

    def columns(self, file_format: FileFormat) -> list[Column]:
        chosen = FOR_LETTERS if file_format.name == "mailmerge" else self.wishes.get("columns")
        names = self.name_choice
        if file_format.name == "mailmerge" and names == NameChoice.ALL:
            names = NameChoice.LATIN_AND_NATIVE.value
        # Programs know a row again by its uid.
        uid = [UID] if file_format.name == "json" else []
        return uid + columns_for(self.row_choice, names, chosen, *self.list_kinds)

    def tables(self, columns: list[Column]) -> Iterator[list[list[str]]]:
        return Reader(columns, self.words, self.narrowing).tables(self.source, self.row_choice)

    def rows(self) -> Iterator[ContactRow]:
        return CardReader(self.name_choice, self.narrowing).rows(self.source, self.row_choice)

    @cached_property
    def narrowing(self) -> Narrowing:
        months, years = self.wishes.get("confirmed"), self.wishes.get("posts_seen")
        checked_since = months_before(timezone.localdate(), int(months)).isoformat() if months else ""
        seen_since = earliest_text_since(12 * int(years)) if years else ""
        return Narrowing(checked_since, bool(self.wishes.get("with_email")), seen_since)

    def check_limit(self, file_format: FileFormat):
        """Raises TooManyRows before any work is done for a file that could not hold the list."""
        limit = file_format.row_limit
        if limit is None or self.source.count(self.row_choice) <= limit:
            return
        # Narrowed, the list may still fit; so far only the rows before narrowing are counted.
        if next(islice(rows_of(self.tables([self.uid])), limit, None), None) is not None:
            raise TooManyRows

    def about(self) -> list[tuple[str, str, str]]:
        """Name, label and text of all that a reader of the file should know about it."""
        made_at = timezone.localtime()
        statements = [
            ("title", gettext("List"), self.title),
            ("made_at", gettext("Made on"), f"{made_at:%Y-%m-%d %H:%M} UTC"),
            ("address", gettext("The list on the site"), self.address),
            *self._choices(),
        ]
        filters = "; ".join(f"{label}: {value}" for label, value in [*self.filters(), *self._narrowing()])
        return [
            *statements,
            ("filters", gettext("Filters"), filters or gettext("none")),
            ("publisher", gettext("Publisher"), f"CISFilm, {settings.SITE_URL}/"),
            ("licence", gettext("Licence"), f"{settings.DATA_LICENCE_NAME}, {settings.DATA_LICENCE_URL}"),
            (
                "corrections",
                gettext("Found a mistake?"),
                gettext("Write to %(email)s with the id of the row; each row names its page and its source.")
                % {"email": settings.CONTACT_EMAIL},
            ),
        ]

    def _choices(self) -> list[tuple[str, str, str]]:
        return [
            ("rows", gettext("Rows"), str(RowChoice(self.row_choice).label)),
            ("names", gettext("Names in"), str(NameChoice(self.name_choice).label)),
        ]

    def _narrowing(self) -> list[tuple[str, str]]:
        form = DownloadForm()
        found = []
        if months := self.wishes.get("confirmed"):
            found.append((form.fields["confirmed"].label, str(CheckedWithin(months).label)))
        if years := self.wishes.get("posts_seen"):
            found.append((form.fields["posts_seen"].label, str(SeenWithin(years).label)))
        if self.wishes.get("with_email"):
            found.append((form.fields["with_email"].label, gettext("yes")))
        return found

    def disposition(self, file_format: FileFormat) -> str:
        """Return the names of the file (RFC 6266) with list, filters and day: in Latin letters, and in the reader's."""
        day, values = timezone.localdate().isoformat(), [value for _label, value in self.filters()]
        words = "-".join(filter(None, (in_file_name(value) for value in values)))[:LONGEST_WORDS]
        parts = [self.list_name, words.strip("-"), file_format.name_in_file_names, day]
        plain = f"{'-'.join(filter(None, parts))}.{file_format.extension}"
        full = NOT_IN_FILE_NAMES.sub(" ", ", ".join(map(str, [self.title, *values])))[:LONGEST_WORDS].strip(", ")
        full = f"{', '.join(filter(None, [full, file_format.name_in_file_names, day]))}.{file_format.extension}"
        return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(full, safe='')}"

    def response(self, file_format: FileFormat, *, only_headers: bool = False):
        """The file as an answer. Raises TooManyRows, and NoRows."""
        self.check_limit(file_format)
        if file_format.blocks is not None:
            # What fails from the start is an error page. Nothing stays open: rows are read when the server sends them.
            reader = Reader(self.columns(file_format), self.words, self.narrowing)
            if reader.first_table(self.source, self.row_choice) is None and file_format.content_type == CARD_TYPE:
                raise NoRows
        if only_headers:
            response = HttpResponse(content_type=file_format.content_type)
        elif file_format.blocks is None:
            response = FileResponse(self._finished(file_format), content_type=file_format.content_type)
        else:
            blocks = in_language(self.language, _with_head(self._blocks(file_format)))
            response = StreamingHttpResponse(blocks, content_type=file_format.content_type)
        response["Content-Disposition"] = self.disposition(file_format)
        # A list is as good as the moment; and what somebody was taken off must not come back from a cache.
        response["Cache-Control"] = "no-cache"
        return response

    def _blocks(self, file_format: FileFormat) -> Iterator[str]:
        columns = self.columns(file_format)
        rows = self.tables(columns) if file_format.is_table else self.rows()
        return file_format.blocks(columns, rows, self.about)

    def _finished(self, file_format: FileFormat):
        """A file that is whole before it is sent, so that its length is known."""
        file = tempfile.TemporaryFile()  # noqa: SIM115 the response closes it
        try:
            self._write(file, file_format)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file

    def _write(self, file, file_format: FileFormat):
        if file_format.extension == "pdf":
            words = Words(gettext("Index"), gettext("Without a country"))
            pdf_file(file, self.rows(), self.about(), words, self.language)
        else:
            sheets = (gettext("List"), gettext("About this list"))
            columns = self.columns(file_format)
            xlsx_file(file, columns, rows_of(self.tables(columns)), self.about(), sheets)


@dataclass
class RecordsDownload(Download):
    """A list of programmes, films or events, whose columns are always the same: all of the kind, by `table`."""

    table: RecordTable | None = None

    @property
    def row_choice(self) -> str:
        return self.source.default_rows

    def columns(self, file_format: FileFormat) -> list[Column]:
        return self.table.in_calendar if file_format.extension == "ics" else self.table.columns

    def _choices(self) -> list[tuple[str, str, str]]:
        return []


def _with_head(blocks: Iterator[str]) -> Iterator[str]:
    """The blocks, the first two as one: a head without rows looks like a whole file of an empty list.

    So nothing is sent before the database has given a first row, or said that there is none.
    """
    yield next(blocks, "") + next(blocks, "")
    yield from blocks


def in_language(language: str, blocks: Iterable[Any]) -> Iterator[Any]:
    """Make each block while the language is active: by then the request's own is switched off."""
    blocks = iter(blocks)
    while True:
        with translation.override(language):
            block = next(blocks, None)
        if block is None:
            return
        yield block
