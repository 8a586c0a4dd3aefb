"""Reading of the lists that are counted in memory, before somebody asks for them."""

import logging
import os

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import QueryDict
from django.utils.translation import override

from records.kinds import kinds
from search.facet_index import current_index, forget_indexes
from search.indexed_lists import IndexedFilterSet

logger = logging.getLogger(__name__)
# A process that is forked while they are read would wait for ever for the lock of one that is half read.
os.register_at_fork(after_in_child=forget_indexes)


def read_lists():
    """Read the indexes of all lists in all languages, for a thread beside the requests; they read what is missing."""
    lists = [kind.searched for kind in kinds().values() if kind.searched]
    try:
        for language, _name in settings.LANGUAGES:
            with override(language):
                for searched in lists:
                    if issubclass(searched.filterset_class, IndexedFilterSet):
                        current_index(searched.filterset_class(QueryDict(), queryset=searched.records()))
    except DatabaseError:
        logger.warning("Lists were not read at the start; the first requests read them.", exc_info=True)
    finally:
        connection.close()
