"""To which countries an editor is limited: the one place that knows, behind lists, forms, actions and imports."""

# Somebody in this group works only on the countries that the profile names, and on none while it names none.
COUNTRY_EDITORS_GROUP = "Country editors"


def country_codes(user) -> frozenset[str] | None:
    """The ISO 3166-1 codes of the countries that the editor may work on; None for the whole directory."""
    if not hasattr(user, "_country_codes"):
        # Kept with the user of this request: one page asks for every box and row on it.
        user._country_codes = _read_country_codes(user)
    return user._country_codes


def _read_country_codes(user):
    if user.is_superuser:
        return None
    codes = frozenset(user.country_limits.values_list("country_code", flat=True))
    if codes or user.groups.filter(name=COUNTRY_EDITORS_GROUP).exists():
        return codes
    return None
