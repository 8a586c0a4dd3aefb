"""Events and films, and their participants.

Belongs here: models, filters, pages, structured data. May import `people` and the packages below it.
"""
