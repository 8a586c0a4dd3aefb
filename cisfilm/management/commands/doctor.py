import sys

from django.core.management.base import BaseCommand

from cisfilm.doctor import CHECKS, findings


class Command(BaseCommand):
    help = (
        "Checks database, roles, migrations, search, timers, mail, disk, backups and clock; says what is wrong and the "
        "command that mends it. The exit code is 1 if anything is. Changes nothing."
    )
    # It reports them itself.
    requires_system_checks = []

    def handle(self, **options):
        number = 0
        for number, (problem, remedy) in enumerate(findings(), 1):
            self.stdout.write(f"{number}. {problem}\n   -> {remedy}")
        if number:
            sys.exit(1)
        self.stdout.write(f"{len(CHECKS)} checks, nothing is wrong")
