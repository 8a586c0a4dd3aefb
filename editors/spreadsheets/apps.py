from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "editors.spreadsheets"
    label = "intake"
    verbose_name = _("Import of spreadsheets")
