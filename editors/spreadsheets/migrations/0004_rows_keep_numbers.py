import django.db.models.deletion
from django.db import migrations, models

# What a merge emptied before: the rows say in their journals which records they are about.
FROM_JOURNAL = """
UPDATE intake_importrow SET institution_id = coalesce(
  (SELECT (entry->>'pk')::bigint FROM jsonb_array_elements(journal) AS entry
   WHERE entry->>'model' = 'institutions.institution' LIMIT 1),
  (SELECT (entry->'after'->>'institution_id')::bigint FROM jsonb_array_elements(journal) AS entry
   WHERE entry->'after'->>'institution_id' IS NOT NULL LIMIT 1)
) WHERE institution_id IS NULL AND journal <> '[]'
"""
# So that the constraint can come back.
EMPTY_AGAIN = """
UPDATE intake_importrow SET institution_id = NULL
WHERE institution_id NOT IN (SELECT id FROM institutions_institution)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0007_confirmed_by_institution"),
        ("intake", "0003_notes_on_rows"),
    ]

    operations = [
        migrations.AlterField(
            model_name="importrow",
            name="institution",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="institutions.institution",
            ),
        ),
        migrations.RunSQL(FROM_JOURNAL, EMPTY_AGAIN),
    ]
