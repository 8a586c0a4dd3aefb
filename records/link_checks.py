"""Results of the last checks of links."""

from datetime import timedelta

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from languages.control_characters import NO_CONTROL_CHARACTERS
from web.data_version import MOVES_DATA_VERSION


class LinkOutcome(models.TextChoices):
    WORKS = "works", _("works")
    MOVED = "moved", _("works, at another site")
    REFUSED = "refused", _("the site refuses programs")
    ROBOTS = "robots", _("excluded by robots.txt")
    CERTIFICATE = "certificate", _("the certificate is not trusted")
    GONE = "gone", _("page not found")
    ERROR = "error", _("the site reports an error")
    NO_HOST = "no-host", _("no such site")
    NO_ANSWER = "no-answer", _("no answer")
    REDIRECTS = "redirects", _("redirects lead nowhere")
    NOT_PUBLIC = "not-public", _("not a public internet address")
    UNREADABLE = "unreadable", _("invalid URL")


# Results that mean no visitor reaches the page. An untrusted certificate is left out: many of the region's sites have
# one from an authority of their own country, which browsers there accept.
FAILING = [
    LinkOutcome.GONE,
    LinkOutcome.ERROR,
    LinkOutcome.NO_HOST,
    LinkOutcome.NO_ANSWER,
    LinkOutcome.REDIRECTS,
    LinkOutcome.NOT_PUBLIC,
    LinkOutcome.UNREADABLE,
]


class LinkCheckQuerySet(models.QuerySet):
    def failing(self):
        return self.filter(failures__gt=0)

    def dead(self):
        """Return links that failed at every check on two days or more; one day may be an outage."""
        return self.filter(failing_since__lt=F("checked_at__date"))

    def due(self, urls, *, older_than_days):
        """Return the URLs to check now: those never checked first, then those checked longest ago."""
        checked = dict(self.values_list("url", "checked_at"))
        since = timezone.now() - timedelta(days=older_than_days)
        new = sorted(url for url in urls if url not in checked)
        old = sorted((checked[url], url) for url in urls if url in checked and checked[url] < since)
        return [*new, *(url for _checked_at, url in old)]

    def record(self, url, finding):
        """Store the result for the URL."""
        check = self.filter(url=url).first() or LinkCheck(url=url)
        check.checked_at = timezone.now()
        check.outcome, check.status_code, check.final_url = finding.outcome, finding.status_code, finding.final_url
        if finding.outcome in FAILING:
            check.failures += 1
            check.failing_since = check.failing_since or timezone.localdate()
        else:
            check.failures, check.failing_since = 0, None
        check.save()
        return check

    def of(self, field):
        """Return a subquery: the day since which the URL in this field of the outer query is dead, or NULL."""
        return Subquery(self.dead().filter(url=OuterRef(field)).values("failing_since")[:1])


class LinkCheck(models.Model):
    """Result of the check of one URL. It does not say whether the page's statements are true."""

    url = models.CharField(_("address"), max_length=1000, unique=True)
    checked_at = models.DateTimeField(_("reviewed"))
    outcome = models.CharField(_("outcome"), max_length=20, choices=LinkOutcome)
    status_code = models.PositiveSmallIntegerField(_("status code"), null=True, blank=True)
    final_url = models.CharField(_("redirects to"), max_length=1000, blank=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    failing_since = models.DateField(_("failing since"), null=True, blank=True)

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("link check")
        verbose_name_plural = _("link checks")
        ordering = ["url"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=LinkOutcome.values), name="linkcheck_outcome_known"),
            models.CheckConstraint(
                condition=Q(failures=0, failing_since=None) | Q(failures__gt=0, failing_since__isnull=False),
                name="linkcheck_failures_have_a_beginning",
            ),
            NO_CONTROL_CHARACTERS,
            MOVES_DATA_VERSION,
        ]

    def __str__(self):
        return self.url

    @property
    def is_dead(self):
        return self.failing_since is not None and self.failing_since < timezone.localdate(self.checked_at)
