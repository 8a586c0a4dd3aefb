"""Base of all records: key, slug, names, publication, sources, contacts, checks of links, history.

Belongs here: abstract models, rules and template tags shared by several kinds of records; `records.history` holds what
the public and the editors may see of earlier states. Does not belong here: one kind of record, or a form of the admin.
May import `database`, `languages`, `web`, `search`.
"""
