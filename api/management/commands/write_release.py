from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from api.releases.releases import ReleaseExists, write_release


class Command(BaseCommand):
    help = "Writes all public records as an open-data release into a new folder of DIR with the name of the day."

    def add_arguments(self, parser):
        parser.add_argument("dir", type=Path)
        parser.add_argument("--day", type=date.fromisoformat, help="instead of today: 2026-12-01")

    def handle(self, **options):
        try:
            release = write_release(options["dir"], options["day"] or timezone.localdate())
        except ReleaseExists as error:
            raise CommandError(f"{error} is there already; a release is never overwritten.") from error
        except OSError as error:
            raise CommandError(f"{options['dir']} can't be written: {error.strerror}.") from error
        self.stdout.write(f"{release.folder}: {len(release.files)} files, {release.size} bytes")
