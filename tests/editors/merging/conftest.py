import pytest

from tests.factories import create_editor


@pytest.fixture
def desk(client):
    """Client of an editor who is logged in."""
    client.force_login(create_editor())
    return client
