"""The admin of mailboxes for the yearly e-mail, which editors allow one by one."""

import reversion
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from editors.forms.country_filter import CountryFilter
from editors.forms.row_admin import RowAdmin
from visitors.corrections.models import Mailbox

reversion.register(Mailbox)


@admin.register(Mailbox)
class MailboxAdmin(RowAdmin):
    record_field = "institution"
    country_path = "institution__country"
    list_display = ["institution", "address"]
    list_filter = [CountryFilter]
    list_select_related = ["institution"]
    search_fields = ["address", "institution__name_en", "institution__name_ru", "institution__key"]
    ordering = ["institution__sort_key_en", "pk"]
    fieldsets = [
        (
            None,
            {
                "fields": ["institution", "address"],
                "description": _(
                    "For an institution without a public e-mail address: a mailbox at the domain of its website, such "
                    "as info@, to which the yearly e-mail may go. It is private."
                ),
            },
        )
    ]
