"""Open-data releases: dated folders with all public records, as CSV, JSON Lines, SQLite and Popolo.

Records are those of the interface for programs, with the same members. All other files of a release are made of its
JSON Lines, so that an old release can be made anew without those who have been withheld since.
"""
