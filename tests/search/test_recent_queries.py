"""Tests of parsed queries that are kept while public data are the same."""

import pytest
from django.db import connection, transaction

from search.rebuilding import rebuild_changed
from search.recent_queries import parsed
from tests.factories import create_institution

pytestmark = pytest.mark.django_db(transaction=True)


def test_text_is_parsed_once_until_somebody_changes_public_data(client, django_assert_num_queries):
    institution = create_institution(name_en="Tulparkino", city=None)
    rebuild_changed()
    addresses = ["/institutions/?q=tulparkino", "/search/?q=tulparkino", "/search/suggest/?q=tulpar"]
    first = [client.get(address).content.decode() for address in addresses]
    assert all("Tulparkino" in page for page in first)

    assert parsed("tulparkino") is parsed(" tulparkino ")
    assert parsed("tulparkino") is not parsed("tulparkino", is_unfinished=True)
    # One for the version of the data, and one for the log of changes.
    with django_assert_num_queries(2):
        assert client.get(addresses[0]).content.decode() == first[0]

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE institutions_institution SET publication_state = 'draft' WHERE id = %s", [institution.pk]
        )
    assert all("Tulparkino" not in client.get(address).content.decode() for address in addresses)


def test_transaction_keeps_its_own_changes_to_itself():
    with transaction.atomic():
        assert parsed("tulparkino") is not parsed("tulparkino")
