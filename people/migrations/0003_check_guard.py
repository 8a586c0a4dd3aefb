from django.db import migrations

from records.check_guard import guard_checks


class Migration(migrations.Migration):
    dependencies = [("sources", "0004_check_guard"), ("people", "0002_search_words")]

    operations = [guard_checks("people_positioncontact")]
