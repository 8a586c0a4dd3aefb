"""Posts that people hold or held, and the contacts of posts. Popolo calls a position a membership."""

import datetime

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from database.ordering import rank
from institutions.models import Institution
from languages.control_characters import NO_CONTROL_CHARACTERS
from languages.partial_dates import (
    PartialDate,
    PartialDateField,
    covers,
    partial_date_constraint,
    period_constraint,
)
from people.date_tags import date_tags
from people.tenures import TENURES
from records.base import ShownName, not_empty, one_of, text_in_active_language, validate_language_tag
from records.checks import earliest_text_since, months_before
from records.facts import FactField, only_shown
from records.keys import KEY_REGEX, validate_key
from records.models import ContactPoint, ContactPointQuerySet, Source
from search.models import letters_index, search_columns
from web.data_version import MOVES_DATA_VERSION

# In months: the longest tenure that is assumed where dates are missing. The longest on any page is 31 years; dates of
# birth, which would tell more, are not kept.
LONGEST_TENURE = 50 * 12

# Of columns that only triggers write.
KEPT = {"editable": False, "serialize": False}


class Role(models.TextChoices):
    HEAD = "head", _("head")
    DEPUTY = "deputy", _("deputy")
    SPOKESPERSON = "spokesperson", _("spokesperson")
    INTERNATIONAL = "international", _("international relations")
    PRODUCTION = "production", _("production")
    FESTIVAL = "festival", _("festival")
    ADVISER = "adviser", _("adviser")
    SPECIALIST = "specialist", _("specialist")
    ELECTED = "elected", _("elected office")
    OTHER = "other", _("other")


class PositionQuerySet(models.QuerySet):
    def get_by_natural_key(self, person_key, institution_key, body_name, title_en, since):
        return self.get(
            person__key=person_key,
            institution__key=institution_key,
            body_name=body_name,
            title_en=title_en,
            since=since,
        )

    def public(self):
        """Return posts that the public may see: no hidden people, and no hidden institutions."""
        return self.filter(is_shown=True)

    def unfollowed(self):
        """Return posts without a newer holder of the seat today."""
        return self.filter(Q(followed_on=None) | Q(followed_on__gt=timezone.localdate().isoformat()))

    def held_on(self, day):
        """Return posts held at some time on this day, in this month or year; `is_documented` or possible.

        A post is documented if pages name the person in it at that time, or both before and after. Missing dates
        exclude nobody, but a post is not possible outside its own period, before the institution was founded or after
        it closed, for longer than `LONGEST_TENURE`, or while pages name somebody else in the same seat.
        """
        day = PartialDate(day)
        documented = Q(sure_from__lte=day.last_day, sure_until__gte=day.first_day)
        possible = (
            covers(day)
            & covers(day, since="institution__founded", until="institution__closed")
            & self._within_one_tenure(day)
            & ~Exists(self._excluding_others(day))
        )
        posts = self.filter(documented | possible)
        return posts.annotate(is_documented=Case(When(documented, then=Value(True)), default=Value(False)))

    @staticmethod
    def _within_one_tenure(day):
        """Return a condition on posts; those without any date are taken to be held today."""
        earliest, latest = months_before(day.first_day, LONGEST_TENURE), months_before(day.last_day, -LONGEST_TENURE)
        dated = Q(sure_from__gte=earliest, sure_until__lte=latest)
        return dated | Q(sure_from=None) if earliest <= timezone.localdate() <= latest else dated

    @staticmethod
    def _excluding_others(day):
        """Return posts in the same seat that exclude the post on this day, for a condition on posts.

        A post is one tenure without a break, so nobody held it before or after somebody else in between.
        """
        throughout = Q(sure_from__lte=day.first_day, sure_until__gte=day.last_day)
        newer_by_then = Q(sure_until__gt=OuterRef("sure_until"), sure_from__lte=day.first_day)
        older_still_then = Q(sure_from__lt=OuterRef("sure_from"), sure_until__gte=day.last_day)
        others = Position.objects.public().exclude(seat="")
        others = others.filter(institution=OuterRef("institution"), seat=OuterRef("seat"))
        return others.filter(throughout | newer_by_then | older_still_then)

    def kept_in_history(self):
        """Return the posts that the history may keep: none of withheld people."""
        return self.exclude(person__withheld=True)

    def current(self):
        """Return posts held today: not ended, at an open institution, and without a newer holder of the seat yet."""
        return self.filter(self.held_today())

    @staticmethod
    def held_today():
        """Return the same as a condition on posts."""
        today = timezone.localdate()
        return Q(held_from__lte=today, held_until__gte=today)

    def heads_today(self):
        """Return public posts of those who head an institution today, with their people."""
        posts = self.public().current().filter(role=Role.HEAD).select_related("person")
        return posts.defer(*search_columns("person")).in_list_order()

    def seen_within(self, years):
        """Return posts that a page of the last `years` years tells of; a partial date counts from its beginning."""
        return self.filter(last_seen__gte=earliest_text_since(12 * years))

    def heads_not_seen_for(self, months):
        """Return public posts of heads, not known to have ended, that no page of the last `months` months names."""
        unseen = Q(last_seen=None) | Q(last_seen__lt=earliest_text_since(months))
        return self.public().unfollowed().filter(unseen, role=Role.HEAD, until=None)

    def for_list(self):
        """Load everything that a line on a page shows: heads first, then those last seen most recently."""
        related = self.select_related("institution__country", "institution__city")
        return related.defer(*search_columns("institution")).for_institution()

    def for_institution(self):
        """Load the same for posts of an institution that is loaded already."""
        return (
            self.select_related("person", "source")
            .defer(*search_columns("person"))
            .prefetch_related(Prefetch("older_sources", PositionSource.objects.select_related("source")))
            .in_list_order()
        )

    def in_list_order(self):
        """Order heads first, then those last seen most recently."""
        return self.order_by(rank("role", Role.values), "order", F("last_seen").desc(nulls_last=True), "pk")


class Position(models.Model):
    """Person in a post at an institution."""

    person = models.ForeignKey(
        "people.Person",
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="positions",
        limit_choices_to={"withheld": False},
    )
    institution = models.ForeignKey(
        Institution,
        verbose_name=_("institution"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="positions",
    )
    body_name = models.CharField(
        _("other body"), max_length=200, blank=True, help_text=_("Name of a body that has no record of its own.")
    )
    title_en = models.CharField(_("post"), max_length=200)
    title_ru = models.CharField(_("post in Russian"), max_length=200, blank=True)
    title_native = models.CharField(_("post in the native language"), max_length=200, blank=True)
    native_language = models.CharField(
        _("language of the native form"), max_length=8, blank=True, validators=[validate_language_tag]
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.OTHER)
    seat = models.CharField(
        _("seat"),
        max_length=80,
        blank=True,
        validators=[validate_key],
        help_text=_(
            "One word for a post held by one person at a time, the same for all its holders: "
            "director, minister, chair. The newest holder is the present one. Empty if several "
            "people hold such a post at once."
        ),
    )
    since = PartialDateField(_("since"), null=True, blank=True)
    until = PartialDateField(_("until"), null=True, blank=True)
    as_of = PartialDateField(
        _("as of"), null=True, blank=True, help_text=_("Date of the newest page that names the person in this post.")
    )
    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_public = models.BooleanField(_("public"), default=True, help_text=_("Only public posts are on the site."))
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    # Only triggers write the following: see people.tenures. Public together with its person and its institution.
    is_shown = models.BooleanField(default=False, **KEPT)
    # The last date on which a page names the person in the post.
    last_seen = PartialDateField(_("last seen"), null=True, **KEPT)
    # The earliest date on which a newer holder of the same seat is known.
    followed_on = PartialDateField(null=True, **KEPT)
    # The first and the last day on which the person may hold the post, as far as is known.
    held_from = models.DateField(default=datetime.date.min, **KEPT)
    held_until = models.DateField(default=datetime.date.max, **KEPT)
    # The days between which pages prove that the post was held. A date of a page counts unless it is outside the period
    # of the post: a page of 2025 may tell of an end in 2020. A partial date proves only what it does not leave open: if
    # nothing but "in 2019" is known, the first of the two days is after the last. Both are NULL if no date is known.
    sure_from = models.DateField(null=True, **KEPT)
    sure_until = models.DateField(null=True, **KEPT)

    row_fields = (
        *only_shown("person", "institution", "body_name"),
        FactField("title_en"),
        FactField("title_ru"),
        FactField("title_native"),
        # Stands for all dates of the post.
        FactField("until"),
        *only_shown("role", "since", "as_of"),
    )

    objects = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(institution=None) ^ Q(body_name=""),
                name="position_at_one_body",
                violation_error_message=_("Give the institution, or the name of a body without a record; not both."),
            ),
            not_empty("title_en", name="position_title_given", message=_("Give the post in English.")),
            one_of("role", Role.values, name="position_role_known"),
            NO_CONTROL_CHARACTERS,
            MOVES_DATA_VERSION,
            models.CheckConstraint(
                condition=Q(seat="") | Q(seat__regex=KEY_REGEX),
                name="position_seat_shape",
                violation_error_message=validate_key.message,
            ),
            partial_date_constraint("since", name="position_since_shape"),
            partial_date_constraint("until", name="position_until_shape"),
            partial_date_constraint("as_of", name="position_as_of_shape"),
            period_constraint("since", "until", name="position_period"),
            *TENURES,
            models.UniqueConstraint(
                fields=["person", "institution", "body_name", "title_en", "since"],
                nulls_distinct=False,
                name="position_once",
                violation_error_message=_("The person already has this post from this date."),
            ),
        ]
        indexes = [
            models.Index(fields=["institution", "seat"], name="position_by_seat"),
            letters_index("title_en", "title_ru", name="position_letters"),
        ]

    def __str__(self):
        return f"{self.person}, {self.title_en}, {self.institution or self.body_name}"

    def natural_key(self):
        institution_key = self.institution.key if self.institution else None
        return (self.person.key, institution_key, self.body_name, self.title_en, self.since)

    natural_key.dependencies = ["people.person", "institutions.institution"]

    @property
    def title(self):
        return text_in_active_language(self, "title")

    @property
    def body(self):
        """Return the name of the institution, or of the body without a record, of the post."""
        return self.institution.name if self.institution else self.body_name

    @property
    def sources(self):
        """Return all pages that name the person in this post, the newest first."""
        return [self.source, *(older.source for older in self.older_sources.all())]

    @property
    def original_title(self):
        """Return the title in its own language, if that is neither English nor the reader's."""
        original = ShownName(self.title_native, self.native_language)
        return original if original.text and original != self.title else None

    @property
    def is_over(self):
        """Return whether the post has ended: by date, with its institution, or because a newer holder is known."""
        return self.held_until < timezone.localdate()

    @property
    def date_tags(self):
        return date_tags(self)

    @property
    def year_seen(self):
        """Return the year in which a page named the person in the post last, for short lines; "" if none has a date."""
        return (self.last_seen or "")[:4]


class PositionSource(models.Model):
    """Older page, besides the newest one, that names the person in this post."""

    position = models.ForeignKey(Position, on_delete=models.CASCADE, related_name="older_sources")
    source = models.ForeignKey(Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="+")
    as_of = PartialDateField(_("as of"), null=True, blank=True)

    row_fields = only_shown("source", "as_of")

    class Meta:
        verbose_name = _("older source of a post")
        verbose_name_plural = _("older sources of a post")
        ordering = [F("as_of").desc(nulls_last=True), "pk"]
        constraints = [
            models.UniqueConstraint(fields=["position", "source"], name="positionsource_once"),
            partial_date_constraint("as_of", name="positionsource_as_of_shape"),
            NO_CONTROL_CHARACTERS,
            MOVES_DATA_VERSION,
        ]

    def __str__(self):
        return str(self.source)


class PositionContactQuerySet(ContactPointQuerySet):
    def shown(self):
        """Return the contacts that readers see: of public posts that are not known to have ended."""
        held = Position.objects.public().filter(covers(timezone.localdate().isoformat()))
        return self.public().filter(position__in=held.values("pk"))


class PositionContact(ContactPoint):
    """Contact of somebody in a post; it ends with the post."""

    position = models.ForeignKey(Position, verbose_name=_("post"), on_delete=models.CASCADE, related_name="contacts")

    objects = PositionContactQuerySet.as_manager()

    class Meta(ContactPoint.Meta):
        verbose_name = _("contact of a post")
        verbose_name_plural = _("contacts of posts")
        constraints = [
            *ContactPoint.Meta.constraints,
            models.UniqueConstraint(
                fields=["position", "kind", "value"],
                name="positioncontact_once",
                violation_error_message=_("The post already has this contact."),
            ),
        ]
        indexes = [
            *ContactPoint.Meta.indexes,
            models.Index(
                fields=["checked_on", "position"], condition=Q(is_public=True), name="positioncontact_to_check"
            ),
        ]
