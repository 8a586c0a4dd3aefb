"""HTTP: limits of requests and clients, own paths, ids in requests, charsets, compression, theme, timeouts, kept pages, a client.

Belongs here: middleware, and functions about requests and responses that every room may use. Does not belong here:
anything that knows a record. `site_client.py` asks other people's sites. Imports nothing of this project but `languages` and `database`.
"""
