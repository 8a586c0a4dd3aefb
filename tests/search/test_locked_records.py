"""Tests of the words of records that another transaction locks."""

import psycopg
import pytest
from django.db import connection

from institutions.models import Institution
from search.models import ChangedRecord
from search.rebuilding import rebuild_changed
from tests.factories import create_institution
from tests.search_words import assert_words_are_true

# Apart from other tests of words, which share records in one transaction.
pytestmark = pytest.mark.django_db(transaction=True)


def test_record_that_somebody_is_changing_waits():
    """Check that the note on the record is kept for the next run."""
    studio = create_institution(name_en="Tajikfilm")
    rebuild_changed()
    Institution.objects.filter(pk=studio.pk).update(name_ru="Ковчег")
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
        other.execute("SELECT FROM institutions_institution WHERE id = %s FOR UPDATE", [studio.pk])
        rebuild_changed()
        assert ChangedRecord.objects.filter(record_table="institutions_institution").exists()

    rebuild_changed()

    assert not ChangedRecord.objects.exists()
    assert_words_are_true()
