"""Films and their makers."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from cooperation.facts import FILM_FACTS
from institutions.models import Country, Institution
from languages.control_characters import NO_CONTROL_CHARACTERS
from people.models import Person
from people.withheld_names import refuse_withheld_names
from records.base import (
    AlternativeName,
    DirectoryRecord,
    RecordQuerySet,
    one_of,
    text_in_active_language,
)
from records.facts import FactField, only_shown
from records.models import RecordSource
from search.context_words import context_words, country_words
from search.models import NamedText
from search.triggers import note_changes
from web.data_version import MOVES_DATA_VERSION

EARLIEST_FILM_YEAR = 1895


LATEST_FILM_YEAR = 2099


class FilmStatus(models.TextChoices):
    ANNOUNCED = "announced", _("announced")
    IN_PRODUCTION = "in-production", _("in production")
    POST_PRODUCTION = "post-production", _("in post-production")
    RELEASED = "released", _("released")


FILMS_OF_INSTITUTION = "SELECT film_id FROM cooperation_filminstitution WHERE institution_id = ANY ($1)"
FILMS_WITH_DIRECTORS = "SELECT id FROM cooperation_film WHERE cardinality(directors) > 0"


class FilmQuerySet(RecordQuerySet):
    def made_by(self, country_codes):
        """Return films with at least one of these producing countries."""
        return self.filter(Exists(FilmCountry.objects.filter(film=OuterRef("pk"), country__in=country_codes)))

    def countries_of_each(self):
        """Return the rows of the producing countries of these films."""
        return FilmCountry.objects.filter(film__in=self.order_by().values("pk"))

    def partner_pairs(self):
        """Return the number of joint films for each pair of countries, in both orders; two queries."""
        pairs = (
            FilmCountry.objects.filter(film__in=self.order_by())
            .order_by()
            .values_list("country", "film__film_countries__country")
            .annotate(number=Count("film"))
        )
        countries = Country.objects.in_bulk()
        return {(countries[one], countries[other]): number for one, other, number in pairs if one != other}

    def made_with(self, institution):
        return self.filter(Exists(FilmInstitution.objects.filter(film=OuterRef("pk"), institution=institution)))

    def newest_first(self):
        """Order by year, newest first, after unreleased films without a year, which people ask about most."""
        return self.order_by(F("year").desc(nulls_first=True), "key")

    def with_withheld_names(self):
        """Add `withheld_names`, which no list of names shows, so that they are asked for once for all films."""
        names = models.Value(sorted(Person.objects.withheld_names()), ArrayField(models.TextField()))
        return self.annotate(withheld_names=names)

    def for_search(self):
        """Load everything that the search finds a film by."""
        partners = FilmInstitution.objects.filter(institution__in=Institution.objects.published())
        return self.with_withheld_names().prefetch_related(
            "other_names",
            "film_countries",
            Prefetch(
                "film_institutions",
                partners.select_related("institution").prefetch_related("institution__other_names"),
                to_attr="public_partners",
            ),
        )

    def for_search_results(self):
        """Load everything that a search result shows."""
        return self.for_list().prefetch_related("other_names")

    def for_list(self):
        return self.prefetch_related(Prefetch("film_countries", FilmCountry.objects.select_related("country")))

    def for_detail(self):
        partners = FilmInstitution.objects.filter(institution__in=Institution.objects.published())
        return self.for_list().prefetch_related(
            Prefetch("other_names", FilmName.objects.select_related("source")),
            Prefetch(
                "film_institutions",
                partners.select_related("institution__country", "institution__city"),
                to_attr="public_partners",
            ),
            Prefetch("record_sources", FilmSource.objects.select_related("source")),
        )


class Film(DirectoryRecord):
    """Film made by institutions of several countries."""

    year = models.PositiveSmallIntegerField(
        _("year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(EARLIEST_FILM_YEAR), MaxValueValidator(LATEST_FILM_YEAR)],
        help_text=_("Of release; the planned year for a film not yet released."),
    )
    status = models.CharField(_("status"), max_length=20, choices=FilmStatus, blank=True)
    directors = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("directors"),
        default=list,
        blank=True,
        help_text=_("One name per line."),
    )
    other_partners = ArrayField(
        models.CharField(max_length=300),
        verbose_name=_("other partners"),
        default=list,
        blank=True,
        help_text=_("Names of bodies that have no record of their own, one per line."),
    )
    countries = models.ManyToManyField(
        Country, verbose_name=_("countries"), through="FilmCountry", related_name="films"
    )
    institutions = models.ManyToManyField(Institution, through="FilmInstitution", related_name="films")
    summary_en = models.TextField(_("summary"), blank=True)
    summary_ru = models.TextField(_("summary in Russian"), blank=True)

    facts = FILM_FACTS

    objects = FilmQuerySet.as_manager()

    class Meta(DirectoryRecord.Meta):
        verbose_name = _("film")
        verbose_name_plural = _("films")
        constraints = [
            *DirectoryRecord.Meta.constraints,
            one_of("status", FilmStatus.values, name="film_status_known", empty=True),
            models.CheckConstraint(
                condition=Q(year=None) | Q(year__gte=EARLIEST_FILM_YEAR, year__lte=LATEST_FILM_YEAR),
                name="film_year_plausible",
                violation_error_message=_("Write the year with four digits."),
            ),
            note_changes("film_search_notes_names", table="cooperation_filmname", column="film_id"),
            note_changes("film_search_notes_countries", table="cooperation_filmcountry", column="film_id"),
            note_changes("film_search_notes_partners", table="cooperation_filminstitution", column="film_id"),
            note_changes(
                "film_search_notes_institutions",
                table="institutions_institution",
                on="UPDATE",
                ids=FILMS_OF_INSTITUTION,
            ),
            note_changes(
                "film_search_notes_institution_names",
                table="institutions_institutionname",
                column="institution_id",
                ids=FILMS_OF_INSTITUTION,
            ),
            note_changes(
                "film_search_notes_withheld",
                table="people_person",
                on="UPDATE",
                when="OLD.withheld OR NEW.withheld",
                ids=FILMS_WITH_DIRECTORS,
            ),
            note_changes(
                "film_search_notes_newly_withheld",
                table="people_person",
                on="INSERT",
                when="NEW.withheld",
                ids=FILMS_WITH_DIRECTORS,
            ),
            note_changes(
                "film_search_notes_forgotten",
                table="people_person",
                on="DELETE",
                when="OLD.withheld",
                ids=FILMS_WITH_DIRECTORS,
            ),
            note_changes(
                "film_search_notes_names_of_withheld",
                table="people_personname",
                column="person_id",
                ids=f"{FILMS_WITH_DIRECTORS} AND EXISTS (SELECT FROM people_person WHERE id = ANY ($1) AND withheld)",
            ),
        ]

    @classmethod
    def records_for_search(cls):
        return cls.objects.for_search()

    def context_to_search(self):
        return {
            "place": [words for made_in in self.film_countries.all() for words in country_words(made_in.country_id)],
            "kind": context_words("kinds", "film"),
            "date": [NamedText(str(self.year))] if self.year else (),
            "people": [NamedText(name) for name in self.directors if name.casefold() not in self.withheld_names],
            "body": [
                *(name for partner in self.public_partners for name in partner.institution.names_to_search()),
                *map(NamedText, self.other_partners),
            ],
        }

    def clean(self):
        super().clean()
        refuse_withheld_names("directors", self.directors)
        refuse_withheld_names("other_partners", self.other_partners)

    def group_to_compare(self):
        return str(self.year or "")

    @property
    def facts_in_short(self):
        """Return kind, year and countries as words, for one line."""
        return [pgettext("kind of record", "film"), *([self.year] if self.year else []), *self.country_names]

    @property
    def summary(self):
        return text_in_active_language(self, "summary")

    @property
    def country_names(self):
        return [film_country.country.name for film_country in self.film_countries.all()]

    def public_directors(self):
        """Return the directors' names without withheld people; one query, or none by `with_withheld_names()`."""
        known = vars(self).get("withheld_names")
        withheld = Person.objects.withheld_names() if known is None else known
        return [name for name in self.directors if name.casefold() not in withheld]


class FilmCountry(models.Model):
    """Producing country of a film, in order of lead."""

    film = models.ForeignKey(Film, on_delete=models.CASCADE, related_name="film_countries")
    country = models.ForeignKey(
        Country, verbose_name=_("country"), on_delete=models.PROTECT, related_name="film_countries"
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    row_fields = only_shown("country")

    class Meta:
        verbose_name = _("country of a film")
        verbose_name_plural = _("countries of a film")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["film", "country"], name="filmcountry_once"),
            MOVES_DATA_VERSION,
        ]

    def __str__(self):
        return str(self.country)


class FilmInstitution(models.Model):
    """Institution that takes part in making a film."""

    film = models.ForeignKey(Film, on_delete=models.CASCADE, related_name="film_institutions")
    institution = models.ForeignKey(
        Institution, verbose_name=_("institution"), on_delete=models.PROTECT, related_name="film_institutions"
    )
    role_en = models.CharField(_("part in the film"), max_length=100, blank=True)
    role_ru = models.CharField(_("part in the film, in Russian"), max_length=100, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    row_fields = (*only_shown("institution"), FactField("role_en"), FactField("role_ru"))

    class Meta:
        verbose_name = _("partner in a film")
        verbose_name_plural = _("partners in a film")
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["film", "institution"], name="filminstitution_once"),
            NO_CONTROL_CHARACTERS,
            MOVES_DATA_VERSION,
        ]

    def __str__(self):
        return str(self.institution)

    @property
    def role(self):
        return text_in_active_language(self, "role")


class FilmName(AlternativeName):
    film = models.ForeignKey(Film, on_delete=models.CASCADE, related_name="other_names")

    class Meta(AlternativeName.Meta):
        verbose_name = _("other title of a film")
        verbose_name_plural = _("other titles of a film")
        constraints = [
            *AlternativeName.Meta.constraints,
            models.UniqueConstraint(fields=["film", "text", "kind"], name="filmname_once"),
        ]


class FilmSource(RecordSource):
    facts = FILM_FACTS

    film = models.ForeignKey(Film, on_delete=models.CASCADE, related_name="record_sources")

    class Meta(RecordSource.Meta):
        verbose_name = _("source of a film")
        verbose_name_plural = _("sources of a film")
        constraints = [
            *RecordSource.Meta.constraints,
            models.UniqueConstraint(fields=["film", "source"], name="filmsource_once"),
        ]
