from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "intake"
    verbose_name = _("Import of spreadsheets")

    def ready(self):
        # Models can't be imported before this.
        from intake.withheld_rows import add_traces

        add_traces()
