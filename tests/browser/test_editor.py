"""Journeys of people who keep the directory true."""

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import expect

from tests.factories import create_country

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a long phrase for one test"


@pytest.fixture
def editor():
    user = User.objects.create_user("editor", password=PASSWORD, is_staff=True)
    # A test that empties the tables takes away the group that a migration made; see the migration for its permissions.
    group, _is_new = Group.objects.get_or_create(name="Editors")
    user.groups.add(group)
    return user
