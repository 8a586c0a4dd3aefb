"""PostgreSQL extensions, created before all tables, and the table of commands that ran."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name="CommandRun",
            fields=[
                (
                    "command",
                    models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="command"),
                ),
                ("succeeded_at", models.DateTimeField(null=True, verbose_name="last success")),
                ("failed_at", models.DateTimeField(null=True, verbose_name="last failure")),
                ("seconds", models.FloatField(default=0, verbose_name="how long the last run took")),
            ],
            options={"verbose_name": "run of a command", "verbose_name_plural": "runs of commands"},
        ),
    ]
