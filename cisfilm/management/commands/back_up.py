from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cisfilm.backups import BackupError, write_backup


class Command(BaseCommand):
    help = (
        "Writes a backup of the database into a new folder below DIR: a dump, and a manifest with checksums, the "
        "number of rows of each table and what made it. Run by the owner of the tables."
    )

    def add_arguments(self, parser):
        parser.add_argument("dir", type=Path, nargs="?", help="else BACKUP_FOLDER of the environment")
        parser.add_argument("--keep", type=int, default=14, help="how many backups stay there (14)")

    def handle(self, *, keep, **options):
        folder = options["dir"] or settings.BACKUP_FOLDER
        if not folder:
            raise CommandError("Name a folder, or set BACKUP_FOLDER")
        if keep < 1:
            raise CommandError("--keep must be at least 1")
        try:
            backup = write_backup(Path(folder), keep)
        except (BackupError, OSError) as error:
            raise CommandError(f"No backup was written: {error}") from error
        tables = backup.manifest["tables"].values()
        size = backup.manifest["dump_bytes"] / 1e6
        self.stdout.write(f"{backup.folder}: {sum(rows for rows, _sum in tables)} rows, {size:.1f} MB")
