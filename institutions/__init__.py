"""Countries, cities, institutions with their contacts and stages, programmes.

Belongs here: models, filters, pages, structured data. Does not belong here: people, files, the admin. May import
`records` and the packages below it.
"""
