from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MergingConfig(AppConfig):
    name = "merging"
    verbose_name = _("Merging")

    def ready(self):
        # Registers the receiver that takes withheld people out of what merges remember.
        from merging import withholding  # noqa: F401
