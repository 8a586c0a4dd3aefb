from importlib import import_module

from django.db import migrations

editors = import_module("cooperation.migrations.0002_editors")


def permit_editors(apps, schema_editor):
    """The groups: country editors do what editors do, where their countries allow it; administrators also delete."""
    groups = apps.get_model("auth", "Group").objects
    country_editors = groups.get_or_create(name="Country editors")[0]
    administrators = groups.get_or_create(name="Administrators")[0]
    for models_of_apps, actions, further in [
        (editors.RECORDS, ["add", "change", "view"], ["delete"]),
        (editors.ROWS, ["add", "change", "view", "delete"], []),
        (editors.LOOKED_UP, ["view"], []),
    ]:
        for app_label, model_names in models_of_apps.items():
            for model_name in model_names:
                permissions = list(editors.make_permissions(apps, app_label, model_name, actions))
                country_editors.permissions.add(*permissions)
                administrators.permissions.add(
                    *permissions, *editors.make_permissions(apps, app_label, model_name, further)
                )


class Migration(migrations.Migration):
    dependencies = [("cooperation", "0004_people_to_choose")]

    operations = [migrations.RunPython(permit_editors, migrations.RunPython.noop, elidable=False)]
