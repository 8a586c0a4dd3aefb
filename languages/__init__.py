"""Languages, scripts and dates: romanisation, keyboard layouts, partial dates, languages by country.

Belongs here: pure functions and fields about names, words and dates in any script; template filters for them; the guard
against control characters. Does not belong here: anything that knows a record, or HTTP. Imports nothing of this
project.
"""
