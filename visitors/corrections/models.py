"""Corrections by readers and institutions, and the e-mails that ask institutions to confirm their entries."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exports.models import SECRET_REGEX, new_secret
from harvest.models import Proposal
from institutions.models import Country, Institution, InstitutionContact, InstitutionKind, InstitutionStatus
from languages.control_characters import NO_CONTROL_CHARACTERS
from records.base import one_of
from records.checks import months_before
from records.contact_types import ContactKind
from records.kinds import KIND_REGEX, kind_choices
from records.models import EMAIL_REGEX, URL_REGEX
from web.data_version import MOVES_DATA_VERSION

from .own_domains import domains_of, own_mailbox

HASH_REGEX = r"^[0-9a-f]{64}$"
MONTHS_BETWEEN_LETTERS = 12
DAYS_A_LETTER_IS_VALID = 60
# Of a link that somebody asked for by "This is us".
DAYS_AN_ASKED_LINK_IS_VALID = 14
# E-mails that strangers can cause in a day, to one institution; a mailbox gets one.
MOST_ASKED_LETTERS_A_DAY = 3
MONTHS_OF_FIGURES = 12
# E-mail addresses are deleted with the answer; if it could not be sent, after this many days.
MONTHS_EMAIL_IS_KEPT = 12


class CorrectionOrigin(models.TextChoices):
    READER = "reader", _("reader")
    INSTITUTION = "institution", _("institution")


class CorrectionState(models.TextChoices):
    RECEIVED = "received", _("received")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")


class Median(models.Aggregate):
    """SQL aggregate: the median."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)%(filter)s"


def months_ago(months):
    return timezone.now().replace(hour=0, minute=0, second=0, microsecond=0) - (
        timezone.localdate() - months_before(timezone.localdate(), months)
    )


class CorrectionQuerySet(models.QuerySet):
    def open(self):
        """Return corrections that wait for an answer."""
        return self.filter(state=CorrectionState.RECEIVED)

    def inbox_order(self):
        """Order the longest waiting first, then the most recently answered."""
        is_answered = models.Case(models.When(state=CorrectionState.RECEIVED, then=0), default=1)
        return self.order_by(is_answered, F("answered_at").desc(nulls_last=True), "received_at", "pk")

    def about_record(self, kind, key):
        return self.filter(record_kind=kind, record_key=key)

    def same_as(self, correction):
        """Return identical corrections of the same fact, for the same answer."""
        fields = ["origin", "record_kind", "record_key", "country", "missing_kind", "page", "fact", "language"]
        fields += ["wrong", "proposed", "proof_url", "email"]
        return self.filter(**{field: getattr(correction, field) for field in fields})

    def with_email_left_over(self):
        """Return those answered long ago whose e-mail address is still stored."""
        return self.filter(answered_at__lt=months_ago(MONTHS_EMAIL_IS_KEPT)).exclude(email="")

    def figures(self):
        """Return how corrections of the last twelve months were handled; one query."""
        since = months_ago(MONTHS_OF_FIGURES)
        answered = Q(answered_at__gte=since)
        taken = ExpressionWrapper(F("answered_at") - F("received_at"), DurationField())
        return self.aggregate(
            received=Count("pk", filter=Q(received_at__gte=since)),
            answered=Count("pk", filter=answered),
            accepted=Count("pk", filter=answered & Q(state=CorrectionState.ACCEPTED)),
            open=Count("pk", filter=Q(state=CorrectionState.RECEIVED)),
            median=Median(taken, filter=answered, output_field=DurationField()),
        )


class Correction(models.Model):
    """Correction by a reader or the institution itself, and its outcome.

    It names the record by kind and key and not by a foreign key, since the record may not exist yet, and the sender may
    look up the answer after the record is deleted.
    """

    secret = models.CharField(_("secret"), max_length=22, unique=True, default=new_secret, editable=False)
    origin = models.CharField(
        pgettext_lazy("somebody", "from"), max_length=12, choices=CorrectionOrigin, default=CorrectionOrigin.READER
    )
    record_kind = models.CharField(_("kind of record"), max_length=40, choices=kind_choices, blank=True)
    record_key = models.CharField(_("key of the record"), max_length=120, blank=True)
    record_name = models.CharField(_("record"), max_length=300, blank=True)
    country = models.ForeignKey(
        Country, verbose_name=_("country"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    missing_kind = models.CharField(
        _("kind of the missing institution"), max_length=20, choices=InstitutionKind, blank=True
    )
    page = models.CharField(_("page"), max_length=300, blank=True)
    fact = models.CharField(_("fact"), max_length=80, blank=True)
    value_then = models.TextField(_("value at that time"), blank=True)
    wrong = models.TextField(_("what is wrong"), blank=True)
    proposed = models.TextField(_("what would be right"), blank=True)
    proof_url = models.URLField(_("proof"), max_length=1000, blank=True)
    # Stands for it in the editors' inbox, where the value can be stored as it is.
    proposal = models.ForeignKey(
        Proposal,
        verbose_name=_("proposal"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="corrections",
    )
    email = models.CharField(_("e-mail for the answer"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=10, default=settings.LANGUAGE_CODE)
    state = models.CharField(
        pgettext_lazy("how far it is", "state"),
        max_length=10,
        choices=CorrectionState,
        default=CorrectionState.RECEIVED,
    )
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    # By name, so that the answer stays when the editor's account is deleted.
    answered_by = models.CharField(_("answered by"), max_length=150, blank=True)
    reason = models.TextField(_("reason"), blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = [
            models.CheckConstraint(condition=Q(secret__regex=SECRET_REGEX), name="correction_secret_shape"),
            NO_CONTROL_CHARACTERS,
            MOVES_DATA_VERSION,
            one_of("origin", CorrectionOrigin.values, name="correction_origin_known"),
            one_of("state", CorrectionState.values, name="correction_state_known"),
            models.CheckConstraint(
                condition=Q(record_kind="") | Q(record_kind__regex=KIND_REGEX), name="correction_record_kind_shape"
            ),
            one_of("missing_kind", InstitutionKind.values, name="correction_missing_kind_known", empty=True),
            models.CheckConstraint(
                # As a shape and not as a list: a further language of the interface is no change of the database.
                condition=Q(language__regex=r"^[a-z]{2,3}(-[a-z0-9]{2,8})*$"),
                name="correction_language_shape",
            ),
            models.CheckConstraint(
                condition=Q(record_kind="", record_key="", fact="") | (~Q(record_kind="") & ~Q(record_key="")),
                name="correction_fact_has_record",
            ),
            models.CheckConstraint(
                condition=Q(origin=CorrectionOrigin.INSTITUTION) | ~Q(wrong="") | ~Q(proposed=""),
                name="correction_says_something",
                violation_error_message=_("Write what is wrong or what would be right."),
            ),
            models.CheckConstraint(
                condition=Q(proof_url="") | Q(proof_url__regex=URL_REGEX), name="correction_proof_shape"
            ),
            models.CheckConstraint(condition=Q(page="") | Q(page__startswith="/"), name="correction_page_shape"),
            models.CheckConstraint(
                condition=Q(state=CorrectionState.RECEIVED, answered_at=None, reason="")
                | Q(state=CorrectionState.ACCEPTED, answered_at__isnull=False)
                | (Q(state=CorrectionState.DECLINED, answered_at__isnull=False) & ~Q(reason="")),
                name="correction_answer_is_whole",
                violation_error_message=_("A declined correction needs a reason."),
            ),
        ]
        indexes = [
            models.Index(fields=["received_at"], name="correction_inbox", condition=Q(state="received")),
            models.Index(fields=["answered_at"], name="correction_by_answer"),
            models.Index(fields=["record_kind", "record_key"], name="correction_by_record"),
        ]

    def __str__(self):
        return _("Correction %(number)s") % {"number": self.pk}

    def get_absolute_url(self):
        return reverse("corrections:correction_status", args=[self.secret])

    @property
    def is_open(self):
        return self.state == CorrectionState.RECEIVED


class LetterOccasion(models.TextChoices):
    """Why an institution got an e-mail: this says how far its answer is its own word."""

    YEARLY = "yearly", _("yearly e-mail")
    # Somebody asked for it by "This is us".
    PUBLISHED = "published", _("“This is us”, to a published e-mail address")
    DOMAIN = "domain", _("“This is us”, to a mailbox at the domain of its website")

    @property
    def days_valid(self):
        return DAYS_A_LETTER_IS_VALID if self == LetterOccasion.YEARLY else DAYS_AN_ASKED_LINK_IS_VALID


class ConfirmationRequestQuerySet(models.QuerySet):
    def within_a_year(self):
        """Return the yearly e-mails of the last year. Those that somebody asked for don't put them off."""
        return self.filter(occasion=LetterOccasion.YEARLY, sent_at__gte=months_ago(MONTHS_BETWEEN_LETTERS))

    def institutions_due(self, *, older_than=MONTHS_BETWEEN_LETTERS):
        """Return published, active institutions that can be written to and have a contact unconfirmed for that long.

        They have a public e-mail address, or a mailbox that an editor allowed. Left out are those that were written to
        within a year and those that asked for no more letters.
        """
        contacts = InstitutionContact.objects.public().filter(institution=OuterRef("pk"))
        confirmed = InstitutionContact.objects.checked_within(older_than)
        mailbox = Mailbox.objects.filter(institution=OuterRef("pk"))
        return (
            Institution.objects.published()
            .exclude(status__in=[InstitutionStatus.CLOSED, InstitutionStatus.MERGED])
            .filter(
                Exists(contacts.filter(kind=ContactKind.EMAIL)) | Exists(mailbox),
                Exists(contacts.exclude(pk__in=confirmed.values("pk"))),
                ~Exists(self.within_a_year().filter(institution=OuterRef("pk"))),
                ~Exists(NoMoreLetters.objects.filter(institution=OuterRef("pk"))),
            )
            .order_by("key")
        )

    def asked_today(self):
        """Return those that strangers caused within a day."""
        return self.exclude(occasion=LetterOccasion.YEARLY).filter(sent_at__gt=timezone.now() - timedelta(days=1))

    def with_addresses_left_over(self):
        """Return those whose link has ended and that still name a mailbox which a stranger typed."""
        ended = timezone.now() - timedelta(days=DAYS_AN_ASKED_LINK_IS_VALID)
        return self.filter(occasion=LetterOccasion.DOMAIN, sent_at__lt=ended, addresses__len__gt=0)


class ConfirmationRequest(models.Model):
    """E-mail with a link by which an institution confirms and corrects its entry."""

    institution = models.ForeignKey(
        Institution, verbose_name=_("institution"), on_delete=models.CASCADE, related_name="confirmation_requests"
    )
    occasion = models.CharField(
        _("occasion"), max_length=10, choices=LetterOccasion, default=LetterOccasion.YEARLY, editable=False
    )
    secret_hash = models.CharField(_("hash of the link's secret"), max_length=64, unique=True, editable=False)
    # Emptied when the link has ended if a stranger typed the address.
    addresses = ArrayField(models.CharField(max_length=254), verbose_name=_("sent to"))
    sent_at = models.DateTimeField(_("sent"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    confirmed_count = models.PositiveSmallIntegerField(_("contacts confirmed"), default=0)
    wrong_count = models.PositiveSmallIntegerField(_("changes and remarks"), default=0)

    objects = ConfirmationRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("e-mail to an institution")
        verbose_name_plural = _("e-mails to institutions")
        constraints = [
            models.CheckConstraint(condition=Q(secret_hash__regex=HASH_REGEX), name="confirmationrequest_hash_shape"),
            one_of("occasion", LetterOccasion.values, name="confirmationrequest_occasion_known"),
            models.CheckConstraint(
                condition=Q(addresses__len__gt=0) | Q(occasion=LetterOccasion.DOMAIN),
                name="confirmationrequest_has_address",
            ),
            NO_CONTROL_CHARACTERS,
            models.CheckConstraint(
                condition=Q(answered_at=None, confirmed_count=0, wrong_count=0) | Q(answered_at__gte=F("sent_at")),
                name="confirmationrequest_answer_follows",
            ),
        ]
        indexes = [models.Index(fields=["institution", "sent_at"], name="confirmationrequest_latest")]

    def __str__(self):
        return f"{self.institution}, {self.sent_at:%Y-%m-%d}"

    @property
    def days_valid(self):
        return LetterOccasion(self.occasion).days_valid

    @property
    def has_expired(self):
        return timezone.now() > self.sent_at + timedelta(days=self.days_valid)


class Mailbox(models.Model):
    """Mailbox at the domain of an institution's website to which editors allow the yearly e-mail.

    Private: it is on no page and in no file.
    """

    institution = models.OneToOneField(
        Institution, verbose_name=_("institution"), on_delete=models.CASCADE, related_name="mailbox"
    )
    address = models.CharField(
        _("e-mail address"),
        max_length=254,
        help_text=_("At the domain of its website. Only for the yearly e-mail: it is not shown on the site."),
    )

    class Meta:
        verbose_name = _("mailbox for the yearly e-mail")
        verbose_name_plural = _("mailboxes for the yearly e-mail")
        constraints = [
            models.CheckConstraint(
                condition=Q(address__regex=EMAIL_REGEX),
                name="mailbox_address_shape",
                violation_error_message=_("This is not an e-mail address."),
            ),
            NO_CONTROL_CHARACTERS,
        ]

    def __str__(self):
        return self.address

    def clean(self):
        super().clean()
        if self.address and getattr(self, "institution", None):
            try:
                self.address = own_mailbox(self.address, domains_of(self.institution))
            except ValidationError as error:
                raise ValidationError({"address": error.messages}) from error


class NoMoreLetters(models.Model):
    """Institution that asked for no more e-mails."""

    institution = models.OneToOneField(
        Institution, verbose_name=_("institution"), on_delete=models.CASCADE, related_name="no_more_letters"
    )
    asked_at = models.DateTimeField(_("requested on"), auto_now_add=True)

    class Meta:
        verbose_name = _("institution that opted out of e-mails")
        verbose_name_plural = _("institutions that opted out of e-mails")

    def __str__(self):
        return str(self.institution)
