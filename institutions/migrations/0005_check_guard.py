from django.db import migrations

from records.check_guard import guard_checks


class Migration(migrations.Migration):
    dependencies = [("sources", "0004_check_guard"), ("institutions", "0004_search_words")]

    operations = [guard_checks("institutions_institutioncontact")]
