"""The whole site with the real data set on a separate database, and a Chromium for it.

All changes are deleted with the database, so no picture shows a valid password or key.
"""

import contextlib
import os
import sys
import threading

from playwright.sync_api import sync_playwright

from cisfilm import devdb
from tests.embedded_server import short_folder
from tests.outside_programs import find_chromium

HOST = "127.0.0.1"


@contextlib.contextmanager
def running_site():
    """Start the site; return its URL, such as http://127.0.0.1:40123."""
    os.environ["CISFILM_DEVDB_DIR"] = str(short_folder())
    os.environ.pop("DATABASE_URL", None)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cisfilm.settings")
    os.environ["DEVELOPMENT"], os.environ["DEBUG"] = "True", "False"
    # Playwright's own event loop makes Django think that everything here is asynchronous; it is not.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    devdb.ensure_running(durable=False)
    try:
        with serve() as address:
            yield address
    finally:
        devdb.destroy()


@contextlib.contextmanager
def serve():
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.core.servers.basehttp import (
        ThreadedWSGIServer,
        WSGIRequestHandler,
        get_internal_wsgi_application,
    )
    from django.db import connections

    class QuietHandler(WSGIRequestHandler):
        def log_message(self, *arguments):
            pass

    django.setup()
    # Letters are kept instead of printed.
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    call_command("migrate", verbosity=0)
    call_command("load_fixtures", verbosity=0)
    with ThreadedWSGIServer((HOST, 0), QuietHandler) as server:
        settings.SITE_URL = f"http://{HOST}:{server.server_port}"
        server.set_app(get_internal_wsgi_application())
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield settings.SITE_URL
        finally:
            server.shutdown()
            connections.close_all()


@contextlib.contextmanager
def chromium():
    from tests.browser.conftest import QUIET

    program = find_chromium()
    if program is None:
        sys.exit("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()
