"""Separate database for measurements, so that nobody's data are changed."""

import os


def prepare():
    """Start the database if it is embedded, and migrate it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cisfilm.settings")
    os.environ.setdefault("DEVELOPMENT", "True")
    os.environ.setdefault("CISFILM_DEVDB_DIR", "/var/tmp/cisfilm-bench")  # noqa: S108 devdb makes it, and safely

    from cisfilm import devdb

    if "DATABASE_URL" not in os.environ:
        devdb.ensure_running(durable=False)

    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
