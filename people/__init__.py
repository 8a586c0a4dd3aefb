"""People, the posts they hold or held, and the names of withheld people.

Belongs here: models, filters, pages, structured data, and the test that recognises withheld names and removes them from
texts (`withheld_names.py`, `erasing.py`). Does not belong here: the list of erasers (`editors.withholding`). May import
`institutions` and the packages below it.
"""
