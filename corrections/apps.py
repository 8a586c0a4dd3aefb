from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CorrectionsConfig(AppConfig):
    name = "corrections"
    verbose_name = _("Corrections")

    def ready(self):
        # Registers the receiver that forgets what readers wrote of withheld people.
        from corrections import withholding  # noqa: F401
