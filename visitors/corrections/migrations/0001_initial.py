import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import exports.models
import records.kinds


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cisfilm", "0001_extensions"),
        ("harvest", "0001_initial"),
        ("institutions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="NoMoreLetters",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField(auto_now_add=True, verbose_name="requested on")),
                (
                    "institution",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="no_more_letters",
                        to="institutions.institution",
                        verbose_name="institution",
                    ),
                ),
            ],
            options={
                "verbose_name": "institution that opted out of e-mails",
                "verbose_name_plural": "institutions that opted out of e-mails",
            },
        ),
        migrations.CreateModel(
            name="ConfirmationRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "occasion",
                    models.CharField(
                        choices=[
                            ("yearly", "yearly e-mail"),
                            ("published", "“This is us”, to a published e-mail address"),
                            ("domain", "“This is us”, to a mailbox at the domain of its website"),
                        ],
                        default="yearly",
                        editable=False,
                        max_length=10,
                        verbose_name="occasion",
                    ),
                ),
                (
                    "secret_hash",
                    models.CharField(
                        editable=False, max_length=64, unique=True, verbose_name="hash of the link's secret"
                    ),
                ),
                (
                    "addresses",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=254), verbose_name="sent to"
                    ),
                ),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="sent")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
                ("confirmed_count", models.PositiveSmallIntegerField(default=0, verbose_name="contacts confirmed")),
                ("wrong_count", models.PositiveSmallIntegerField(default=0, verbose_name="changes and remarks")),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="confirmation_requests",
                        to="institutions.institution",
                        verbose_name="institution",
                    ),
                ),
            ],
            options={
                "verbose_name": "e-mail to an institution",
                "verbose_name_plural": "e-mails to institutions",
                "indexes": [models.Index(fields=["institution", "sent_at"], name="confirmationrequest_latest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("secret_hash__regex", "^[0-9a-f]{64}$")),
                        name="confirmationrequest_hash_shape",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("occasion__in", ["yearly", "published", "domain"])),
                        name="confirmationrequest_occasion_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("addresses__len__gt", 0), ("occasion", "domain"), _connector="OR"),
                        name="confirmationrequest_has_address",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("confirmed_count", 0), ("wrong_count", 0)),
                            ("answered_at__gte", models.F("sent_at")),
                            _connector="OR",
                        ),
                        name="confirmationrequest_answer_follows",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mailbox",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "address",
                    models.CharField(
                        help_text="At the domain of its website. Only for the yearly e-mail: it is not shown on the site.",
                        max_length=254,
                        verbose_name="e-mail address",
                    ),
                ),
                (
                    "institution",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mailbox",
                        to="institutions.institution",
                        verbose_name="institution",
                    ),
                ),
            ],
            options={
                "verbose_name": "mailbox for the yearly e-mail",
                "verbose_name_plural": "mailboxes for the yearly e-mail",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("address__regex", "^[a-z0-9._%+-]+@[a-z0-9-]+(\\.[a-z0-9-]+)+$")),
                        name="mailbox_address_shape",
                        violation_error_message="This is not an e-mail address.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "secret",
                    models.CharField(
                        default=exports.models.new_secret,
                        editable=False,
                        max_length=22,
                        unique=True,
                        verbose_name="secret",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[("reader", "reader"), ("institution", "institution")],
                        default="reader",
                        max_length=12,
                        verbose_name="from",
                    ),
                ),
                (
                    "record_kind",
                    models.CharField(
                        blank=True,
                        choices=records.kinds.kind_choices,
                        max_length=40,
                        verbose_name="kind of record",
                    ),
                ),
                ("record_key", models.CharField(blank=True, max_length=120, verbose_name="key of the record")),
                ("record_name", models.CharField(blank=True, max_length=300, verbose_name="record")),
                (
                    "missing_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("studio", "studio"),
                            ("agency", "agency"),
                            ("fund", "fund"),
                            ("ministry", "ministry"),
                            ("archive", "archive"),
                            ("centre", "centre"),
                            ("festival", "festival"),
                            ("school", "school"),
                            ("union", "union"),
                            ("commission", "film commission"),
                            ("museum", "museum"),
                            ("distributor", "distributor"),
                            ("broadcaster", "broadcaster"),
                            ("parliament", "parliament"),
                            ("intergovernmental", "intergovernmental body"),
                        ],
                        max_length=20,
                        verbose_name="kind of the missing institution",
                    ),
                ),
                ("page", models.CharField(blank=True, max_length=300, verbose_name="page")),
                ("fact", models.CharField(blank=True, max_length=80, verbose_name="fact")),
                ("value_then", models.TextField(blank=True, verbose_name="value at that time")),
                ("wrong", models.TextField(blank=True, verbose_name="what is wrong")),
                ("proposed", models.TextField(blank=True, verbose_name="what would be right")),
                ("proof_url", models.URLField(blank=True, max_length=1000, verbose_name="proof")),
                (
                    "proposal",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="corrections",
                        to="harvest.proposal",
                        verbose_name="proposal",
                    ),
                ),
                ("email", models.CharField(blank=True, max_length=254, verbose_name="e-mail for the answer")),
                ("language", models.CharField(default="en", max_length=10, verbose_name="language")),
                (
                    "state",
                    models.CharField(
                        choices=[("received", "received"), ("accepted", "accepted"), ("declined", "declined")],
                        default="received",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="received")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
                ("answered_by", models.CharField(blank=True, max_length=150, verbose_name="answered by")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
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
            ],
            options={
                "verbose_name": "correction",
                "verbose_name_plural": "corrections",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "received")), fields=["received_at"], name="correction_inbox"
                    ),
                    models.Index(fields=["answered_at"], name="correction_by_answer"),
                    models.Index(fields=["record_kind", "record_key"], name="correction_by_record"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("secret__regex", "^[A-Za-z0-9_-]{22}$")), name="correction_secret_shape"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("origin__in", ["reader", "institution"])),
                        name="correction_origin_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["received", "accepted", "declined"])),
                        name="correction_state_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("record_kind", ""), ("record_kind__regex", "^[a-z]+$"), _connector="OR"),
                        name="correction_record_kind_shape",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "missing_kind__in",
                                [
                                    "",
                                    "studio",
                                    "agency",
                                    "fund",
                                    "ministry",
                                    "archive",
                                    "centre",
                                    "festival",
                                    "school",
                                    "union",
                                    "commission",
                                    "museum",
                                    "distributor",
                                    "broadcaster",
                                    "parliament",
                                    "intergovernmental",
                                ],
                            )
                        ),
                        name="correction_missing_kind_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__regex", "^[a-z]{2,3}(-[a-z0-9]{2,8})*$")),
                        name="correction_language_shape",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("fact", ""), ("record_key", ""), ("record_kind", "")),
                            models.Q(
                                models.Q(("record_kind", ""), _negated=True),
                                models.Q(("record_key", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="correction_fact_has_record",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("origin", "institution"),
                            models.Q(("wrong", ""), _negated=True),
                            models.Q(("proposed", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="correction_says_something",
                        violation_error_message="Write what is wrong or what would be right.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("proof_url", ""), ("proof_url__regex", "^https?://[^\\s/]+"), _connector="OR"
                        ),
                        name="correction_proof_shape",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("page", ""), ("page__startswith", "/"), _connector="OR"),
                        name="correction_page_shape",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("reason", ""), ("state", "received")),
                            models.Q(("answered_at__isnull", False), ("state", "accepted")),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("state", "declined"),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="correction_answer_is_whole",
                        violation_error_message="A declined correction needs a reason.",
                    ),
                ],
            },
        ),
    ]
