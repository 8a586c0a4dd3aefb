"""The site as a WSGI application, for gunicorn."""

import os
from threading import Thread

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from web.charsets import utf_8_only
from web.page_store import PageStore, code_version, with_page_store
from web.waiting import limit_waiting, with_probes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cisfilm.settings")

limit_waiting()
application = get_wsgi_application()
# Imported here, since it needs the models.
if not settings.DEVELOPMENT:
    from cisfilm.lists_at_start import read_lists

    Thread(target=read_lists, daemon=True).start()
if settings.PAGE_STORE_BYTES:
    application = with_page_store(application, PageStore(settings.PAGE_STORE_BYTES), code_version())
application = utf_8_only(application)
if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
    from web.metrics import with_metrics

    application = with_metrics(application)
application = with_probes(application)
