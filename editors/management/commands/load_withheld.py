from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from editors.withholding.withheld_list import ListError, read_list, withhold_listed


class Command(BaseCommand):
    help = (
        "Withholds everybody on a list that write_withheld wrote, whether they have a record yet or not. Into a new "
        "database it goes first, before any data."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, verbosity, **options):
        try:
            entries = read_list(file)
        except ListError as error:
            raise CommandError(f"{file}: {error}") from error
        found = withhold_listed(entries)
        if verbosity > 0:
            self.stdout.write(f"{len(found)} people withheld, {len(entries) - len(found)} were so already")
