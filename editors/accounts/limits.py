"""Countries that an editor is limited to: used by lists, forms, actions and imports."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef

# Users in this group work only on their countries, and on none without any.
COUNTRY_EDITORS_GROUP = "Country editors"


def country_codes(user) -> frozenset[str] | None:
    """Return the ISO 3166-1 codes of the editor's countries; None for the whole directory."""
    if not hasattr(user, "_country_codes"):
        # Cached on the user of this request: one page checks every box and row on it.
        user._country_codes = _read_country_codes(user)
    return user._country_codes


def _read_country_codes(user):
    if user.is_superuser:
        return None
    in_group = Exists(Group.objects.filter(user=OuterRef("pk"), name=COUNTRY_EDITORS_GROUP))
    rows = get_user_model().objects.filter(pk=user.pk).annotate(is_country_editor=in_group)
    rows = list(rows.values_list("country_limits__country_code", "is_country_editor"))
    codes = frozenset(code for code, _in_group in rows if code)
    return codes if codes or any(in_group for _code, in_group in rows) else None
