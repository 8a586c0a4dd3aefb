from django.db import migrations

GROUPS = ["Editors", "Country editors", "Administrators"]


def permit_editors(apps, schema_editor):
    """Editors look link checks up. The permission is made here: Django makes its own only after the last migration."""
    content_type, _made = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="sources", model="linkcheck"
    )
    permission, _made = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename="view_linkcheck", defaults={"name": "Can view link check"}
    )
    for name in GROUPS:
        group, _made = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("sources", "0005_link_checks"),
    ]

    operations = [migrations.RunPython(permit_editors, migrations.RunPython.noop)]
