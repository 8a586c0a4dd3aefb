import sys

from django.core.management.base import BaseCommand

from cisfilm import devdb


class Command(BaseCommand):
    help = "The embedded PostgreSQL of this checkout: start, stop, look after or remove it."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("action", choices=["start", "stop", "status", "destroy"])
        parser.add_argument("--no-input", action="store_true", help="destroy without asking")

    def handle(self, *, action, no_input, **options):
        if action == "start":
            started = devdb.ensure_running()
            self.stdout.write(f"{'Started' if started else 'Already running'} in {devdb.folder()}")
        elif action == "stop":
            self.stdout.write("Stopped" if devdb.stop() else "Was not running")
        elif action == "status":
            self.report(devdb.status())
        elif no_input or self.agreed():
            devdb.destroy()
            self.stdout.write(f"Removed {devdb.folder()}")
        else:
            self.stdout.write("Nothing removed")

    def report(self, status):
        state = f"Running (process {status.pid})" if status.running else "Not running"
        self.stdout.write(f"{state}, folder {status.folder}")

    def agreed(self):
        self.stdout.write(f"This removes the embedded database in {devdb.folder()} with all its data.")
        self.stdout.write('Type "yes" to go on: ', ending="")
        self.stdout.flush()
        return sys.stdin.readline().strip() == "yes"
