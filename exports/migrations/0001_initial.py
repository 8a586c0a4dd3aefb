import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
from django.db import migrations, models

import exports.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cisfilm", "0001_extensions"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "secret",
                    models.CharField(
                        default=exports.models.new_secret, max_length=22, unique=True, verbose_name="secret"
                    ),
                ),
                ("owner_hash", models.CharField(max_length=64, verbose_name="hash of the owner's secret")),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("hand", "made by hand"),
                            ("institutions", "all institutions"),
                            ("studios", "studios"),
                            ("agencies", "agencies"),
                            ("people", "people"),
                        ],
                        max_length=20,
                        verbose_name="where the rows come from",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=100, verbose_name="name")),
                ("query", models.TextField(blank=True, verbose_name="filters")),
                ("picked", models.JSONField(blank=True, default=list, verbose_name="records selected by hand")),
                ("snapshot", models.JSONField(blank=True, default=dict, verbose_name="rows at the last download")),
                (
                    "snapshot_language",
                    models.CharField(default="en", max_length=10, verbose_name="language of these rows"),
                ),
                ("taken_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="last downloaded")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="saved")),
                ("opened_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="last opened")),
            ],
            options={
                "verbose_name": "saved list",
                "verbose_name_plural": "saved lists",
                "indexes": [models.Index(fields=["opened_on"], name="contactlist_by_opening")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("secret__regex", "^[A-Za-z0-9_-]{22}$")), name="contactlist_secret_shape"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("owner_hash__regex", "^[0-9a-f]{64}$")), name="contactlist_owner_hash_shape"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("origin__in", ["hand", "institutions", "studios", "agencies", "people"])),
                        name="contactlist_origin_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("query"), 4000
                        ),
                        name="contactlist_query_length",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            models.Func("picked", function="jsonb_array_length", output_field=models.IntegerField()),
                            500,
                        ),
                        name="contactlist_picked_length",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("origin", "hand"), ("query", "")),
                            models.Q(models.Q(("origin", "hand"), _negated=True), ("picked", [])),
                            _connector="OR",
                        ),
                        name="contactlist_by_hand_or_by_filter",
                        violation_error_message="A list is made by hand or by filters, not both.",
                    ),
                ],
            },
        ),
    ]
