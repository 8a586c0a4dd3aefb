"""Tests of the countries that an editor is limited to."""

import pytest
from django.contrib.auth.models import Group, User

from editors.accounts.limits import COUNTRY_EDITORS_GROUP, country_codes
from editors.accounts.models import CountryLimit
from tests.factories import create_editor

pytestmark = pytest.mark.django_db


def test_editor_without_limits_works_on_the_whole_directory():
    assert country_codes(create_editor()) is None


def test_editor_works_on_the_countries_of_the_profile():
    editor = create_editor()
    for code in ["UZ", "TJ"]:
        CountryLimit.objects.create(user=editor, country_code=code)

    assert country_codes(editor) == {"TJ", "UZ"}


def test_country_editor_without_countries_works_on_none():
    editor = create_editor()
    editor.groups.add(Group.objects.get_or_create(name=COUNTRY_EDITORS_GROUP)[0])

    assert country_codes(editor) == set()


def test_superuser_is_never_limited():
    root = User.objects.create_superuser("root")
    CountryLimit.objects.create(user=root, country_code="TJ")

    assert country_codes(root) is None
