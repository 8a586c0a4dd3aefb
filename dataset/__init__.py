"""The data set as YAML files: schema, loader, fixtures, gazetteer, measurements of the search.

Belongs here: reading `data/` into records and writing `fixtures/`. It imports the editors' packages, since replacing
the directory erases withheld people. May import all packages but `cisfilm`.
"""
