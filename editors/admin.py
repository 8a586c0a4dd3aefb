"""The admin site of editors, with all record admins."""

from django.contrib import admin
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from .inbox import admin as inbox  # noqa: F401
from .inbox import proposals  # noqa: F401
from .records import (  # noqa: F401
    cooperation,
    countries,
    institutions,
    link_checks,
    mailboxes,
    people,
    positions,
    programmes,
    sources,
)

admin.site.site_header = _("CISFilm: editors")
admin.site.site_title = _("CISFilm")
admin.site.index_title = _("Records of the directory")
admin.site.site_url = reverse_lazy("home")
