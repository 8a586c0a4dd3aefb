"""The site as a WSGI application, for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from cisfilm.charsets import utf_8_only

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cisfilm.settings")

application = utf_8_only(get_wsgi_application())
