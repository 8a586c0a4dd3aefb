from contextlib import ExitStack

import pytest

from tests.factories import create_country
from tests.local_site import closing_site


@pytest.fixture
def serve():
    """Return a function that lets a site run until the end of the test."""
    with ExitStack() as sites:
        yield lambda site: sites.enter_context(closing_site(site))


@pytest.fixture
def kazakhstan():
    return create_country(code="KZ")
