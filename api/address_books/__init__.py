"""Contacts as address books of phones and mail programs: CardDAV (RFC 6352), read-only and without login.

What a card says is taken from `exports`, and which records a book holds from the filters of lists and from saved lists.
"""
