import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import editors.accounts.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cisfilm", "0001_extensions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name="when"
                    ),
                ),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("logged-in", "logged in"),
                            ("login-failed", "failed to log in"),
                            ("logged-out", "logged out"),
                            ("password-changed", "password changed"),
                            ("factor-added", "second factor added"),
                            ("factor-removed", "second factor removed"),
                            ("rights-given", "rights given"),
                            ("rights-taken", "rights taken"),
                            ("limit-set", "limited to a country"),
                            ("limit-lifted", "no longer limited to a country"),
                            ("user-added", "user added"),
                            ("user-deleted", "user deleted"),
                        ],
                        max_length=20,
                        verbose_name="what",
                    ),
                ),
                (
                    "actor",
                    models.CharField(
                        blank=True, help_text="Empty when nobody was logged in.", max_length=150, verbose_name="who"
                    ),
                ),
                ("about", models.CharField(blank=True, max_length=150, verbose_name="about whom")),
                ("detail", models.CharField(blank=True, max_length=250, verbose_name="details")),
                ("address", models.GenericIPAddressField(blank=True, null=True, verbose_name="IP address")),
            ],
            options={
                "verbose_name": "audit line",
                "verbose_name_plural": "audit lines",
                "ordering": ["-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "event__in",
                                [
                                    "logged-in",
                                    "login-failed",
                                    "logged-out",
                                    "password-changed",
                                    "factor-added",
                                    "factor-removed",
                                    "rights-given",
                                    "rights-taken",
                                    "limit-set",
                                    "limit-lifted",
                                    "user-added",
                                    "user-deleted",
                                ],
                            )
                        ),
                        name="auditline_event_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CountryLimit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "country_code",
                    models.CharField(
                        max_length=2,
                        validators=[django.core.validators.RegexValidator("^[A-Z]{2}$", "Two capital letters.")],
                        verbose_name="country",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="country_limits",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="editor",
                    ),
                ),
            ],
            options={
                "verbose_name": "country of an editor",
                "verbose_name_plural": "countries of an editor",
                "ordering": ["country_code"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "country_code"),
                        name="countrylimit_once",
                        violation_error_message="The editor already has this country.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("country_code__regex", "^[A-Z]{2}$")),
                        name="countrylimit_code_shape",
                        violation_error_message="Two capital letters.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KeptForm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        default=editors.accounts.models.new_key, editable=False, max_length=22, unique=True
                    ),
                ),
                ("address", models.TextField()),
                ("fields", models.JSONField()),
                ("lacks_files", models.BooleanField(default=False)),
                ("kept_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="kept_forms",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "kept form",
                "verbose_name_plural": "kept forms",
                "indexes": [models.Index(fields=["kept_at"], name="keptform_by_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("address__startswith", "/")), name="keptform_address_is_a_path"
                    )
                ],
            },
        ),
    ]
