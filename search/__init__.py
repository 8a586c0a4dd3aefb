"""Text to records: vocabulary, queries, ranking, duplicates; and the machinery of lists: facets, pages.

Belongs here: how text finds records of any kind, and how a list is filtered, counted and divided into pages. Does not
belong here: which records there are; models inherit `Searchable` and are found by that. May import
`database`, `languages`, `web`.
"""
