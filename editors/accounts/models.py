"""Limits of editors, audit lines, and kept forms."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from database.triggers import Function, Trigger
from languages.control_characters import NO_CONTROL_CHARACTERS


class CountryLimit(models.Model):
    """Country that an editor is limited to. Users without any work on the whole directory.

    It names the country by its code and not by a foreign key, because this package does not know records.
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


class AuditEvent(models.TextChoices):
    LOGGED_IN = "logged-in", _("logged in")
    LOGIN_FAILED = "login-failed", _("failed to log in")
    LOGGED_OUT = "logged-out", _("logged out")
    PASSWORD_CHANGED = "password-changed", _("password changed")
    FACTOR_ADDED = "factor-added", _("second factor added")
    FACTOR_REMOVED = "factor-removed", _("second factor removed")
    RIGHTS_GIVEN = "rights-given", _("rights given")
    RIGHTS_TAKEN = "rights-taken", _("rights taken")
    LIMIT_SET = "limit-set", _("limited to a country")
    LIMIT_LIFTED = "limit-lifted", _("no longer limited to a country")
    USER_ADDED = "user-added", _("user added")
    USER_DELETED = "user-deleted", _("user deleted")


class AuditLine(models.Model):
    """Login, logout or change of rights. A database trigger makes lines append-only.

    Users are stored by name and not by reference, so that a line outlives them.
    """

    at = models.DateTimeField(_("when"), db_default=Now(), editable=False)
    event = models.CharField(_("what"), max_length=20, choices=AuditEvent)
    actor = models.CharField(_("who"), max_length=150, blank=True, help_text=_("Empty when nobody was logged in."))
    about = models.CharField(_("about whom"), max_length=150, blank=True)
    detail = models.CharField(_("details"), max_length=250, blank=True)
    address = models.GenericIPAddressField(_("IP address"), null=True, blank=True)

    class Meta:
        verbose_name = _("audit line")
        verbose_name_plural = _("audit lines")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(event__in=AuditEvent.values), name="auditline_event_known"),
            # A line that could be changed afterwards would prove nothing. TRUNCATE stays possible for whoever owns the
            # database.
            Function(
                name="refuse_change_of_audit_line",
                body="""BEGIN
    RAISE EXCEPTION 'audit lines are only ever added' USING ERRCODE = 'integrity_constraint_violation';
END """,
            ),
            Trigger(
                name="auditline_only_added",
                fires="BEFORE UPDATE OR DELETE",
                level="STATEMENT",
                function="refuse_change_of_audit_line",
            ),
        ]

    def __str__(self):
        return f"{self.get_event_display()}: {self.about}"


def new_key() -> str:
    return secrets.token_urlsafe(16)


class KeptFormQuerySet(models.QuerySet):
    """Queries on forms by age."""

    LIFETIME = timedelta(hours=24)
    MOST_OF_ONE = 5

    def still_kept(self):
        return self.filter(kept_at__gt=timezone.now() - self.LIFETIME)

    def outlived(self):
        return self.filter(kept_at__lte=timezone.now() - self.LIFETIME)

    def keep(self, user, address, fields, *, lacks_files):
        """Store a form, keep only the newest few of this editor, and delete all that are too old."""
        self.outlived().delete()
        kept = self.create(user=user, address=address, fields=fields, lacks_files=lacks_files)
        newest = self.filter(user=user).order_by("-pk").values("pk")[: self.MOST_OF_ONE]
        self.filter(user=user).exclude(pk__in=list(newest.values_list("pk", flat=True))).delete()
        return kept


class KeptForm(models.Model):
    """Data of a form that an editor sent after the session ended, until it can be sent again."""

    key = models.CharField(max_length=22, unique=True, default=new_key, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="kept_forms")
    # Path and query string of the page that it was sent to.
    address = models.TextField()
    # Lists of values by name, as sent; never passwords.
    fields = models.JSONField()
    lacks_files = models.BooleanField(default=False)
    kept_at = models.DateTimeField(default=timezone.now)

    objects = KeptFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("kept form")
        verbose_name_plural = _("kept forms")
        constraints = [
            models.CheckConstraint(condition=models.Q(address__startswith="/"), name="keptform_address_is_a_path"),
            NO_CONTROL_CHARACTERS,
        ]
        indexes = [models.Index(fields=["kept_at"], name="keptform_by_time")]

    def __str__(self):
        return self.address
