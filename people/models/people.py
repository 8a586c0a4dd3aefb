"""People who represent film institutions."""

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from institutions.models import Country, Institution
from languages.of_interface import COLUMN_TAGS, active_language
from languages.romanisation import to_russian_letters
from people.facts import PERSON_FACTS
from records.base import (
    AlternativeName,
    DirectoryRecord,
    PublicationState,
    RecordQuerySet,
    ShownName,
    one_of,
)
from records.models import RecordSource
from search.context_words import context_words, country_words
from search.models import NamedText
from search.triggers import log_changes, note_changes

from .positions import Position


class PersonQuerySet(RecordQuerySet):
    def published(self):
        return super().published().filter(withheld=False)

    def drafts(self):
        return super().drafts().filter(withheld=False)

    def in_posts(self, positions):
        """Return the people with one of these posts, and the posts as `shown_positions`."""
        return self.filter(Exists(positions.filter(person=OuterRef("pk")))).with_posts(positions)

    def documented_first(self, positions):
        """Add `is_documented`: whether one of these posts, all held on a date, is documented for that date."""
        documented = positions.filter(is_documented=True, person=OuterRef("pk"))
        return self.annotate(is_documented=Exists(documented)).order_by("-is_documented", *self.query.order_by)

    def with_posts(self, positions):
        """Return all people, with their own among these posts as `shown_positions`."""
        return self.prefetch_related(Prefetch("positions", positions.for_list(), to_attr="shown_positions"))

    def withheld(self):
        """Return the withheld people, who are kept so that nothing brings them back."""
        return self.filter(withheld=True)

    def withheld_names(self):
        """Return every known spelling of withheld people's names, for texts that name people without a record."""
        columns = self.withheld().values_list("name_en", "name_ru", "name_native", "other_names__text")
        return {name.casefold() for names in columns for name in names if name}

    def for_search(self):
        """Load everything that the search finds a person by."""
        institutions = Institution.objects.only_for_search("city").prefetch_related("city")
        titles = ["title_en", "title_ru", "title_native", "native_language"]
        positions = Position.objects.public().only("person", "institution", "body_name", "role", "until", *titles)
        positions = positions.prefetch_related(Prefetch("institution", institutions))
        return self.only_for_search("publication_state", "withheld", "country").prefetch_related(
            Prefetch("positions", positions, to_attr="positions_to_search")
        )

    def for_search_results(self):
        """Load everything that a search result shows."""
        return self.select_related("country").prefetch_related("other_names").with_posts(Position.objects.public())

    def for_detail(self):
        positions = Position.objects.public().for_list()
        return self.select_related("country").prefetch_related(
            Prefetch("other_names", PersonName.objects.select_related("source")),
            Prefetch("positions", positions, to_attr="public_positions"),
            Prefetch("record_sources", PersonSource.objects.select_related("source")),
        )


class WithholdingReason(models.TextChoices):
    """Reason for withholding: how the request reached the editors."""

    LETTER = "letter", _("letter from the person")
    EMAIL = "e-mail", _("e-mail from the person")
    TELEPHONE = "telephone", _("telephone call from the person")
    AUTHORITY = "authority", _("decision of a court or authority")
    EDITORS = "editors", _("decision of the editors")


class Person(DirectoryRecord):
    """Person who represents or represented a film institution in public."""

    country = models.ForeignKey(
        Country,
        verbose_name=_("country"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        help_text=_("Country of the institutions they represent; empty for international ones."),
    )
    given_name_en = models.CharField(_("given name"), max_length=100, blank=True)
    family_name_en = models.CharField(_("family name"), max_length=100, blank=True)
    patronymic_en = models.CharField(_("patronymic"), max_length=100, blank=True)
    given_name_ru = models.CharField(_("given name in Russian"), max_length=100, blank=True)
    family_name_ru = models.CharField(_("family name in Russian"), max_length=100, blank=True)
    patronymic_ru = models.CharField(_("patronymic in Russian"), max_length=100, blank=True)
    form_of_address_en = models.CharField(_("form of address for letters"), max_length=100, blank=True)
    form_of_address_ru = models.CharField(_("form of address in Russian"), max_length=100, blank=True)
    form_of_address_native = models.CharField(_("form of address in the native language"), max_length=100, blank=True)
    # Only `withholding.withhold` sets these.
    withheld = models.BooleanField(
        _("withheld"),
        default=False,
        editable=False,
        help_text=_("Asked not to be listed: removed from the site and from all files, and never imported again."),
    )
    withheld_on = models.DateField(_("withheld on"), null=True, blank=True, editable=False)
    withheld_reason = models.CharField(
        _("reason"), max_length=20, choices=WithholdingReason, blank=True, editable=False
    )
    withheld_note = models.TextField(_("note on the reason"), blank=True, editable=False)

    facts = PERSON_FACTS
    paths_of_links = (*DirectoryRecord.paths_of_links, "positions__source__url", "positions__contacts__value")

    objects = PersonQuerySet.as_manager()

    class Meta(DirectoryRecord.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            *DirectoryRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(withheld=False) | ~Q(publication_state=PublicationState.PUBLISHED),
                name="person_withheld_is_not_published",
                violation_error_message=_("A withheld person can't be published; archive the record."),
            ),
            one_of("withheld_reason", WithholdingReason.values, name="person_withheld_reason_known", empty=True),
            note_changes("person_search_notes_names", table="people_personname", column="person_id"),
            note_changes("person_search_notes_posts", table="people_position", column="person_id"),
            note_changes(
                "person_search_notes_institutions",
                table="institutions_institution",
                on="UPDATE",
                ids="SELECT person_id FROM people_position WHERE institution_id = ANY ($1)",
            ),
            note_changes(
                "person_search_notes_institution_names",
                table="institutions_institutionname",
                column="institution_id",
                ids="SELECT person_id FROM people_position WHERE institution_id = ANY ($1)",
            ),
            note_changes(
                "person_search_notes_cities",
                table="institutions_city",
                on="UPDATE",
                ids="SELECT person_id FROM people_position JOIN institutions_institution AS body"
                " ON body.id = institution_id WHERE body.city_id = ANY ($1)",
            ),
            *log_changes("person_log"),
            *log_changes("person_log_posts", table="people_position", column="person_id"),
            # Other holders of the same seat.
            *log_changes(
                "person_log_bodies", table="people_position", column="institution_id", of="institutions_institution"
            ),
            *log_changes(
                "person_log_contacts", table="people_positioncontact", column="position_id", of="people_position"
            ),
            *log_changes("person_log_pages", table="people_positionsource", column="position_id", of="people_position"),
            models.CheckConstraint(
                condition=Q(withheld=True) | Q(withheld_on=None, withheld_reason="", withheld_note=""),
                name="person_reason_only_when_withheld",
            ),
        ]
        indexes = [
            *DirectoryRecord.Meta.indexes,
            # Few, and asked for by each page that may name people without a record.
            models.Index(fields=["id"], condition=Q(withheld=True), name="person_withheld"),
            # For the order of lists, without reading the rows.
            *(
                models.Index(
                    fields=[f"sort_key_{tag}", "key"],
                    include=["id", "publication_state", "withheld"],
                    name=f"person_by_name_{tag}",
                )
                for tag in COLUMN_TAGS
            ),
            # All that is needed to count people, without reading the rows.
            models.Index(fields=["id"], include=["publication_state", "withheld", "country"], name="person_counting"),
            models.Index(
                fields=["sort_key_en"],
                include=["country"],
                condition=Q(publication_state=PublicationState.DRAFT),
                name="person_drafts",
            ),
        ]

    @property
    def is_published(self):
        return super().is_published and not self.withheld

    @classmethod
    def records_for_search(cls):
        return cls.objects.for_search()

    def is_public(self):
        return self.is_published

    def may_be_compared(self):
        return not self.withheld

    def context_to_search(self):
        posts = self.positions_to_search
        institutions = {post.institution_id: post.institution for post in posts if post.institution}.values()
        cities = {body.city_id: body.city for body in institutions if body.city}.values()
        return {
            "place": [*country_words(self.country_id), *(name for city in cities for name in city.names_to_search())],
            "body": [
                *(name for body in institutions for name in body.names_to_search()),
                *(NamedText(post.body_name, "en") for post in posts),
            ],
            "post": [
                *(NamedText(post.title_en, "en") for post in posts),
                *(NamedText(post.title_ru, "ru") for post in posts),
                *(NamedText(post.title_native, post.native_language) for post in posts),
                # "Head of Uzbekfilm" is asked of present holders; former ones are found by the title of their post.
                *(name for post in posts if not post.until for name in context_words("roles", post.role)),
            ],
        }

    @property
    def facts_in_short(self):
        """Return the first of the posts, else only the country, for one line. Needs `with_posts()`."""
        facts = [fact for post in self.shown_positions[:1] for fact in (post.title.text, post.body) if fact]
        return facts or [_("person"), *([self.country.name] if self.country else [])]

    def text_to_sort(self, language):
        """Return the text to sort by: the family name, for Russian lists in Russian letters."""
        if language == "ru" and (self.family_name_ru or self.name_ru):
            name, family_name = self.name_ru, self.family_name_ru
        elif language == "ru" and (transliterated := self._transliterated()):
            # Before a patronymic some sources write the family name first.
            name = transliterated.text
            family_name = name.split()[0] if name.endswith(("вич", "вна")) else ""
        else:
            name, family_name = self.name_en, self.family_name_en
        # Names in the directory are written given name first, so the family name is the last word.
        family_name = family_name or name.split()[-1]
        return f"{family_name} {name}"

    @property
    def in_russian_letters(self):
        is_wanted = active_language().sort_key == "sort_key_ru" and self.shown_names[0].language == "en"
        russian = self._transliterated() if is_wanted else None
        return russian if russian and russian.text != self.name_native else None

    def _transliterated(self):
        """Return the native, else the English name in Russian letters by rule, tagged as transliterated.

        Return None if a letter has no rule, or if the name is in Russian letters already.
        """
        text, language = (self.name_native, self.native_language) if self.name_native else (self.name_en, "en")
        russian = to_russian_letters(text, language)
        # See RFC 6497: text in Russian letters, transliterated from the other language.
        return ShownName(russian, f"ru-t-{language.lower()}") if russian else None


class PersonName(AlternativeName):
    person = models.ForeignKey(Person, verbose_name=_("person"), on_delete=models.CASCADE, related_name="other_names")

    class Meta(AlternativeName.Meta):
        verbose_name = _("other name of a person")
        verbose_name_plural = _("other names of a person")
        constraints = [
            *AlternativeName.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "text", "kind"],
                name="personname_once",
                violation_error_message=_("The person already has this name."),
            ),
        ]


class PersonSource(RecordSource):
    facts = PERSON_FACTS

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="record_sources")

    class Meta(RecordSource.Meta):
        verbose_name = _("source of a person")
        verbose_name_plural = _("sources of a person")
        constraints = [
            *RecordSource.Meta.constraints,
            models.UniqueConstraint(fields=["person", "source"], name="personsource_once"),
        ]
