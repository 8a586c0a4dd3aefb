from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from editors.withholding.kept_outside import write_list


class Command(BaseCommand):
    help = "Writes the list of people who asked not to be listed into a file that only its owner can read."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, nargs="?", help="else WITHHELD_LIST of the environment")

    def handle(self, *, file, verbosity, **options):
        if not (file or settings.WITHHELD_LIST):
            raise CommandError("Name a file, or set WITHHELD_LIST")
        number = write_list(file or Path(settings.WITHHELD_LIST))
        if verbosity > 0:
            self.stdout.write(f"{number} people who asked not to be listed")
