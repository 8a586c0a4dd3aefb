import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0005_check_guard"),
        ("sources", "0007_editors_lists"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="institution",
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
                name="institution_letters",
            ),
        ),
        migrations.AddIndex(
            model_name="institutioncontact",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("value"), name="gin_trgm_ops"
                ),
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("department"), name="gin_trgm_ops"
                ),
                name="institutioncontact_letters",
            ),
        ),
        migrations.AddIndex(
            model_name="institutioncontact",
            index=models.Index(fields=["kind", "value"], name="institutioncontact_by_value"),
        ),
        migrations.AddIndex(
            model_name="institutioncontact",
            index=models.Index(
                condition=models.Q(("is_public", True)),
                fields=["checked_on", "institution"],
                name="institutioncontact_to_check",
            ),
        ),
        migrations.AddIndex(
            model_name="institutionname",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("text"), name="gin_trgm_ops"
                ),
                name="institutionname_letters",
            ),
        ),
        migrations.AddIndex(
            model_name="programme",
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
                name="programme_letters",
            ),
        ),
        migrations.AddIndex(
            model_name="programmename",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("text"), name="gin_trgm_ops"
                ),
                name="programmename_letters",
            ),
        ),
        migrations.AddIndex(
            model_name="institution",
            index=models.Index(
                fields=["country", "publication_state"], include=("id", "status"), name="institution_counting"
            ),
        ),
        migrations.AddIndex(
            model_name="institution",
            index=models.Index(
                condition=models.Q(("name_ru", ""), ("publication_state", "published")),
                fields=["sort_key_en"],
                include=("country",),
                name="institution_no_name_ru",
            ),
        ),
        migrations.AddIndex(
            model_name="institution",
            index=models.Index(
                condition=models.Q(("name_native", ""), ("publication_state", "published")),
                fields=["sort_key_en"],
                include=("country",),
                name="institution_no_name_native",
            ),
        ),
    ]
