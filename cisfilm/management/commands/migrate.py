from django.core.management.commands import migrate
from django.db import connections

# Any number that no other lock of the site has.
UPGRADE_LOCK = 7_345_003


class Command(migrate.Command):
    """Django's command, one at a time: of two upgrades at once the second one waits, and finds nothing to do."""

    def handle(self, *arguments, **options):
        with connections[options["database"]].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [UPGRADE_LOCK])
            try:
                super().handle(*arguments, **options)
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [UPGRADE_LOCK])
