from django.core.management.base import BaseCommand, CommandError
from django.db import ProgrammingError, transaction

from cisfilm.roles import grant


class Command(BaseCommand):
    help = (
        "Gives the site's role rights to rows only, without changing or deleting audit lines, and the reading role "
        "those to read what is no secret. Run by the owner of the tables, after each migration."
    )

    def add_arguments(self, parser):
        parser.add_argument("--site", default="cisfilm", help="role of the site (cisfilm)")
        parser.add_argument("--reader", default="cisfilm_reader", help="role that reads (cisfilm_reader)")

    def handle(self, *, site, reader, **options):
        try:
            with transaction.atomic():
                grant(site, reader)
        except ProgrammingError as error:
            raise CommandError(f"{error}".strip()) from error
        self.stdout.write(f"{site} has the rows, {reader} reads")
