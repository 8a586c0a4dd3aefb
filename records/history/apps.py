from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HistoryConfig(AppConfig):
    """What changed in the directory, as the public may know it."""

    name = "records.history"
    verbose_name = _("History")

    def ready(self):
        from . import recording  # noqa: F401 listens to revisions
