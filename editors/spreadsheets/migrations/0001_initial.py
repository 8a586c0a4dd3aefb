import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cisfilm", "0001_extensions"),
        ("institutions", "0001_initial"),
        ("reversion", "0002_add_index_on_version_for_content_type_and_db"),
        ("sources", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RememberedHeading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("heading", models.TextField(unique=True, verbose_name="heading")),
                ("field", models.CharField(blank=True, max_length=40, verbose_name="field")),
            ],
            options={
                "verbose_name": "remembered heading",
                "verbose_name_plural": "remembered headings",
            },
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file_name", models.CharField(max_length=255, verbose_name="file")),
                ("file_format", models.CharField(choices=[("csv", "CSV"), ("xlsx", "XLSX")], max_length=4)),
                ("delimiter", models.CharField(blank=True, max_length=1)),
                ("headings", django.contrib.postgres.fields.ArrayField(base_field=models.TextField())),
                (
                    "columns",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(blank=True, max_length=40)),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("columns", "columns to be matched"),
                            ("words", "words to be mapped"),
                            ("preview", "to be reviewed"),
                            ("imported", "imported"),
                            ("undone", "undone"),
                        ],
                        default="columns",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "publication_state",
                    models.CharField(
                        choices=[("draft", "draft"), ("published", "published"), ("archived", "archived")],
                        default="draft",
                        max_length=10,
                        verbose_name="new records",
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="sent")),
                ("imported_at", models.DateTimeField(blank=True, null=True, verbose_name="imported")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="editor",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        help_text="Where the facts come from, unless a row names its own source.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sources.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "imported spreadsheet",
                "verbose_name_plural": "imported spreadsheets",
                "ordering": ["-made_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["columns", "words", "preview", "imported", "undone"])),
                        name="import_state_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("headings__len", models.F("columns__len"))),
                        name="import_column_for_each_heading",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.PositiveIntegerField(verbose_name="line")),
                ("cells", django.contrib.postgres.fields.ArrayField(base_field=models.TextField(blank=True))),
                ("faults", models.JSONField(default=dict)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("new", "new"),
                            ("update", "update"),
                            ("unchanged", "unchanged"),
                            ("duplicate", "duplicate?"),
                            ("skipped", "skipped"),
                            ("error", "error"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("choice", models.CharField(blank=True, max_length=20)),
                (
                    "candidates",
                    django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list),
                ),
                ("changes", models.JSONField(default=list)),
                ("errors", models.JSONField(default=dict)),
                ("notes", models.JSONField(default=list)),
                ("plan", models.JSONField(default=dict)),
                ("journal", models.JSONField(default=list)),
                ("undo_problem", models.TextField(blank=True)),
                (
                    "institution",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="institutions.institution",
                    ),
                ),
                (
                    "spreadsheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="intake.import"
                    ),
                ),
            ],
            options={
                "verbose_name": "row of a spreadsheet",
                "verbose_name_plural": "rows of spreadsheets",
                "ordering": ["line"],
                "indexes": [
                    models.Index(fields=["spreadsheet", "outcome"], name="importrow_by_outcome"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("spreadsheet", "line"), name="importrow_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__in", ["", "new", "update", "unchanged", "duplicate", "skipped", "error"])
                        ),
                        name="importrow_outcome_known",
                        violation_error_message="Unknown value.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportRevision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "revision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="reversion.revision"
                    ),
                ),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="revisions", to="intake.importrow"
                    ),
                ),
            ],
            options={
                "verbose_name": "revision by an import",
                "verbose_name_plural": "revisions by imports",
            },
        ),
        migrations.CreateModel(
            name="RememberedWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=40, verbose_name="field")),
                ("country_code", models.CharField(blank=True, max_length=2, verbose_name="country")),
                ("word", models.TextField(verbose_name="word")),
                ("meaning", models.CharField(blank=True, max_length=200, verbose_name="meaning")),
            ],
            options={
                "verbose_name": "remembered word",
                "verbose_name_plural": "remembered words",
                "constraints": [
                    models.UniqueConstraint(fields=("field", "country_code", "word"), name="rememberedword_once")
                ],
            },
        ),
    ]
