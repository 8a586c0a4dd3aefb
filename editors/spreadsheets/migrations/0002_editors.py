from importlib import import_module

from django.db import migrations

# Made by the first migration of groups; the same way of making permissions serves here.
make_permissions = import_module("cooperation.migrations.0002_editors").make_permissions
GROUPS = {
    "Editors": ["add", "change", "view"],
    "Country editors": ["add", "change", "view"],
    "Administrators": ["add", "change", "view", "delete"],
}


def permit_editors(apps, schema_editor):
    """Editors import spreadsheets; only administrators delete what is known of an import."""
    for name, actions in GROUPS.items():
        group, _made = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.add(*make_permissions(apps, "intake", "import", actions))


class Migration(migrations.Migration):
    dependencies = [
        ("cooperation", "0002_editors"),
        ("intake", "0001_imports"),
    ]

    operations = [migrations.RunPython(permit_editors, migrations.RunPython.noop, elidable=False)]
