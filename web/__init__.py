"""HTTP: limits on requests and clients, own paths, ids in requests, charsets, compression, theme, timeouts.

Belongs here: middleware, and functions about requests and responses for all packages. Does not belong here: anything
that knows a record. Imports nothing of this project but `languages`.
"""
