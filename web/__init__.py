"""HTTP: limits of requests and clients, own paths, ids in requests, charsets, compression, theme, timeouts, kept pages.

Belongs here: middleware, and functions about requests and responses that every room may use. Does not belong here:
anything that knows a record. Imports nothing of this project but `languages` and `database`. `site_client.py` is the
client of other people's sites.
"""
