from importlib import import_module

from django.db import migrations

make_permissions = import_module("cooperation.migrations.0002_editors").make_permissions

MANAGED = {"auth": ["user", "group"], "accounts": ["countrylimit"]}


def permit_administrators(apps, schema_editor):
    """Administrators manage people, groups and limits to countries, and read the audit lines."""
    administrators = apps.get_model("auth", "Group").objects.get_or_create(name="Administrators")[0]
    for app_label, model_names in MANAGED.items():
        for model_name in model_names:
            actions = ["add", "change", "delete", "view"]
            administrators.permissions.add(*make_permissions(apps, app_label, model_name, actions))
    administrators.permissions.add(*make_permissions(apps, "accounts", "auditline", ["view"]))


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_shared_cache"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(permit_administrators, migrations.RunPython.noop, elidable=False)]
