"""The formats in which a list can be taken away: the one table behind the page's buttons and the addresses."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from .formats.address_books import google_file, outlook_file
from .formats.calendar_file import calendar_file
from .formats.csv_file import csv_file
from .formats.email_file import email_file
from .formats.json_file import json_file
from .formats.vcard import vcard_3, vcard_4, vcard_file

XLSX_ROW_LIMIT = 50_000
PDF_ROW_LIMIT = 2_000


@dataclass(frozen=True)
class FileFormat:
    """One kind of file.

    `blocks` makes it piece by piece from columns, rows and a function that gives the statements about the list.
    A workbook and a printed directory have none: they are finished before they are sent, and have a `row_limit`.
    """

    name: str
    label: Any
    note: Any
    extension: str
    content_type: str
    blocks: Callable | None = None
    row_limit: int | None = None
    # The visitor's choice of columns has a say in it.
    takes_columns: bool = False
    # Rows come as tables, lists of cells for each column; else they are `ContactRow`.
    is_table: bool = False

    @property
    def name_in_file_names(self) -> str:
        """Tells files of one list apart that have the same extension."""
        return "" if self.name == self.extension else self.name


XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
CARD_TYPE = "text/vcard; charset=utf-8"
FORMATS = {
    chosen.name: chosen
    for chosen in [
        FileFormat(
            "xlsx",
            pgettext_lazy("file", "Excel workbook"),
            _("opens in Excel and LibreOffice; up to 50,000 rows"),
            "xlsx",
            XLSX_TYPE,
            row_limit=XLSX_ROW_LIMIT,
            takes_columns=True,
            is_table=True,
        ),
        FileFormat(
            "csv",
            pgettext_lazy("file", "Table as text (CSV)"),
            _("for any program; any number of rows"),
            "csv",
            CSV_TYPE,
            lambda columns, rows, about: csv_file(columns, rows),
            takes_columns=True,
            is_table=True,
        ),
        FileFormat(
            "vcf",
            pgettext_lazy("file", "Contact cards (vCard 4)"),
            _("names in every script; for newer address books"),
            "vcf",
            CARD_TYPE,
            lambda columns, rows, about: vcard_file(vcard_4, rows),
        ),
        FileFormat(
            "vcf3",
            pgettext_lazy("file", "Contact cards (vCard 3)"),
            _("for telephones, Apple and older address books"),
            "vcf",
            CARD_TYPE,
            lambda columns, rows, about: vcard_file(vcard_3, rows),
        ),
        FileFormat(
            "google",
            pgettext_lazy("file", "Google Contacts"),
            _("CSV with Google's own headings"),
            "csv",
            CSV_TYPE,
            lambda columns, rows, about: google_file(rows),
        ),
        FileFormat(
            "outlook",
            pgettext_lazy("file", "Outlook"),
            _("CSV with Outlook's own headings"),
            "csv",
            CSV_TYPE,
            lambda columns, rows, about: outlook_file(rows),
        ),
        FileFormat(
            "mailmerge",
            pgettext_lazy("file", "Mail merge"),
            _("workbook for letters: form of address, patronymic, envelope; up to 50,000 rows"),
            "xlsx",
            XLSX_TYPE,
            row_limit=XLSX_ROW_LIMIT,
            is_table=True,
        ),
        FileFormat(
            "emails",
            pgettext_lazy("file", "E-mail addresses only"),
            _("one a line, each once, for the field “Bcc”"),
            "txt",
            "text/plain; charset=utf-8",
            lambda columns, rows, about: email_file(rows, gettext("This list has no e-mail addresses.")),
        ),
        FileFormat(
            "json",
            pgettext_lazy("file", "JSON data"),
            _("with stable ids"),
            "json",
            "application/json",
            lambda columns, rows, about: json_file(columns, rows, about()),
            takes_columns=True,
            is_table=True,
        ),
        FileFormat(
            "pdf",
            pgettext_lazy("file", "Printed directory (PDF)"),
            _("by country, with an index; up to 2,000 rows"),
            "pdf",
            "application/pdf",
            row_limit=PDF_ROW_LIMIT,
        ),
    ]
}
# Of lists whose rows are no contacts.
TABLES = {name: FORMATS[name] for name in ("xlsx", "csv", "json")}
CALENDAR_TYPE = "text/calendar; charset=utf-8"
FORMATS_OF_EVENTS = TABLES | {
    "ics": FileFormat(
        "ics",
        pgettext_lazy("file", "Calendar (iCalendar)"),
        _("events of which the day is known; for any calendar"),
        "ics",
        CALENDAR_TYPE,
        lambda columns, rows, about: calendar_file(columns, rows, about()),
        is_table=True,
    )
}
