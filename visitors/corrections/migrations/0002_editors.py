from importlib import import_module

from django.db import migrations

make_permissions = import_module("cooperation.migrations.0002_editors").make_permissions
GROUPS = ["Editors", "Country editors", "Administrators"]
# Readers and institutions write them; editors answer, and look letters up. That one wants no letters may be taken back.
PERMITTED = {
    "correction": ["view", "change"],
    "confirmationrequest": ["view"],
    "nomoreletters": ["view", "delete"],
}


def permit_editors(apps, schema_editor):
    for group_name in GROUPS:
        group, _made = apps.get_model("auth", "Group").objects.get_or_create(name=group_name)
        for model_name, actions in PERMITTED.items():
            group.permissions.add(*make_permissions(apps, "corrections", model_name, actions))


class Migration(migrations.Migration):
    dependencies = [
        ("corrections", "0001_corrections"),
        ("cooperation", "0002_editors"),
    ]

    operations = [migrations.RunPython(permit_editors, migrations.RunPython.noop, elidable=False)]
