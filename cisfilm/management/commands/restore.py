from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from cisfilm.backups import Backup, BackupError, bring_back, key_fingerprint
from editors.withholding.withheld_list import ListError, read_list, withhold_listed
from search.rebuilding import rebuild_changed


class Command(BaseCommand):
    help = (
        "Restores a backup into the empty database of the site, compares every table and trigger with the manifest, "
        "migrates to the present release, withholds everybody on the list of withheld people and brings the words of "
        "the search up to date. Run by the owner of the tables; then grant_roles."
    )
    # There are no tables yet.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("dir", type=Path, help="folder of one backup")
        parser.add_argument("--withheld", type=Path, help="list of withheld people; else WITHHELD_LIST")
        parser.add_argument(
            "--without-list", action="store_true", help="restore people who asked not to be listed since the backup"
        )

    def handle(self, *, withheld, without_list, **options):
        try:
            entries = [] if without_list else self.read_withheld(withheld)
            backup = Backup.read(options["dir"])
            bring_back(backup, connection.settings_dict["NAME"])
        except (BackupError, ListError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{len(backup.manifest['tables'])} tables came back as they were at {backup.made_at:%F %T} UTC"
        )
        call_command("migrate", verbosity=0, interactive=False)
        self.stdout.write(f"{len(withhold_listed(entries))} people withheld since then")
        self.stdout.write(f"words of {rebuild_changed()} records brought up to date")
        if backup.manifest["key_fingerprint"] != key_fingerprint():
            self.stderr.write("SECRET_KEY is another one than at the backup: logins and secret links end")

    def read_withheld(self, file):
        file = file or (Path(settings.WITHHELD_LIST) if settings.WITHHELD_LIST else None)
        if file is None:
            raise CommandError("Name the list of withheld people with --withheld, or --without-list if there is none")
        return read_list(file)
