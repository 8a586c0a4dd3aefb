import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cisfilm", "0001_extensions"),
    ]

    operations = [
        migrations.CreateModel(
            name="VisitorAction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("correction", "sending a correction"),
                            ("saved-list", "saving a list"),
                            ("session", "beginning a list of one's own"),
                            ("letter", "asking for an e-mail to an institution"),
                            ("check", "checking a list"),
                        ],
                        max_length=12,
                        verbose_name="what",
                    ),
                ),
                ("client_hash", models.CharField(max_length=64, verbose_name="hash of the client's address")),
                ("network_hash", models.CharField(max_length=64, verbose_name="hash of the client's network")),
                ("done_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
            ],
            options={
                "verbose_name": "action of a visitor",
                "verbose_name_plural": "actions of visitors",
                "indexes": [models.Index(fields=["action", "done_at"], name="visitoraction_by_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("action__in", ["correction", "saved-list", "session", "letter", "check"])),
                        name="visitoraction_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("client_hash__regex", "^[0-9a-f]{64}$"), ("network_hash__regex", "^[0-9a-f]{64}$")
                        ),
                        name="visitoraction_hash_shape",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DataChange",
            fields=[("token", models.BigIntegerField(primary_key=True, serialize=False))],
        ),
    ]
