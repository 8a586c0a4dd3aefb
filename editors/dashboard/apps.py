from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "editors.dashboard"
    label = "desk"
    verbose_name = _("Editors' dashboard")

    def ready(self):
        from .watching import keep_watch

        post_migrate.connect(keep_watch, sender=self)
