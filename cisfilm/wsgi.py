"""The site as a WSGI application, for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from web.charsets import utf_8_only
from web.waiting import limit_waiting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cisfilm.settings")

limit_waiting()
application = utf_8_only(get_wsgi_application())
