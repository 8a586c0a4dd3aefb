from django.db import migrations

# An editor enters, changes and archives records, but deletes none: addresses and keys must go on leading somewhere.
RECORDS = {
    "sources": ["source"],
    "institutions": ["country", "city", "institution", "studio", "agency", "programme"],
    "people": ["person"],
    "cooperation": ["event", "film"],
}
# Rows of records may go.
ROWS = {
    "institutions": [
        "countrysource",
        "treaty",
        "institutionname",
        "institutionsource",
        "institutioncontact",
        "stage",
        "programmename",
        "programmesource",
    ],
    "people": ["personname", "personsource", "position", "positionsource", "positioncontact"],
    "cooperation": [
        "eventname",
        "eventsource",
        "participation",
        "filmname",
        "filmsource",
        "filmcountry",
        "filminstitution",
    ],
}
# Only to look up.
LOOKED_UP = {"sources": ["pastslug"]}


def make_editors(apps, schema_editor):
    """The group "Editors". Permissions are made here: Django makes its own only after the last migration."""
    editors, _made = apps.get_model("auth", "Group").objects.get_or_create(name="Editors")
    for models_of_apps, actions in [
        (RECORDS, ["add", "change", "view"]),
        (ROWS, ["add", "change", "view", "delete"]),
        (LOOKED_UP, ["view"]),
    ]:
        for app_label, model_names in models_of_apps.items():
            for model_name in model_names:
                editors.permissions.add(*make_permissions(apps, app_label, model_name, actions))


def make_permissions(apps, app_label, model_name, actions):
    """The permissions as Django would make them, which then finds them done."""
    content_type, _made = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=app_label, model=model_name
    )
    verbose_name = apps.get_model(app_label, model_name)._meta.verbose_name_raw
    for action in actions:
        permission, _made = apps.get_model("auth", "Permission").objects.get_or_create(
            content_type=content_type,
            codename=f"{action}_{model_name}",
            defaults={"name": f"Can {action} {verbose_name}"},
        )
        yield permission


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("sources", "0003_imported_record"),
        ("institutions", "0003_coordinates_are_whole"),
        ("people", "0001_people"),
        ("cooperation", "0001_cooperation"),
    ]

    operations = [migrations.RunPython(make_editors, migrations.RunPython.noop, elidable=False)]
