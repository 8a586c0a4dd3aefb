"""The parts of a column, and the choices of a visitor that it is there for; columns.py has the columns themselves."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from .facts import Fact
from .texts import BETWEEN_VALUES
from .wording import SEPARATOR, Wording


class Cell(Enum):
    """Type of a cell, for formats that know more than text."""

    TEXT = "text"
    TELEPHONE = "telephone"
    LINK = "link"
    DATE = "date"
    NUMBER = "number"
    # Several lines.
    BLOCK = "block"


class RowChoice(models.TextChoices):
    INSTITUTIONS = "institutions", _("institutions")
    REPRESENTATIVES = "representatives", _("representatives")
    BOTH = "both", _("institutions and representatives")


class NameChoice(models.TextChoices):
    ALL = "all", _("all, in separate columns")
    ENGLISH = "en", _("English")
    RUSSIAN = "ru", _("Russian")
    NATIVE = "native", _("native")
    LATIN_AND_NATIVE = "latin-native", _("Latin and native names")


EVERY_ROW = frozenset(RowChoice.values)
OF_INSTITUTIONS = frozenset([RowChoice.INSTITUTIONS.value, RowChoice.BOTH.value])
OF_PEOPLE = frozenset([RowChoice.REPRESENTATIVES.value, RowChoice.BOTH.value])
EVERY_NAME = frozenset(NameChoice.values)
ONE_NAME = frozenset(["en", "ru", "native"])


@dataclass(frozen=True)
class Column:
    """One fact of a row.

    The database gives the texts of `facts`. The first is the cell, unless `read` makes a function of the `Wording` of
    a file, which makes the cell of all of them. A cell is a text; values of a cell that `is_list` have
    `BETWEEN_VALUES` between them, and programs get an object where values are `is_named`, as in "ror: 028023c94". A
    column without facts is told by the list itself. Formats guard `is_free_text`
    cells, which a spreadsheet might take for a formula. `rows` and `names` say for which choices of the visitor the
    column is there. Columns that are `always` there let anybody check a row and find its record again; one with
    `only_in` tells something only in lists of that kind: of those who take part in an "event", of the "changes" of a
    saved list, or of those in post on a "date".
    """

    name: str
    label: Any
    facts: tuple[Fact, ...] = ()
    read: Callable[[Wording], Callable[..., str]] | None = None
    is_free_text: bool = True
    cell: Cell = Cell.TEXT
    is_list: bool = False
    is_named: bool = False
    rows: frozenset[str] = EVERY_ROW
    names: frozenset[str] = EVERY_NAME
    always: bool = False
    only_in: str = ""
    # Other words for the heading over other rows: an institution's name and a person's are two words in Russian.
    labels: dict[str, Any] = field(default_factory=dict)

    def text(self, cell: str) -> str:
        return cell.replace(BETWEEN_VALUES, SEPARATOR) if self.is_list else cell

    def values(self, cell: str) -> str | float | list[str] | dict[str, str] | None:
        """The cell for programs: a number; each value where it `is_list`, by its name where these are `is_named`."""
        if self.cell is Cell.NUMBER:
            return (float(cell) if "." in cell else int(cell)) if cell else None
        if not self.is_list:
            return cell
        values = cell.split(BETWEEN_VALUES) if cell else []
        return dict(value.split(": ", 1) for value in values) if self.is_named else values
