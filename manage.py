#!/usr/bin/env python
"""Command line of CISFilm. In a checkout with nothing configured it works as a developer's machine."""

import os
import sys

CONFIGURED_BY = {"DATABASE_URL", "SECRET_KEY", "DEVELOPMENT"}

# All others find the embedded database running. demo and devdb see to it themselves.
WORK_WITHOUT_DATABASE = {
    *("check", "collectstatic", "compilemessages", "demo", "devdb", "diffsettings", "findstatic", "help"),
    *("makemessages", "startapp", "version"),
}


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cisfilm.settings")
    if not CONFIGURED_BY & os.environ.keys():
        os.environ["DEVELOPMENT"] = "True"
    from django.core.management import execute_from_command_line

    from cisfilm.schedule import noted_run

    if os.environ.get("DEVELOPMENT") != "True" or "DATABASE_URL" in os.environ:
        with noted_run(sys.argv):
            execute_from_command_line(sys.argv)
        return

    from cisfilm import devdb

    try:
        if needs_database(sys.argv[1:]):
            devdb.ensure_running()
        with noted_run(sys.argv):
            execute_from_command_line(sys.argv)
    except devdb.DevDatabaseError as error:
        sys.exit(f"Embedded PostgreSQL: {error}")


def needs_database(arguments: list[str]) -> bool:
    if not arguments or "--help" in arguments or "-h" in arguments:
        return False
    if arguments[0] == "check":
        return "--database" in arguments
    return not arguments[0].startswith("-") and arguments[0] not in WORK_WITHOUT_DATABASE


if __name__ == "__main__":
    main()
