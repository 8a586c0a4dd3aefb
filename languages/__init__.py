"""Letters and dates: romanisation, keyboard layouts, scripts, partial dates, languages of the interface and by country.

Belongs here: pure functions and fields about how people write names, words and dates, in any script; template filters
for them; the guard against control characters. Does not belong here: anything that knows a record, or HTTP. Imports
nothing of this project but `database`.
"""
