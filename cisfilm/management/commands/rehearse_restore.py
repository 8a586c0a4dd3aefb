from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cisfilm.backups import Backup, BackupError, backups_in, bring_back, scratch_database


class Command(BaseCommand):
    help = (
        "Restores a backup into a database that is removed afterwards, and compares the number and the checksum of the "
        "rows of each table, and all triggers, with those that the backup was made of."
    )

    def add_arguments(self, parser):
        parser.add_argument("dir", type=Path, nargs="?", help="a backup; else the newest one in BACKUP_FOLDER")

    def handle(self, **options):
        newest = backups_in(Path(settings.BACKUP_FOLDER))[-1:] if settings.BACKUP_FOLDER else []
        folder = options["dir"] or next(iter(newest), None)
        if not folder:
            raise CommandError("There is no backup: name its folder, or set BACKUP_FOLDER")
        try:
            backup = Backup.read(folder)
            with scratch_database() as database:
                bring_back(backup, database)
        except BackupError as error:
            raise CommandError(f"{folder}: {error}") from error
        manifest = backup.manifest
        self.stdout.write(
            f"{folder} came back whole: {len(manifest['tables'])} tables, {len(manifest['triggers'])} triggers"
        )
