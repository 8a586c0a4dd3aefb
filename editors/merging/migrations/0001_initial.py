import django.contrib.postgres.fields
import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cisfilm", "0001_extensions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "record_kind",
                    models.CharField(
                        choices=[("institution", "institution"), ("person", "person")],
                        max_length=20,
                        verbose_name="kind of record",
                    ),
                ),
                ("kept_id", models.BigIntegerField(verbose_name="id of the kept record")),
                ("kept_name", models.CharField(max_length=300, verbose_name="kept record")),
                ("merged_id", models.BigIntegerField(verbose_name="id of the merged record")),
                ("merged_name", models.CharField(max_length=300, verbose_name="merged record")),
                (
                    "country_codes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(blank=True, max_length=2),
                        default=list,
                        help_text="Countries of the two records; an empty string for none.",
                        verbose_name="countries",
                    ),
                ),
                (
                    "changes",
                    models.JSONField(
                        default=list,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        verbose_name="changed rows",
                    ),
                ),
                ("merged_at", models.DateTimeField(auto_now_add=True, verbose_name="merged at")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone at")),
                (
                    "merged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="merged by",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="undone by",
                    ),
                ),
            ],
            options={
                "verbose_name": "merge of two records",
                "verbose_name_plural": "merges of records",
                "ordering": ["-merged_at", "-pk"],
                "indexes": [models.Index(fields=["record_kind", "merged_id"], name="merge_by_merged_record")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("record_kind__in", ["institution", "person"])),
                        name="merge_record_kind_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kept_id", models.F("merged_id")), _negated=True),
                        name="merge_of_two_records",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("undone_at__isnull", False), ("undone_by", None), _connector="OR"),
                        name="merge_undone_at_some_time",
                    ),
                ],
            },
        ),
    ]
