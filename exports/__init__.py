"""Records to rows, columns and file formats; selections: a visitor's own list, saved lists.

Belongs here: every file that a visitor downloads. `columns.py` declares columns, `facts.py` says facts as expressions,
`reading.py` reads them, `formats/` turns rows into bytes and knows no models. Does not belong here: pages about one
record. May import `cooperation` and rooms below it.
"""
