from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "contacts"
    verbose_name = _("Contact lists")

    def ready(self):
        # Models can't be imported before this.
        from contacts.withholding import add_traces

        add_traces()
