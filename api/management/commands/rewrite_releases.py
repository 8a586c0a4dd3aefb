from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from api.releases.releases import releases_in, rewrite_release


class Command(BaseCommand):
    help = (
        "Takes people who have been withheld or deleted since, and the names of all who are withheld, out of the "
        "releases in DIR, and writes their files and checksums anew."
    )

    def add_arguments(self, parser):
        parser.add_argument("dir", type=Path)

    def handle(self, **options):
        found = releases_in(options["dir"])
        if not found:
            raise CommandError(f"There is no release in {options['dir']}.")
        for release in found:
            rewrite_release(release)
            self.stdout.write(f"{release.folder}")
