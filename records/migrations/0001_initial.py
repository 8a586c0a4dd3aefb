import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.functions.text
from django.db import migrations, models

import languages.partial_dates


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cisfilm", "0001_extensions"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportedRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40, verbose_name="kind of record")),
                ("key", models.CharField(max_length=1000, verbose_name="key of the record")),
                ("written", models.JSONField(default=dict, verbose_name="hashes of the written values")),
            ],
            options={
                "verbose_name": "imported record",
                "verbose_name_plural": "imported records",
                "ordering": ["kind", "key"],
                "constraints": [models.UniqueConstraint(fields=("kind", "key"), name="importedrecord_once")],
            },
        ),
        migrations.CreateModel(
            name="LinkCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("url", models.CharField(max_length=1000, unique=True, verbose_name="address")),
                ("checked_at", models.DateTimeField(verbose_name="reviewed")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("works", "works"),
                            ("moved", "works, at another site"),
                            ("refused", "the site refuses programs"),
                            ("robots", "excluded by robots.txt"),
                            ("certificate", "the certificate is not trusted"),
                            ("gone", "page not found"),
                            ("error", "the site reports an error"),
                            ("no-host", "no such site"),
                            ("no-answer", "no answer"),
                            ("redirects", "redirects lead nowhere"),
                            ("not-public", "not a public internet address"),
                            ("unreadable", "invalid URL"),
                        ],
                        max_length=20,
                        verbose_name="outcome",
                    ),
                ),
                ("status_code", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="status code")),
                ("final_url", models.CharField(blank=True, max_length=1000, verbose_name="redirects to")),
                ("failures", models.PositiveIntegerField(default=0, verbose_name="failures in a row")),
                ("failing_since", models.DateField(blank=True, null=True, verbose_name="failing since")),
            ],
            options={
                "verbose_name": "link check",
                "verbose_name_plural": "link checks",
                "ordering": ["url"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "outcome__in",
                                [
                                    "works",
                                    "moved",
                                    "refused",
                                    "robots",
                                    "certificate",
                                    "gone",
                                    "error",
                                    "no-host",
                                    "no-answer",
                                    "redirects",
                                    "not-public",
                                    "unreadable",
                                ],
                            )
                        ),
                        name="linkcheck_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("failing_since", None), ("failures", 0)),
                            models.Q(("failing_since__isnull", False), ("failures__gt", 0)),
                            _connector="OR",
                        ),
                        name="linkcheck_failures_have_a_beginning",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MergedKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record_kind", models.CharField(max_length=40, verbose_name="kind of record")),
                ("key", models.CharField(max_length=120, verbose_name="key of the merged record")),
                (
                    "record_key",
                    models.CharField(
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$", "Use lower-case Latin letters, digits and single hyphens."
                            )
                        ],
                        verbose_name="key of the record",
                    ),
                ),
            ],
            options={
                "verbose_name": "merged key",
                "verbose_name_plural": "merged keys",
                "indexes": [models.Index(fields=["record_kind", "record_key"], name="mergedkey_by_record")],
                "constraints": [
                    models.UniqueConstraint(fields=("record_kind", "key"), name="mergedkey_once"),
                    models.CheckConstraint(
                        condition=models.Q(("key__regex", "^[a-z0-9]+(-[a-z0-9]+)*$")), name="mergedkey_shape"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("key", models.F("record_key")), _negated=True),
                        name="mergedkey_means_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PastSlug",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record_kind", models.CharField(max_length=40, verbose_name="kind of record")),
                (
                    "slug",
                    models.CharField(
                        max_length=100,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$", "Use lower-case Latin letters, digits and single hyphens."
                            )
                        ],
                        verbose_name="old address",
                    ),
                ),
                (
                    "record_key",
                    models.CharField(
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$", "Use lower-case Latin letters, digits and single hyphens."
                            )
                        ],
                        verbose_name="key of the record",
                    ),
                ),
            ],
            options={
                "verbose_name": "past address",
                "verbose_name_plural": "past addresses",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record_kind", "slug"),
                        name="pastslug_once",
                        violation_error_message="This address was already used by a record and can't be given again.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("slug__regex", "^[a-z0-9]+(-[a-z0-9]+)*$")), name="pastslug_shape"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("url", models.URLField(max_length=1000, unique=True, verbose_name="address")),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                ("publisher", models.CharField(blank=True, max_length=200, verbose_name="publisher")),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        max_length=8,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z]{2,3}(-[A-Z][a-z]{3})?$", "Write a language tag such as kk, az or uz-Cyrl."
                            )
                        ],
                        verbose_name="language",
                    ),
                ),
                (
                    "published_on",
                    languages.partial_dates.PartialDateField(
                        blank=True, db_collation="C", max_length=10, null=True, verbose_name="published on"
                    ),
                ),
                ("accessed_on", models.DateField(blank=True, null=True, verbose_name="read on")),
                ("licence", models.CharField(blank=True, max_length=60, verbose_name="licence")),
                ("snapshot_url", models.URLField(blank=True, max_length=1000, verbose_name="archived copy")),
                ("note", models.TextField(blank=True, help_text="Not shown on the site.", verbose_name="note")),
            ],
            options={
                "verbose_name": "source",
                "verbose_name_plural": "sources",
                "ordering": ["title", "url"],
                "indexes": [
                    models.Index(fields=["title", "url"], name="source_by_title"),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("title"), name="gin_trgm_ops"
                        ),
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("publisher"), name="gin_trgm_ops"
                        ),
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("url"), name="gin_trgm_ops"
                        ),
                        name="source_letters",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("url__regex", "^https?://[^\\s/]+")),
                        name="source_url_shape",
                        violation_error_message="Give the full address, with https://.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True),
                        name="source_title_given",
                        violation_error_message="Give the title of the page.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "published_on__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="source_published_on_shape",
                        violation_error_message="Write 2019, 2019-05 or 2019-05-31.",
                    ),
                ],
            },
        ),
    ]
