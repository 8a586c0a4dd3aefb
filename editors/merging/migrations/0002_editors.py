from importlib import import_module

from django.db import migrations

make_permissions = import_module("cooperation.migrations.0002_editors").make_permissions


def permit_editors(apps, schema_editor):
    """Whoever changes records looks up merges and undoes them, which the permission to change the records allows."""
    permissions = list(make_permissions(apps, "merging", "merge", ["view"]))
    for name in ("Editors", "Country editors", "Administrators"):
        group, _made = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.add(*permissions)


class Migration(migrations.Migration):
    dependencies = [("merging", "0001_merges"), ("cooperation", "0002_editors")]

    operations = [migrations.RunPython(permit_editors, migrations.RunPython.noop, elidable=False)]
