from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cisfilm", "0001_extensions"),
    ]

    operations = [
        migrations.CreateModel(
            name="TaskCount",
            fields=[
                ("task", models.TextField(primary_key=True, serialize=False)),
                ("numbers", models.JSONField(default=dict)),
                ("counted_on", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="ChangedColumn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table_name", models.TextField()),
                ("column_name", models.TextField()),
                ("transaction_number", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("table_name", "column_name", "transaction_number"), name="changedcolumn_once"
                    )
                ],
            },
        ),
    ]
