import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cisfilm", "0001_extensions"),
        ("sources", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Load",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("happened_at", models.DateTimeField(verbose_name="happened at")),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="sources.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "bulk load",
                "verbose_name_plural": "bulk loads",
            },
        ),
        migrations.CreateModel(
            name="RecordChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record_kind", models.CharField(max_length=40, verbose_name="kind of record")),
                ("record_key", models.CharField(max_length=120, verbose_name="key of the record")),
                (
                    "country_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        blank=True,
                        default=list,
                        help_text="The record's countries at that time.",
                        verbose_name="countries",
                    ),
                ),
                ("changed_at", models.DateTimeField(verbose_name="changed at")),
                ("is_publication", models.BooleanField(default=False, verbose_name="the record was published")),
                (
                    "facts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list, verbose_name="facts"
                    ),
                ),
                (
                    "load",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="history.load",
                        verbose_name="bulk load",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a record",
                "verbose_name_plural": "changes of records",
                "indexes": [
                    models.Index(fields=["record_kind", "record_key", "-changed_at"], name="recordchange_of_record"),
                    models.Index(fields=["-changed_at"], name="recordchange_newest"),
                    django.contrib.postgres.indexes.GinIndex(fields=["country_codes"], name="recordchange_countries"),
                    django.contrib.postgres.indexes.GinIndex(
                        condition=models.Q(("load", None)), fields=["country_codes"], name="recordchange_singly"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("record_kind__regex", "^[a-z]+$")), name="recordchange_kind_shape"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("facts__len", 0), ("is_publication", True)),
                            models.Q(("facts__len__gt", 0), ("is_publication", False)),
                            _connector="OR",
                        ),
                        name="recordchange_says_something",
                    ),
                ],
            },
        ),
    ]
