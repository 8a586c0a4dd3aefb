from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("corrections", "0003_one_limiter_for_all_visitors"),
    ]

    operations = [
        migrations.AlterField(
            model_name="correction",
            name="language",
            field=models.CharField(default="en", max_length=10, verbose_name="language"),
        ),
    ]
