from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = _("Contact lists")

    def ready(self):
        # Registers the receiver that takes withheld people out of saved lists.
        from contacts import withholding  # noqa: F401
