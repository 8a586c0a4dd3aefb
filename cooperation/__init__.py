"""Events and films, and who took part.

Belongs here: models, filters, pages, structured data. May import `people` and the rooms below it.
"""
