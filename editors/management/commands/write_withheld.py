import json
import os
from pathlib import Path

from django.core.management.base import BaseCommand

from editors.withholding.withheld_list import withheld_list


class Command(BaseCommand):
    help = "Writes the list of people who asked not to be listed into a file that only its owner can read."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, verbosity, **options):
        entries = withheld_list()
        text = json.dumps(entries, ensure_ascii=False, indent=1) + "\n"
        new = file.with_name(f"{file.name}.new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
            stream.write(text)
        # A truncated list would restore people.
        new.replace(file)
        if verbosity > 0:
            self.stdout.write(f"{len(entries)} people who asked not to be listed")
