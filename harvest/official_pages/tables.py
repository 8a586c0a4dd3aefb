"""Tables: rows that are one line, heads of columns, and cells that cover several rows."""

from .words import has

CELLS = ("td", "th")
BLOCKS_IN_CELLS = ("p", "div", "ul", "ol", "table", "dl", "br", "h1", "h2", "h3", "h4", "h5", "h6", "hr")
LONGEST_HEAD = 60
LONGEST_CELL, MOST_LINES_IN_ROW = 300, 12


class _Table:
    def __init__(self, element):
        self.element, self.heads, self.rows = element, {}, 0
        # By column: how many more rows a cell covers, and its text.
        self.covered: dict[int, tuple[int, str]] = {}


class Tables:
    """The tables around the present element, and the row whose cells make one line."""

    def __init__(self):
        self._tables: list[_Table] = []
        self._row = None
        self._cells: list[tuple[int, int, object]] = []
        self._column = 0
        self._head = ""

    def is_in_simple_row(self, element) -> bool:
        """Return whether the element stands in a row that is one line."""
        return self._row is not None and element is not self._row

    def start(self, element):
        if element.tag == "table":
            self._tables.append(_Table(element))
        elif element.tag == "tr" and self._tables:
            self._tables[-1].rows += 1
            self._row = element if _is_simple(element) else None
            self._cells, self._column, self._head = [], 0, ""

    def end(self, element):
        if element.tag == "table" and self._tables and self._tables[-1].element is element:
            self._tables.pop()
        elif element.tag == "tr":
            self._row = None

    def cell(self, element, place: int):
        """Note that a cell begins at this place of the line."""
        covered = self._tables[-1].covered
        while self._column in covered:
            rows, text = covered[self._column]
            self._head = self._head or text
            covered[self._column] = (rows - 1, text)
            if rows <= 1:
                del covered[self._column]
            self._column += 1
        self._cells.append((place, self._column, element))
        self._column += _span(element, "colspan")

    def context(self, length: int) -> tuple[tuple[tuple[int, str], ...], str]:
        """Return the heads of the columns by their places in the line, and the text of a cell from a row above."""
        if self._row is None or not self._tables or not self._cells:
            return (), ""
        table = self._tables[-1]
        if self._is_head(table):
            table.heads = {column: _text(element) for _place, column, element in self._cells}
            return (), ""
        return tuple((place, table.heads.get(column, "")) for place, column, _element in self._cells), self._head

    def end_line(self):
        if self._row is None or not self._tables:
            return
        for _place, column, element in self._cells:
            if (rows := _span(element, "rowspan")) > 1:
                self._tables[-1].covered[column] = (rows - 1, _text(element))
        self._cells = []

    def _is_head(self, table):
        texts = [_text(element) for _place, _column, element in self._cells]
        if len(texts) < 2 or any(
            len(text) > LONGEST_HEAD or any(map(str.isdigit, text)) or "@" in text for text in texts
        ):
            return False
        if all(element.tag == "th" for _place, _column, element in self._cells):
            return True
        return table.rows == 1 and any(has(kind, text) for text in texts for kind in ("phone", "email", "fax"))


def _is_simple(row):
    """Return whether the row is one line: each cell holds one, or the first names what stands in the others."""
    cells = [cell for cell in row if cell.tag in CELLS]
    if not cells or row.find(".//table") is not None:
        return False
    first, *others = cells
    blocks = [sum(1 for _block in cell.iter(*BLOCKS_IN_CELLS)) for cell in cells]
    if max(blocks) <= 1 and row.find(".//br") is None:
        return True
    names = _text(first)
    return (
        blocks[0] <= 1
        and 0 < len(names) <= LONGEST_HEAD
        and first.find(".//a") is None
        and all(len(_text(cell)) <= LONGEST_CELL for cell in others)
        and sum(blocks) <= MOST_LINES_IN_ROW
    )


def is_head_cell(cell) -> bool:
    """Return whether the cell stands first in its row and names what the others hold."""
    is_first = cell.tag in CELLS and cell.getprevious() is None and cell.getnext() is not None
    return is_first and len(_text(cell)) <= LONGEST_HEAD and "@" not in _text(cell) and cell.find(".//a") is None


def _span(element, name):
    value = element.get(name, "1").strip()
    return min(int(value), 100) if value.isascii() and value.isdigit() else 1


def _text(element):
    return " ".join("".join(element.itertext()).split())
