from django.core.management.base import BaseCommand, CommandError

from dataset.directory_fixtures import FixturesError, load_fixtures
from institutions.models import Institution
from people.models import Person


class Command(BaseCommand):
    help = "Loads the fixtures of fixtures/ into an empty database."

    def handle(self, *, verbosity, **options):
        try:
            load_fixtures()
        except FixturesError as error:
            raise CommandError(str(error)) from error
        if verbosity > 0:
            self.stdout.write(f"{Institution.objects.count()} institutions and {Person.objects.count()} people loaded")
