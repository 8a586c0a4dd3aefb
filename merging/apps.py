from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MergingConfig(AppConfig):
    name = "merging"
    verbose_name = _("Merging")

    def ready(self):
        # Models can't be imported before this.
        from merging.withholding import add_traces

        add_traces()
