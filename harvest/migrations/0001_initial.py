import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import database.triggers
import harvest.origins


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("institutions", "0002_triggers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=300, verbose_name="name")),
                ("fact", models.CharField(max_length=40, verbose_name="fact")),
                ("row", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="row")),
                ("value", models.JSONField(blank=True, default=dict, verbose_name="value")),
                ("value_then", models.TextField(blank=True, verbose_name="value at that time")),
                ("digest", models.CharField(editable=False, max_length=64)),
                (
                    "origin",
                    models.CharField(choices=harvest.origins.origin_choices, max_length=20, verbose_name="from"),
                ),
                ("licence", models.CharField(blank=True, max_length=60, verbose_name="licence")),
                ("url", models.URLField(blank=True, max_length=1000, verbose_name="page")),
                ("title", models.CharField(blank=True, max_length=300, verbose_name="title of the page")),
                ("quotation", models.CharField(blank=True, max_length=500, verbose_name="quotation")),
                ("found_on", models.DateField(default=django.utils.timezone.localdate, verbose_name="found on")),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), blank=True, default=list, verbose_name="reasons"
                    ),
                ),
                ("confidence", models.PositiveSmallIntegerField(default=50, verbose_name="confidence in percent")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("accepted", "accepted"),
                            ("declined", "declined"),
                            ("superseded", "superseded"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("proposed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="proposed")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                ("decided_by", models.CharField(blank=True, max_length=150, verbose_name="decided by")),
                ("journal", models.JSONField(blank=True, default=list, editable=False)),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="institutions.country",
                        verbose_name="country",
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="proposals",
                        to="institutions.institution",
                        verbose_name="institution",
                    ),
                ),
            ],
            options={
                "verbose_name": "proposal",
                "verbose_name_plural": "proposals",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["country", "institution"], name="proposal_inbox"
                    ),
                    models.Index(fields=["decided_at"], name="proposal_by_decision"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("institution", "digest"), name="proposal_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("institution", None), ("name", ""), _connector="XOR"),
                        name="proposal_has_subject",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("fact__regex", "^[a-z]+([-_][a-z0-9]+)*$")), name="proposal_fact_shape"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("value", {}), _negated=True), ("row__isnull", False), _connector="OR"
                        ),
                        name="proposal_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("origin__regex", "^[a-z]+([-_][a-z0-9]+)*$")), name="proposal_origin_shape"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("url", ""), ("url__regex", "^https?://[^\\s/]+"), _connector="OR"),
                        name="proposal_url_shape",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("confidence__lte", 100)), name="proposal_confidence_percent"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "accepted", "declined", "superseded"])),
                        name="proposal_state_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", ""), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="proposal_decision_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "accepted"), ("journal", []), _connector="OR"),
                        name="proposal_journal_of_accepted",
                    ),
                    database.triggers.Trigger(
                        condition="NEW::text ~ '[\\u0001-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]'",
                        fires="AFTER INSERT OR UPDATE",
                        function="cisfilm_refuse_control_characters",
                        level="ROW",
                        name="proposal_no_control_characters",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReadingRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                ("started_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="started")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
            ],
            options={
                "verbose_name": "run over official websites",
                "verbose_name_plural": "runs over official websites",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("finished_at", None)), fields=("country",), name="readingrun_one_unfinished"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("country", ""), ("country__regex", "^[A-Z]{2}$"), _connector="OR"),
                        name="readingrun_country",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("url", models.URLField(max_length=1000, verbose_name="website")),
                ("read_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="read")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("ok", "ok"),
                            ("moved", "moved"),
                            ("parked", "parked"),
                            ("hijacked", "hijacked"),
                            ("under construction", "under construction"),
                            ("forbidden", "forbidden"),
                            ("unreachable", "unreachable"),
                        ],
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("answers", "the front page answers"),
                            ("redirect", "the address leads to another site"),
                            ("moved-words", "the page says that the site has moved"),
                            ("not-its-name", "the other site does not carry the name of the institution"),
                            ("for-sale", "the page of a registrar, or the domain is for sale"),
                            ("server-page", "the page that a web server shows before there is a site"),
                            ("spam", "gambling, medicines or the like in place of the institution"),
                            (
                                "foreign-language",
                                "in a language foreign to the region, without the name of the institution",
                            ),
                            ("other-business", "another business, without the name of the institution"),
                            ("construction-words", "the page says that the site is not ready"),
                            ("robots", "robots.txt excludes programs"),
                            ("refused", "the site refuses programs"),
                            ("captcha", "the site asks visitors to prove that they are human"),
                            ("no-host", "no such site"),
                            ("no-answer", "no answer in time"),
                            ("broken-off", "the connection breaks off"),
                            ("certificate", "the certificate is not trusted"),
                            ("redirects", "redirects lead nowhere"),
                            ("not-public", "not a public internet address"),
                            ("invalid-url", "invalid URL"),
                            ("own-network", "this machine has no network"),
                            ("not-found", "the front page is not found"),
                            ("error", "the site reports an error"),
                        ],
                        max_length=20,
                        verbose_name="reason",
                    ),
                ),
                ("moved_to", models.URLField(blank=True, max_length=2000, verbose_name="moved to")),
                (
                    "institution",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="site_visit",
                        to="institutions.institution",
                        verbose_name="institution",
                    ),
                ),
            ],
            options={
                "verbose_name": "reading of a website",
                "verbose_name_plural": "readings of websites",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                ["ok", "moved", "parked", "hijacked", "under construction", "forbidden", "unreachable"],
                            )
                        ),
                        name="sitevisit_state_known",
                        violation_error_message="Unknown value.",
                    ),
                    database.triggers.Trigger(
                        condition="NEW::text ~ '[\\u0001-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]'",
                        fires="AFTER INSERT OR UPDATE",
                        function="cisfilm_refuse_control_characters",
                        level="ROW",
                        name="sitevisit_no_control_characters",
                    ),
                ],
            },
        ),
    ]
