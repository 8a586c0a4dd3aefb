import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0006_editors_lists"),
        ("people", "0004_withholding"),
        ("sources", "0007_editors_lists"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="person",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("name_en"), name="gin_trgm_ops"
                ),
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("name_ru"), name="gin_trgm_ops"
                ),
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("name_native"), name="gin_trgm_ops"
                ),
                name="person_letters",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["sort_key_en"], name="person_by_name_en"),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(fields=["sort_key_ru"], name="person_by_name_ru"),
        ),
        migrations.AddIndex(
            model_name="personname",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("text"), name="gin_trgm_ops"
                ),
                name="personname_letters",
            ),
        ),
        migrations.AddIndex(
            model_name="position",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("title_en"), name="gin_trgm_ops"
                ),
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("title_ru"), name="gin_trgm_ops"
                ),
                name="position_letters",
            ),
        ),
        migrations.AddIndex(
            model_name="positioncontact",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("value"), name="gin_trgm_ops"
                ),
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("department"), name="gin_trgm_ops"
                ),
                name="positioncontact_letters",
            ),
        ),
        migrations.AddIndex(
            model_name="positioncontact",
            index=models.Index(fields=["kind", "value"], name="positioncontact_by_value"),
        ),
        migrations.AddIndex(
            model_name="positioncontact",
            index=models.Index(
                condition=models.Q(("is_public", True)),
                fields=["checked_on", "position"],
                name="positioncontact_to_check",
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                fields=["id"], include=("publication_state", "withheld", "country"), name="person_counting"
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("publication_state", "draft")),
                fields=["sort_key_en"],
                include=("country",),
                name="person_drafts",
            ),
        ),
    ]
