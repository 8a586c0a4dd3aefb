"""Fixtures of the tests of the data set."""

import shutil
from pathlib import Path

import pytest

from tests.data_sets import VALID


@pytest.fixture
def data_set(tmp_path):
    """Copy of the valid tiny data set, for tests to change."""
    return Path(shutil.copytree(VALID, tmp_path / "data"))
