from django.core.management.base import BaseCommand

from search.duplicates import find_pairs
from search.models import SuspectedDuplicate
from search.rebuilding import rebuild_changed, searchable_models


class Command(BaseCommand):
    help = "Looks for records that were entered twice, in whatever script; editors find the pairs in the admin."

    def handle(self, **options):
        rebuild_changed()
        for model in searchable_models():
            find_pairs(model)
            number = SuspectedDuplicate.objects.open().filter(record_table=model._meta.db_table).count()
            self.stdout.write(f"{model._meta.verbose_name_plural}: {number}")
