from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from dataset.directory_load import DATA_FOLDER, LoadReport, load_directory
from dataset.files import DataSetError


class Command(BaseCommand):
    help = (
        "Loads the data set of YAML files into the directory: all of it, or nothing if an entry is bad. What editors "
        "changed since the last load stays as they left it."
    )

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", type=Path, default=DATA_FOLDER, help="folder of the files (data/)")
        parser.add_argument("--check", action="store_true", help="say what would happen and save nothing")
        parser.add_argument("--overwrite", action="store_true", help="let the data set win over editors' changes")

    def handle(self, *, folder, check, overwrite, verbosity, **options):
        try:
            report = load_directory(folder, overwrite=overwrite, dry_run=check)
        except DataSetError as error:
            self.stderr.write(str(error))
            raise CommandError(f"{len(error.problems)} bad entries; nothing was saved") from error
        if verbosity > 0:
            self.tell(report, check=check)

    def tell(self, report: LoadReport, *, check: bool):
        self.stdout.write(f"{'':14}{'new':>8}{'changed':>9}{'unchanged':>11}")
        for kind, tally in report.tallies.items():
            self.stdout.write(f"{kind:14}{tally.new:8}{tally.changed:9}{tally.unchanged:11}")
        for line in [*report.kept, *report.left_out, *report.warnings]:
            self.stdout.write(line)
        if report.changed_nothing:
            self.stdout.write("nothing changed" if not check else "nothing would change")
        elif check:
            self.stdout.write("only checked: nothing was saved")
