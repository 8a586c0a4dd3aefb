"""Search for records by text: vocabulary, queries, ranking, duplicates; and lists: facets, pages.

Belongs here: how text finds records of any kind, and how a list is filtered, counted and divided into pages. Does not
belong here: the kinds of records; models inherit `Searchable` and are found by that. May import `languages`, `web`.
"""
