"""Who may work at the editors' desk, and where."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class CountryLimit(models.Model):
    """A country that an editor is limited to. Somebody without any works on the whole directory.

    It names the country by its code and not by a foreign key, because this room knows no records.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("editor"), on_delete=models.CASCADE, related_name="country_limits"
    )
    country_code = models.CharField(
        _("country"), max_length=2, validators=[RegexValidator(r"^[A-Z]{2}$", _("Two capital letters."))]
    )

    class Meta:
        verbose_name = _("country of an editor")
        verbose_name_plural = _("countries of an editor")
        ordering = ["country_code"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "country_code"],
                name="countrylimit_once",
                violation_error_message=_("The editor already has this country."),
            ),
            models.CheckConstraint(
                condition=models.Q(country_code__regex=r"^[A-Z]{2}$"),
                name="countrylimit_code_shape",
                violation_error_message=_("Two capital letters."),
            ),
        ]

    def __str__(self):
        return self.country_code
