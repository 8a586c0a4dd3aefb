import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions
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
            name="ChangedRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record_table", models.TextField()),
                ("record_id", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="ListChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("transaction", models.BigIntegerField()),
                ("record_table", models.TextField()),
                ("record_ids", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField())),
                ("noted_at", models.DateTimeField(db_default=django.db.models.functions.Now())),
            ],
            options={"indexes": [models.Index(fields=["record_table", "transaction"], name="listchange_since")]},
        ),
        migrations.CreateModel(
            name="RecordNames",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record_table", models.TextField()),
                ("record_id", models.BigIntegerField()),
                ("keys", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list)),
                ("group", models.TextField(default="")),
                ("country_code", models.CharField(default="", max_length=2)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["keys"], name="recordnames_keys")
                ],
                "constraints": [models.UniqueConstraint(fields=("record_table", "record_id"), name="recordnames_once")],
            },
        ),
        migrations.CreateModel(
            name="VocabularyWord",
            fields=[
                ("word", models.TextField(db_collation="C", primary_key=True, serialize=False)),
                ("record_count", models.PositiveIntegerField()),
                ("keys", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["keys"], name="vocabularyword_keys"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(models.F("word"), name="gin_trgm_ops"),
                        fastupdate=False,
                        name="vocabularyword_parts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SuspectedDuplicate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record_table", models.TextField()),
                ("first_id", models.BigIntegerField()),
                ("second_id", models.BigIntegerField()),
                ("country_code", models.CharField(max_length=2, null=True, verbose_name="country")),
                ("found_at", models.DateTimeField(auto_now_add=True, verbose_name="found")),
                ("is_dismissed", models.BooleanField(default=False, verbose_name="different records")),
                ("dismissed_at", models.DateTimeField(blank=True, null=True, verbose_name="reviewed")),
                (
                    "dismissed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="editor",
                    ),
                ),
            ],
            options={
                "verbose_name": "suspected duplicate",
                "verbose_name_plural": "suspected duplicates",
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_dismissed", False)),
                        fields=["country_code"],
                        name="suspectedduplicate_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record_table", "first_id", "second_id"), name="suspectedduplicate_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first_id__lt", models.F("second_id"))), name="suspectedduplicate_in_order"
                    ),
                ],
            },
        ),
    ]
