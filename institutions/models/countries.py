"""Countries, their treaties and cities."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from institutions.facts import COUNTRY_FACTS
from languages.control_characters import NO_CONTROL_CHARACTERS
from languages.of_countries import COUNTRY_NAMES
from languages.of_interface import active_language, language_of
from languages.partial_dates import PartialDateField, partial_date_constraint, period_constraint
from languages.sorting import sort_key
from records.base import not_empty, one_of, text_in_active_language, validate_language_tag
from records.facts import FactField
from records.keys import KEY_REGEX, validate_key
from records.models import RecordSource
from search.context_words import country_named
from search.models import NamedText
from web.data_version import MOVES_DATA_VERSION
from web.own_paths import path_to

# Separate from the range: a comparison with NULL is neither true nor false, and a constraint accepts that.
BOTH_COORDINATES = Q(latitude__isnull=False, longitude__isnull=False)


COORDINATES_ON_EARTH = Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180)


# Takes the place of a country in URLs, for bodies of several countries.
INTERNATIONAL = "INT"


# Countries whose native name is the Russian one.
RUSSIA = "RU"


class Region(models.TextChoices):
    CENTRAL_ASIA = "central-asia", _("Central Asia")
    SOUTH_CAUCASUS = "south-caucasus", _("South Caucasus")
    EASTERN_EUROPE = "eastern-europe", _("Eastern Europe")


# Countries by region.
REGIONS = {
    Region.CENTRAL_ASIA: ("KZ", "KG", "TJ", "TM", "UZ"),
    Region.SOUTH_CAUCASUS: ("AM", "AZ", "GE"),
    Region.EASTERN_EUROPE: ("BY", "MD", "RU", "UA"),
}


class CisStatus(models.TextChoices):
    MEMBER = "member", _("member")
    ASSOCIATE = "associate", _("associate member")
    LEAVING = "leaving", _("leaving")
    FORMER = "former", _("former member")
    OBSERVER = "observer", _("observer")
    NONE = "none", _("not a member")


class CountryQuerySet(models.QuerySet):
    def get_by_natural_key(self, code):
        return self.get(code=code)

    def listed(self):
        """Return the countries that the directory covers: present and former members of the CIS, and observers."""
        return self.exclude(cis_status=CisStatus.NONE)

    def rank_by_name(self, path):
        """Return an expression: the place of the country at this path among the listed ones, in the reader's order."""
        codes = [country.code for country in sorted(self.listed(), key=lambda country: country.name)]
        places = [models.When(**{path: code}, then=place) for place, code in enumerate(codes)]
        return models.Case(*places, default=len(codes))

    def named(self, text):
        """Return the country that the text names, in any language, where the directory covers it."""
        code = country_named(text)
        return self.listed().filter(code=code) if code else self.none()

    def with_numbers(self, **records):
        """Add the number of these records that each country has, by the name of the annotation."""
        found = {name: queryset.filter(country=OuterRef("pk")).order_by() for name, queryset in records.items()}
        numbers = {
            name: queryset.values("country").annotate(number=Count("pk")).values("number")
            for name, queryset in found.items()
        }
        return self.annotate(**{name: Coalesce(Subquery(number), 0) for name, number in numbers.items()})

    def with_institution_count(self):
        institutions = self.model._meta.get_field("institutions").related_model.objects
        return self.with_numbers(institution_count=institutions.published())

    def for_detail(self):
        return self.prefetch_related(
            "treaties", Prefetch("record_sources", CountrySource.objects.select_related("source"))
        )


class Country(models.Model):
    """State, by its ISO 3166-1 code; its names come from CLDR in any language."""

    code = models.CharField(
        _("code"), max_length=2, primary_key=True, validators=[RegexValidator(r"^[A-Z]{2}$", _("Two capital letters."))]
    )
    cis_status = models.CharField(_("status in the CIS"), max_length=10, choices=CisStatus, default=CisStatus.NONE)
    cis_since = PartialDateField(_("in the CIS since"), null=True, blank=True)
    cis_until = PartialDateField(_("in the CIS until"), null=True, blank=True)
    film_law_en = models.TextField(_("film law"), blank=True)
    film_law_ru = models.TextField(_("film law, in Russian"), blank=True)
    remarks_en = models.TextField(_("remarks on the sources"), blank=True, help_text=_("Shown on the country's page."))
    remarks_ru = models.TextField(_("remarks on the sources, in Russian"), blank=True)
    editors_note = models.TextField(_("editors' note"), blank=True, help_text=_("Not shown on the site."))
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    facts = COUNTRY_FACTS

    objects = CountryQuerySet.as_manager()

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Z]{2}$"), name="country_code_shape"),
            one_of("cis_status", CisStatus.values, name="country_cis_status_known"),
            partial_date_constraint("cis_since", name="country_cis_since_shape"),
            partial_date_constraint("cis_until", name="country_cis_until_shape"),
            period_constraint("cis_since", "cis_until", name="country_cis_period"),
            NO_CONTROL_CHARACTERS,
            MOVES_DATA_VERSION,
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return path_to("institutions:country_detail", self.code.lower())

    def natural_key(self):
        return (self.code,)

    @property
    def is_listed(self):
        """Return whether the directory covers the country."""
        return self.cis_status != CisStatus.NONE

    @property
    def name(self):
        return country_name(self.code)

    @property
    def film_law(self):
        return text_in_active_language(self, "film_law")

    @property
    def remarks(self):
        return text_in_active_language(self, "remarks")


def country_name(code, language=None):
    """Return the country's name in the given or the active language, from CLDR unless the country asks for another."""
    language = language_of(language) if language else active_language()
    return COUNTRY_NAMES.get((code, language.tag)) or language.cldr.territories[code]


class CountrySource(RecordSource):
    facts = COUNTRY_FACTS

    country = models.ForeignKey(Country, on_delete=models.CASCADE, related_name="record_sources")

    class Meta(RecordSource.Meta):
        verbose_name = _("source of a country")
        verbose_name_plural = _("sources of a country")
        constraints = [
            *RecordSource.Meta.constraints,
            models.UniqueConstraint(fields=["country", "source"], name="countrysource_once"),
        ]


class Treaty(models.Model):
    """Treaty, fund or rule on co-production that a country is bound by."""

    country = models.ForeignKey(Country, verbose_name=_("country"), on_delete=models.CASCADE, related_name="treaties")
    name_en = models.CharField(_("name"), max_length=300)
    name_ru = models.CharField(_("name in Russian"), max_length=300, blank=True)
    date = PartialDateField(
        _("date"), null=True, blank=True, help_text=_("Of signing, ratification or force: see note.")
    )
    note_en = models.TextField(_("what the date means"), blank=True, help_text=_("Shown on the country's page."))
    note_ru = models.TextField(_("what the date means, in Russian"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    row_fields = tuple(FactField(name) for name in ("name_en", "name_ru", "date", "note_en", "note_ru"))

    class Meta:
        verbose_name = _("co-production treaty")
        verbose_name_plural = _("co-production treaties")
        ordering = ["order", "pk"]
        constraints = [
            not_empty("name_en", name="treaty_name_given", message=_("Give the name.")),
            partial_date_constraint("date", name="treaty_date_shape"),
            models.UniqueConstraint(fields=["country", "name_en"], name="treaty_once"),
            NO_CONTROL_CHARACTERS,
            MOVES_DATA_VERSION,
        ]

    def __str__(self):
        return self.name_en

    @property
    def name(self):
        return text_in_active_language(self, "name")

    @property
    def note(self):
        return text_in_active_language(self, "note")


class CityQuerySet(models.QuerySet):
    def get_by_natural_key(self, key):
        return self.get(key=key)

    def in_name_order(self):
        return self.order_by(active_language().sort_key, "key")

    def with_published_institutions(self):
        institutions = self.model._meta.get_field("institutions").related_model.objects
        return self.filter(Exists(institutions.published().filter(city=OuterRef("pk"))))

    def names_of_cities(self):
        """Return pairs of a city's key and one of its names, former ones too."""
        return [(city.key, name) for city in self.all() for name in city.names_to_search() if name.text]

    def with_counts(self, counts):
        """Return the cities that have one of these numbers by key, each with its number and country loaded."""
        return [(city, counts[city.key]) for city in self.select_related("country").filter(key__in=counts)]


class City(models.Model):
    """Town with an institution or an event."""

    key = models.CharField(_("key"), max_length=80, unique=True, validators=[validate_key])
    country = models.ForeignKey(Country, verbose_name=_("country"), on_delete=models.PROTECT, related_name="cities")
    name_en = models.CharField(_("English name"), max_length=100)
    name_ru = models.CharField(_("Russian name"), max_length=100, blank=True)
    name_native = models.CharField(_("native name"), max_length=100, blank=True)
    native_language = models.CharField(
        _("language of the native name"), max_length=8, blank=True, validators=[validate_language_tag]
    )
    # Decimal degrees, WGS 84; four places are about eleven metres.
    latitude = models.DecimalField(_("latitude"), max_digits=7, decimal_places=4, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=7, decimal_places=4, null=True, blank=True)
    other_spellings = ArrayField(
        models.CharField(max_length=100),
        verbose_name=_("other spellings"),
        default=list,
        blank=True,
        help_text=_("Former and foreign names by which people look for the city; not shown on the site."),
    )
    geonames_id = models.PositiveIntegerField(
        _("GeoNames id"), null=True, blank=True, unique=True, help_text=_("Where the coordinates come from.")
    )
    sort_key_en = models.TextField(editable=False, db_collation="C")
    sort_key_ru = models.TextField(editable=False, db_collation="C")

    objects = CityQuerySet.as_manager()

    class Meta:
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        ordering = ["sort_key_en"]
        constraints = [
            models.CheckConstraint(condition=Q(key__regex=KEY_REGEX), name="city_key_shape"),
            not_empty("name_en", name="city_name_en_given", message=_("Give the English name.")),
            models.UniqueConstraint(fields=["country", "name_en"], name="city_once_a_country"),
            NO_CONTROL_CHARACTERS,
            MOVES_DATA_VERSION,
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | (BOTH_COORDINATES & COORDINATES_ON_EARTH),
                name="city_coordinates_whole_and_on_earth",
                violation_error_message=_("Latitude must be -90 to 90, longitude -180 to 180; give both or neither."),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.sort_key_en = sort_key(self.name_en)
        self.sort_key_ru = sort_key(self.name_ru or self.name_en)
        super().save(*args, **kwargs)

    def natural_key(self):
        return (self.key,)

    @property
    def name(self):
        shown = text_in_active_language(self, "name")
        return shown.text if shown else ""

    def names_to_search(self):
        yield NamedText(self.name_en, "en")
        yield NamedText(self.name_ru, "ru")
        yield NamedText(self.name_native, self.native_language)
        yield from map(NamedText, self.other_spellings)
