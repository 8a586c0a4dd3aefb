from django.core.management.base import BaseCommand, CommandError

from dataset.directory_fixtures import FixturesError, fixture_path, write_fixtures
from dataset.files import DataSetError


class Command(BaseCommand):
    help = "Writes the data set of data/ as Django fixtures into fixtures/. What the database holds stays untouched."

    def handle(self, *, verbosity, **options):
        try:
            counts = write_fixtures()
        except (FixturesError, DataSetError) as error:
            raise CommandError(str(error)) from error
        if verbosity > 0:
            for name, count in counts.items():
                self.stdout.write(f"{fixture_path(name).name:24}{count:6} objects")
