"""Film institutions."""

from functools import partial

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.facts import INSTITUTION_FACTS
from languages.of_interface import COLUMN_TAGS
from languages.partial_dates import PartialDateField, partial_date_constraint, period_constraint
from records.base import (
    DirectoryRecord,
    PublicationState,
    one_of,
    text_in_active_language,
)
from records.contact_types import ContactKind
from records.facts import plain_facts
from records.identifier_types import (
    ShownIdentifier,
    identifiers_asked,
    identifiers_constraint,
    shown_identifiers,
    validate_identifiers,
)
from records.models import URL_REGEX
from search.context_words import (
    choice_names,
    context_words,
    country_words,
    names_of_choices,
    names_of_countries,
)
from search.descriptions import DescribedField
from search.models import NamedText
from search.triggers import log_changes, note_changes

from .choices import KIND_HEADINGS, InstitutionKind, InstitutionStatus, Ownership, Service
from .countries import BOTH_COORDINATES, COORDINATES_ON_EARTH, City, Country
from .institution_lists import InstitutionQuerySet
from .rows import ANSWERED_KINDS
from .standing import OTHERS_FROM, STANDING


class Institution(DirectoryRecord):
    """Body of the film world: a studio, agency, fund, ministry, archive, school, union, festival and so on."""

    kind = models.CharField(_("kind"), max_length=20, choices=InstitutionKind)
    is_international = models.BooleanField(
        _("international"), default=False, help_text=_("A body of several countries; it has no country of its own.")
    )
    country = models.ForeignKey(
        Country,
        verbose_name=_("country"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="institutions",
        help_text=_("Empty only for international bodies."),
    )
    city = models.ForeignKey(
        City, verbose_name=_("city"), on_delete=models.PROTECT, null=True, blank=True, related_name="institutions"
    )
    parent = models.ForeignKey(
        "self", verbose_name=_("part of"), on_delete=models.PROTECT, null=True, blank=True, related_name="parts"
    )
    successor = models.ForeignKey(
        "self",
        verbose_name=_("successor"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        help_text=_("The institution that took over its work."),
    )
    ownership = models.CharField(_("ownership"), max_length=10, choices=Ownership, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=InstitutionStatus, default=InstitutionStatus.UNKNOWN)
    founded = PartialDateField(_("founded"), null=True, blank=True)
    closed = PartialDateField(_("closed"), null=True, blank=True)
    # Only festivals say these: `institutions.facts`.
    edition_start = PartialDateField(_("first day of the next edition"), null=True, blank=True)
    edition_end = PartialDateField(_("last day of the next edition"), null=True, blank=True)
    submissions_open = PartialDateField(_("opening of submissions"), null=True, blank=True)
    submissions_close = PartialDateField(_("deadline of submissions"), null=True, blank=True)
    submission_url = models.CharField(
        _("page for submissions"),
        max_length=500,
        blank=True,
        validators=[RegexValidator(URL_REGEX, _("Give the full address, with https://."))],
    )
    services = ArrayField(
        models.CharField(max_length=20, choices=Service), verbose_name=_("services"), default=list, blank=True
    )
    address_local = models.CharField(
        _("postal address in local form"),
        max_length=300,
        blank=True,
        help_text=_("As written on an envelope within the country."),
    )
    address_latin = models.CharField(
        _("postal address in Latin letters"), max_length=300, blank=True, help_text=_("For mail from abroad.")
    )
    postal_code = models.CharField(_("postal code"), max_length=12, blank=True)
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    description_en = models.TextField(_("description"), blank=True)
    description_ru = models.TextField(_("description in Russian"), blank=True)
    identifiers = models.JSONField(
        _("ids in registers"),
        default=dict,
        blank=True,
        validators=[validate_identifiers],
        help_text=_("One in each line: the URL of the page in the register, or its name and the id."),
    )
    # Place in the order of use; only triggers write it.
    standing = models.PositiveSmallIntegerField(default=0, editable=False, serialize=False)

    facts = INSTITUTION_FACTS
    described_fields = (
        DescribedField("kind", "kind__in", partial(names_of_choices, InstitutionKind, "kinds")),
        DescribedField(
            "service",
            "services__overlap",
            partial(names_of_choices, Service, "services"),
            takes_several=True,
            may_be_untold=True,
        ),
        DescribedField(
            "city", "city__key__in", City.objects.names_of_cities, is_fixed=False, around="country__cities__key__in"
        ),
        DescribedField("country", "country__in", names_of_countries, takes_several=True),
    )
    paths_of_links = (*DirectoryRecord.paths_of_links, "contacts__value")

    objects = InstitutionQuerySet.as_manager()

    class Meta(DirectoryRecord.Meta):
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        constraints = [
            *DirectoryRecord.Meta.constraints,
            one_of("kind", InstitutionKind.values, name="institution_kind_known"),
            one_of("ownership", Ownership.values, name="institution_ownership_known", empty=True),
            one_of("status", InstitutionStatus.values, name="institution_status_known"),
            note_changes(
                "institution_search_notes_names", table="institutions_institutionname", column="institution_id"
            ),
            note_changes(
                "institution_search_notes_cities",
                table="institutions_city",
                on="UPDATE",
                ids="SELECT id FROM institutions_institution WHERE city_id = ANY ($1)",
            ),
            *STANDING,
            *log_changes("institution_log"),
            *log_changes("institution_log_contacts", table="institutions_institutioncontact", column="institution_id"),
            *log_changes("institution_log_cities", table="institutions_city", of="institutions_city"),
            *log_changes(
                "institution_log_countries", table="institutions_country", column="", of="institutions_country"
            ),
            models.CheckConstraint(
                condition=Q(is_international=True, country=None) | Q(is_international=False, country__isnull=False),
                name="institution_has_country_unless_international",
                violation_error_message=_("Give the country, or mark the institution as international."),
            ),
            models.CheckConstraint(
                condition=Q(services__contained_by=Service.values),
                name="institution_services_known",
                violation_error_message=_("Unknown service."),
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("pk")),
                name="institution_not_its_own_parent",
                violation_error_message=_("An institution can't be part of itself."),
            ),
            models.CheckConstraint(
                condition=Q(successor=None) | ~Q(successor=F("pk")),
                name="institution_not_its_own_successor",
                violation_error_message=_("An institution can't be its own successor."),
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | (BOTH_COORDINATES & COORDINATES_ON_EARTH),
                name="institution_coordinates_whole_and_on_earth",
                violation_error_message=_("Latitude must be -90 to 90, longitude -180 to 180; give both or neither."),
            ),
            identifiers_constraint("identifiers", name="institution_identifiers_shape"),
            partial_date_constraint("founded", name="institution_founded_shape"),
            partial_date_constraint("closed", name="institution_closed_shape"),
            period_constraint("founded", "closed", name="institution_period"),
            partial_date_constraint("edition_start", name="institution_edition_start_shape"),
            partial_date_constraint("edition_end", name="institution_edition_end_shape"),
            period_constraint("edition_start", "edition_end", name="institution_edition_period"),
            partial_date_constraint("submissions_open", name="institution_submissions_open_shape"),
            partial_date_constraint("submissions_close", name="institution_submissions_close_shape"),
            period_constraint("submissions_open", "submissions_close", name="institution_submissions_period"),
            models.CheckConstraint(
                condition=Q(submission_url="") | Q(submission_url__regex=URL_REGEX),
                name="institution_submission_url_shape",
                violation_error_message=_("Give the full address, with https://."),
            ),
        ]
        indexes = [
            *DirectoryRecord.Meta.indexes,
            models.Index(fields=["publication_state", "kind", "country"], name="institution_browsing"),
            # For the order of lists, without reading the rows.
            *(
                models.Index(
                    fields=[f"sort_key_{tag}", "key"],
                    include=["id", "publication_state"],
                    name=f"institution_by_name_{tag}",
                )
                for tag in COLUMN_TAGS
            ),
            GinIndex(OpClass("identifiers", name="jsonb_path_ops"), name="institution_identifiers", fastupdate=False),
            models.Index(
                fields=["country", "standing"],
                condition=Q(publication_state=PublicationState.PUBLISHED),
                name="institution_of_use",
            ),
            # All that is needed to count institutions, without reading the rows.
            models.Index(
                fields=["country", "publication_state"], include=["id", "status"], name="institution_counting"
            ),
            *(
                models.Index(
                    fields=["sort_key_en"],
                    include=["country"],
                    condition=Q(publication_state=PublicationState.PUBLISHED, **{name: ""}),
                    name=f"institution_no_{name}",
                )
                for name in ["name_ru", "name_native"]
            ),
        ]

    def clean(self):
        super().clean()
        if self.city and self.country and self.city.country_id != self.country_id:
            raise ValidationError({"city": _("This city is in another country.")})
        # Forms leave the primary key out of the constraints that they check, so these two are repeated here.
        if self.pk and self.parent_id == self.pk:
            raise ValidationError({"parent": _("An institution can't be part of itself.")})
        if self.pk and self.successor_id == self.pk:
            raise ValidationError({"successor": _("An institution can't be its own successor.")})

    @classmethod
    def records_for_search(cls):
        return cls.objects.for_search()

    @classmethod
    def ids_identified_by(cls, text):
        asked = identifiers_asked(text)
        found = cls.objects.published().identified_by(asked).in_name_order()
        return list(found.values_list("pk", flat=True)) if asked else []

    def context_to_search(self):
        return {
            "place": self.places_to_compare(),
            "kind": [
                *choice_names(InstitutionKind(self.kind), "kinds"),
                *context_words("ownership", self.ownership),
                *(name for service in self.services for name in choice_names(Service(service), "services")),
            ],
            "description": [NamedText(self.description_en, "en"), NamedText(self.description_ru, "ru")],
        }

    def group_to_compare(self):
        # "Moscow Film School" and "Moscow Film Festival" share all identifying words.
        return f"{self.country_id}/{self.kind}"

    def places_to_compare(self):
        return [*(self.city.names_to_search() if self.city else ()), *country_words(self.country_id)]

    @property
    def facts_in_short(self):
        """Return kind and place for one line."""
        city = [self.city.name] if self.city else []
        return [self.get_kind_display(), *city, self.country.name if self.country else _("international")]

    @property
    def description(self):
        return text_in_active_language(self, "description")

    @property
    def is_state_body(self):
        """Return whether it is one of the state bodies with which lists begin."""
        return self.standing < OTHERS_FROM

    @property
    def plain_facts(self):
        """Return the facts that the head of the page shows by label and value."""
        return plain_facts(self)

    @property
    def says_edition(self):
        """Return whether anything is known of the next edition of a festival, or of its submissions."""
        return any(getattr(self, name) for name in INSTITUTION_FACTS.plain_fields_of_some)

    @property
    def is_edition_over(self):
        last = self.edition_end or self.edition_start
        return bool(last) and last.last_day < timezone.localdate()

    @property
    def submission_host(self):
        """Return the page for submissions as people read it: "filmfreeway.com/example"."""
        return self.submission_url.split("://", 1)[-1].removeprefix("www.").rstrip("/")

    @property
    def shown_identifiers(self) -> list[ShownIdentifier]:
        return shown_identifiers(self.identifiers)

    @property
    def public_parent(self):
        return self.parent if self.parent and self.parent.is_published else None

    @property
    def public_successor(self):
        return self.successor if self.successor and self.successor.is_published else None

    @property
    def service_labels(self):
        return [Service(service).label for service in self.services]

    @property
    def kind_heading(self):
        return KIND_HEADINGS[self.kind]

    @property
    def contacts_in_short(self):
        """Return the contacts for one row of a list: the first of each of the main kinds.

        Needs a queryset with `with_public_contacts()`.
        """
        first_of_kind = {contact.kind: contact for contact in reversed(self.public_contacts)}
        wanted = (ContactKind.PHONE, ContactKind.EMAIL, ContactKind.WEBSITE)
        return [first_of_kind[kind] for kind in wanted if kind in first_of_kind]

    @property
    def can_be_asked(self):
        """Return whether a question can be put by telephone or e-mail. Needs `with_public_contacts()`."""
        return any(contact.kind in ANSWERED_KINDS for contact in self.public_contacts)

    @property
    def has_address(self):
        return bool(self.address_local or self.address_latin)
