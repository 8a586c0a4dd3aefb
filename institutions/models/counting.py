"""Indexes for the first institutions of each kind in a country."""

from django.db import models
from django.db.models import Q

from languages.of_interface import COLUMN_TAGS
from records.base import PublicationState

PUBLISHED = Q(publication_state=PublicationState.PUBLISHED)
# For `Tally`, and for the first institutions of each kind in a country: all that is needed, without reading the rows.
COUNTING = [
    models.Index(fields=["country", "is_international", "kind", "city"], condition=PUBLISHED, name="institution_tally"),
    *(
        models.Index(
            fields=["country", "kind", f"sort_key_{tag}", "key"],
            include=["id"],
            condition=PUBLISHED,
            name=f"institution_first_{tag}",
        )
        for tag in COLUMN_TAGS
    ),
]
