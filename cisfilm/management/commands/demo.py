import contextlib
import errno
import os
import secrets
import signal
import time

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.management.commands.runserver import naiveip_re
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler, get_internal_wsgi_application
from django.db import OperationalError, connection, transaction
from django.urls import reverse

from institutions.models import Institution
from search.rebuilding import rebuild_changed

EDITOR_USERNAME = "editor"
EDITORS_GROUP = "Editors"
ALL_INTERFACES = ("0.0.0.0", "::")  # noqa: S104 only compared with
# Key of an advisory lock; no other user of this database may take it.
PREPARATION_LOCK = 20_260_801


def in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


class Command(BaseCommand):
    help = (
        "Shows the whole site on this machine: starts the embedded PostgreSQL (unless DATABASE_URL names a server), "
        "brings the tables up to date, loads the data set into an empty database, makes a demo editor and serves."
    )
    # The database checks run with migrate, once there is a database.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument(
            "address",
            nargs="?",
            default="127.0.0.1:8000",
            metavar="addr:port",
            help="where to serve (127.0.0.1:8000); port 0 takes a free one",
        )

    def handle(self, *, address, **options):
        if settings.DEBUG or not settings.DEVELOPMENT:
            raise CommandError("The demo needs DEVELOPMENT=True, and DEBUG=False so that it looks as visitors see it")
        # A shell may start background jobs with Ctrl-C ignored, and SIGTERM would end Python without a message.
        self.on_end_signals(signal.default_int_handler)
        try:
            host, port = self.host_and_port(address)
            with self.listen(host, port) as server:
                self.admit(host, server.server_port)
                password = self.prepare(server)
                self.welcome(password)
                server.serve_forever()
        except KeyboardInterrupt:
            self.on_end_signals(signal.SIG_IGN)
            self.say("\nGoodbye. The data stay for the next time.")

    def on_end_signals(self, handler):
        for end_signal in (signal.SIGINT, signal.SIGTERM):
            signal.signal(end_signal, handler)

    def host_and_port(self, address) -> tuple[str, int]:
        match = naiveip_re.fullmatch(address)
        if match is None:
            raise CommandError(f'"{address}" is not an address and port such as 127.0.0.1:8000')
        return (match["addr"] or "127.0.0.1").strip("[]"), int(match["port"])

    def listen(self, host, port) -> ThreadedWSGIServer:
        """Bind the port before any other work, so that a port in use is reported at once."""
        try:
            return ThreadedWSGIServer((host, port), WSGIRequestHandler, ipv6=":" in host)
        except (OSError, OverflowError) as error:
            if getattr(error, "errno", None) == errno.EADDRINUSE:
                message = f"Port {port} is in use; another one may be free: manage.py demo {in_url(host)}:{port + 1}"
                raise CommandError(message) from error
            raise CommandError(f"Cannot serve at {in_url(host)}:{port}: {error}") from error

    def admit(self, host, port):
        """Add the host to the settings, which were read before the command saw its argument."""
        if host in ALL_INTERFACES:
            # The names of this machine on the network are not known.
            settings.ALLOWED_HOSTS = ["*"]
            host = "127.0.0.1"
        settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, in_url(host)]
        if "SITE_URL" not in os.environ:
            settings.SITE_URL = f"http://{in_url(host)}:{port}"

    def prepare(self, server) -> str | None:
        """Prepare a working site; return the demo editor's password if the account is new."""
        with self.step(1, "Starting PostgreSQL"):
            self.start_database()
        with self.alone():
            with self.step(2, "Bringing the tables up to date"):
                call_command("migrate", verbosity=0, interactive=False, skip_checks=False)
            is_empty = not Institution.objects.exists()
            with self.step(3, "Loading the data set" if is_empty else "Keeping the data that are there"):
                if is_empty:
                    self.load_data_set()
                else:
                    # Tables added by a newer version have no words of the search yet.
                    rebuild_changed()
            with self.step(4, "Preparing the demo editor"):
                password = self.create_editor()
        with self.step(5, "Starting the site"):
            server.set_app(get_internal_wsgi_application())
        return password

    def start_database(self):
        if "DATABASE_URL" not in os.environ:
            from cisfilm import devdb

            devdb.ensure_running()
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise CommandError(f"The database cannot be reached: {error}") from error

    @contextlib.contextmanager
    def alone(self):
        """Hold a lock, so that two demos on one database prepare it one after the other."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARATION_LOCK])
        try:
            yield
        finally:
            # The lock belongs to the connection, and serving threads have connections of their own.
            connection.close()

    def load_data_set(self):
        # In one transaction: half a data set would pass for a whole one at the next start.
        with transaction.atomic():
            call_command("load_fixtures", verbosity=0)

    def create_editor(self) -> str | None:
        users = get_user_model().objects
        if users.filter(username=EDITOR_USERNAME).exists():
            return None
        password = secrets.token_urlsafe(12)
        with transaction.atomic():
            editor = users.create_user(EDITOR_USERNAME, password=password, is_staff=True)
            editor.groups.add(Group.objects.get_or_create(name=EDITORS_GROUP)[0])
        return password

    def welcome(self, password):
        if password:
            self.say(
                f"\nEditors work at {settings.SITE_URL}{reverse('admin:index')}: "
                f"user {EDITOR_USERNAME}, password {password} (shown only this once).\n"
                "The first login asks for an app on the phone as second factor; passkeys work at localhost only."
            )
        self.say(f"\nCISFilm is at {settings.SITE_URL}/ (Ctrl-C ends it).")

    @contextlib.contextmanager
    def step(self, number, title):
        self.say(f"{number}/5 {title} ... ", ending="")
        started_at = time.monotonic()
        try:
            yield
        except BaseException:
            self.say("not done")
            raise
        self.say(f"done ({time.monotonic() - started_at:.1f} s)")

    def say(self, text, ending="\n"):
        self.stdout.write(text, ending=ending)
        self.stdout.flush()
