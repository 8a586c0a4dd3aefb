from django.db import migrations

from records.check_guard import KEEP_CHECK


class Migration(migrations.Migration):
    dependencies = [("sources", "0003_imported_record")]

    operations = [migrations.RunSQL(KEEP_CHECK, "DROP FUNCTION sources_keep_check()")]
