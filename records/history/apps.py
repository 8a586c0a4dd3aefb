from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HistoryConfig(AppConfig):
    """App of the public history."""

    name = "records.history"
    verbose_name = _("History")

    def ready(self):
        from . import recording  # noqa: F401 listens to revisions
