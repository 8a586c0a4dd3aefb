"""PostgreSQL extensions, created before all tables."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []

    operations = [
        TrigramExtension(),
    ]
