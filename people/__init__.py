"""People, the posts they hold or held, and the names of those who asked not to be listed.

Belongs here: models, filters, pages, structured data, and the test by which a withheld name is recognised and erased
from texts (`withheld_names.py`, `erasing.py`). Does not belong here: who else has to forget somebody
(`editors.withholding`). May import `institutions` and the rooms below it.
"""
