"""Tests of settings in the project file that affect every start."""

import tomllib

from django.conf import settings


def test_starting_a_command_compiles_no_libraries():
    # With `compile-bytecode` each `uv run` looks through thousands of files of libraries first.
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text("utf-8"))

    assert not project["tool"]["uv"].get("compile-bytecode")
