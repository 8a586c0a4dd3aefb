from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "intake"
    verbose_name = _("Import of spreadsheets")

    def ready(self):
        from . import withheld_rows  # noqa: F401 listens to people being withheld
