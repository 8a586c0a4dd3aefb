"""The guard against control characters."""

from django.db import migrations

from database.triggers import Trigger


def no_control_characters(model):
    return migrations.AddConstraint(
        model,
        Trigger(
            name=f"{model}_no_control_characters",
            fires="AFTER INSERT OR UPDATE",
            condition=r"NEW::text ~ '[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]'",
            function="cisfilm_refuse_control_characters",
        ),
    )


def moves_data_version(model):
    return migrations.AddConstraint(
        model,
        Trigger(
            name=f"{model}_data_version",
            fires="AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE",
            function="web_note_data_change",
            level="STATEMENT",
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("corrections", "0001_initial"), ("web", "0002_triggers")]

    operations = [
        *map(no_control_characters, ["correction", "confirmationrequest", "mailbox"]),
        moves_data_version("correction"),
    ]
