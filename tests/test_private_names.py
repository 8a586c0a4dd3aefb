"""Names of packages that are not documented: each is used in one place, and an upgrade that changes it is noticed."""

import ast
import inspect

import pytest
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from reversion.admin import VersionAdmin
from reversion.revisions import _get_options

from institutions.models import Institution

PACKAGES = ("allauth", "reversion")
NOT_DOCUMENTED = {
    ("editors/accounts/proved.py", "allauth.account.internal.flows.login.record_authentication"),
    ("editors/forms/history_admin.py", "_reversion_revisionform_view"),
    ("records/history/entries.py", "reversion.revisions._get_options"),
}


def private_names(text):
    """Private names of the packages that a module imports, overrides or asks of their objects."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in PACKAGES:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name for name in names if any(part == "internal" or part[0] == "_" for part in name.split(".")))
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("_reversion"):
            yield node.name
        elif isinstance(node, ast.Attribute) and (
            node.attr == "_content_type" or (node.attr == "_model" and ast.unparse(node.value) == "version")
        ):
            yield ast.unparse(node)


def test_private_names_are_used_in_one_place_each():
    folders = [folder for folder in settings.BASE_DIR.iterdir() if (folder / "__init__.py").exists()]
    modules = [path for folder in folders if folder.name != "tests" for path in folder.rglob("*.py")]

    used = {(path, name) for path in modules for name in private_names(path.read_text())}

    assert {(str(path.relative_to(settings.BASE_DIR)), name) for path, name in used} == NOT_DOCUMENTED


@pytest.mark.parametrize(
    ("function", "parameters"),
    [
        (record_authentication, ["request", "user", "method", "extra_data"]),
        (VersionAdmin._reversion_revisionform_view, ["self", "request", "version", "template_name", "extra_context"]),
        (_get_options, ["model"]),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_private_functions_take_what_they_are_given(function, parameters):
    assert list(inspect.signature(function).parameters) == parameters


def test_both_ways_back_go_through_the_overridden_method():
    for view in (VersionAdmin.revision_view, VersionAdmin.recover_view):
        assert "_reversion_revisionform_view" in view.__code__.co_names


def test_history_is_told_which_fields_and_rows_are_kept():
    options = _get_options(Institution)

    assert {"name_en", "country"} <= set(options.fields)
    assert "contacts" in options.follow
