"""Base models of records: key, slug, publication state, names in several scripts."""

from functools import lru_cache
from operator import attrgetter
from typing import ClassVar, NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from languages.control_characters import NO_CONTROL_CHARACTERS
from languages.of_interface import COLUMN_TAGS, active_language
from languages.partial_dates import PartialDateField, partial_date_constraint, period_constraint
from languages.scripts import script_of
from languages.sorting import sort_key
from records.keys import KEY_REGEX, SLUG_MAX_LENGTH, MergedKey, PastSlug, give_slugs, validate_key
from search.models import NamedText, Searchable, letters_index
from search.records import search
from web.data_version import MOVES_DATA_VERSION
from web.own_paths import path_to

from .facts import FactField, FactRegistry, only_shown
from .given_up import NOTHING_GIVEN_UP
from .link_checks import LinkCheck

# A BCP 47 language tag with the parts that names need: the language, and the script if it matters.
LANGUAGE_TAG_REGEX = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?$"

validate_language_tag = RegexValidator(LANGUAGE_TAG_REGEX, _("Write a language tag such as kk, az or uz-Cyrl."))


def not_empty(field_name: str, *, name: str, message) -> models.CheckConstraint:
    return models.CheckConstraint(condition=~models.Q(**{field_name: ""}), name=name, violation_error_message=message)


def one_of(field_name: str, values, *, name: str, empty: bool = False) -> models.CheckConstraint:
    """Return a constraint with the choices of the field; `empty` also accepts '' for "not known"."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{field_name}__in": ([""] if empty else []) + list(values)}),
        name=name,
        violation_error_message=_("Unknown value."),
    )


class ShownName(NamedTuple):
    """Text and the BCP 47 tag of its language, for the page's `lang` attribute."""

    text: str
    language: str


def text_in_active_language(record, field):
    """A text in the first language of the reader's chain that it exists in, as a `ShownName`, or None.

    A native text stands for a language that has no column of its own.
    """
    texts = {tag: getattr(record, f"{field}_{tag}") for tag in COLUMN_TAGS}
    if native := getattr(record, f"{field}_native", ""):
        texts.setdefault(record.native_language, native)
    return next((ShownName(texts[tag], tag) for tag in active_language().chain if texts.get(tag)), None)


_stored_names = attrgetter("name_native", "native_language", *(f"name_{tag}" for tag in COLUMN_TAGS))


@lru_cache(maxsize=5_000)
def _names_in_order(chain, native_text, native_language, *texts) -> tuple[ShownName, ...]:
    """Return the names in the order for the chain of languages, without repetitions: see `shown_names`."""
    native = ShownName(native_text, native_language)
    columns = {tag: ShownName(text, tag) for tag, text in zip(COLUMN_TAGS, texts, strict=True) if text}
    by_tag = ({native_language: native} if native_text else {}) | columns
    first = next((by_tag[tag] for tag in chain if tag in by_tag), native)
    names = {}
    for name in [first, native, *(columns[tag] for tag in chain if tag in columns)]:
        if name.text:
            names.setdefault(name.text, name)
    return tuple(names.values())


class PublicationState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    ARCHIVED = "archived", _("archived")


class RecordQuerySet(models.QuerySet):
    def get_by_natural_key(self, key):
        return self.get(key=key)

    def published(self):
        """Return the records that the public may see: the only definition, for pages, counts, exports and feeds."""
        return self.filter(publication_state=PublicationState.PUBLISHED).without_search_columns()

    def drafts(self):
        """Return unpublished records that wait to be finished."""
        return self.filter(publication_state=PublicationState.DRAFT)

    def only_for_search(self, *fields):
        """Load the names and these fields: words are made of many records at a time, and most columns are wide."""
        # As lists: Django makes a manager and a queryset for each record otherwise, which takes most of the time.
        other_names = Prefetch("other_names", to_attr="other_names_read")
        return self.only("name_en", "name_ru", "name_native", "native_language", *fields).prefetch_related(other_names)

    def without_search_columns(self):
        """Defer the columns of the search, which no page shows."""
        return self.defer("search_words", "search_text")

    def with_dead_links(self):
        """Return the records with a contact or source whose link is dead."""
        dead = LinkCheck.objects.dead().values("url")
        numbers = (self.model._base_manager.filter(**{f"{path}__in": dead}) for path in self.model.paths_of_links)
        return self.filter(models.Q(*(("pk__in", found.values("pk")) for found in numbers), _connector="OR"))

    def in_name_order(self):
        """Order by name in the active language."""
        return self.order_by(active_language().sort_key, "key")

    def search(self, text):
        """Return the records that the text finds, the best first; `text` may be a parsed `Query`."""
        return search(self, text)

    def with_past_slug(self, slug):
        """Return the record that had this slug before, or None."""
        past = PastSlug.objects.filter(record_kind=self.model.record_kind(), slug=slug)
        return self.filter(key__in=past.values("record_key"))

    def ids_by_key(self, keys):
        """Return the id of each of these records by its key, or that of a record that was merged into it."""
        keys = set(keys) - {None, ""}
        merged = MergedKey.objects.filter(record_kind=self.model.record_kind(), key__in=keys)
        present = {key: key for key in keys} | dict(merged.values_list("key", "record_key"))
        found = dict(self.filter(key__in=set(present.values())).values_list("key", "pk"))
        return {key: found[present_key] for key, present_key in present.items() if present_key in found}

    def ids_by_slug(self, slugs):
        """Return the id of each of these records by the slug that it has or had."""
        slugs = set(slugs) - {None, ""}
        past = PastSlug.objects.filter(record_kind=self.model.record_kind(), slug__in=slugs)
        keys = dict(past.values_list("slug", "record_key"))
        by_key = self.ids_by_key(keys.values())
        past_ids = {slug: by_key[key] for slug, key in keys.items() if key in by_key}
        return dict(self.filter(slug__in=slugs).values_list("slug", "pk")) | past_ids

    def named_like(self, text):
        """Return records with every word of the text in one of their names, in any order, as typed."""
        found = self
        for word in text.split():
            anywhere = models.Q()
            for lookup in self.model.NAME_LOOKUPS:
                anywhere |= models.Q(**{f"{lookup}__icontains": word})
            # One subquery each, so that several matching names don't duplicate the record.
            found = found.filter(pk__in=self.model._base_manager.filter(anywhere).values("pk"))
        return found


class DirectoryRecord(Searchable):
    """Record with a page of its own, named in English, Russian and its native language."""

    NAME_LOOKUPS = ("name_en", "name_ru", "name_native", "other_names__text")

    key = models.CharField(
        _("key"),
        max_length=120,
        unique=True,
        validators=[validate_key],
        help_text=_("Stable id for imports and exports. Never shown as a name, and never given to another record."),
    )
    slug = models.CharField(
        _("address"),
        max_length=SLUG_MAX_LENGTH,
        unique=True,
        blank=True,
        validators=[validate_key],
        help_text=_("Last part of the page's URL; made from the English name. Old URLs keep working."),
    )
    publication_state = models.CharField(
        _("publication"),
        max_length=10,
        choices=PublicationState,
        default=PublicationState.DRAFT,
        help_text=_("Only published records are on the site. Archive a record instead of deleting it."),
    )
    name_en = models.CharField(_("English name"), max_length=300)
    name_ru = models.CharField(_("Russian name"), max_length=300, blank=True)
    name_native = models.CharField(_("native name"), max_length=300, blank=True)
    native_language = models.CharField(
        _("language of the native name"),
        max_length=8,
        blank=True,
        validators=[validate_language_tag],
        help_text=_("Language tag: az, hy, be, kk, ky, ro, tg, tk, uz, uz-Cyrl, ka, uk …"),
    )
    sort_key_en = models.TextField(editable=False, db_collation="C")
    sort_key_ru = models.TextField(editable=False, db_collation="C")
    remarks_en = models.TextField(
        _("remarks on the sources"),
        blank=True,
        help_text=_("Shown on the page: where sources contradict each other or are unclear."),
    )
    remarks_ru = models.TextField(_("remarks on the sources, in Russian"), blank=True)
    editors_note = models.TextField(_("editors' note"), blank=True, help_text=_("Not shown on the site."))
    created_at = models.DateTimeField(_("entered"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta(Searchable.Meta):
        abstract = True
        indexes = [
            *Searchable.Meta.indexes,
            letters_index("name_en", "name_ru", "name_native", name="%(class)s_letters"),
        ]
        constraints = [
            *Searchable.Meta.constraints,
            NO_CONTROL_CHARACTERS,
            MOVES_DATA_VERSION,
            NOTHING_GIVEN_UP,
            models.CheckConstraint(
                condition=models.Q(key__regex=KEY_REGEX),
                name="%(class)s_key_shape",
                violation_error_message=validate_key.message,
            ),
            models.CheckConstraint(
                condition=models.Q(slug__regex=KEY_REGEX),
                name="%(class)s_slug_shape",
                violation_error_message=validate_key.message,
            ),
            not_empty("name_en", name="%(class)s_name_en_given", message=_("Give the English name.")),
            models.CheckConstraint(
                condition=models.Q(name_native="", native_language="")
                | (~models.Q(name_native="") & models.Q(native_language__regex=LANGUAGE_TAG_REGEX)),
                name="%(class)s_native_name_has_language",
                violation_error_message=_("A native name needs its language, and a language its name."),
            ),
            one_of("publication_state", PublicationState.values, name="%(class)s_publication_state_known"),
        ]

    # The name that a search found, where a list shows it: see `name_found_by`.
    found_by = None
    # What a record of this kind says.
    facts: ClassVar[FactRegistry]
    # Lookups from the record to the URLs of pages.
    paths_of_links = ("record_sources__source__url",)

    def __str__(self):
        return self.name_en

    def make_sort_keys(self):
        for tag in COLUMN_TAGS:
            setattr(self, f"sort_key_{tag}", sort_key(self.text_to_sort(tag)))

    def save(self, *args, **kwargs):
        self.make_sort_keys()
        earlier_slug = type(self)._base_manager.filter(pk=self.pk).values_list("slug", flat=True).first()
        if not self.slug:
            give_slugs([self])
        with transaction.atomic(using=kwargs.get("using")):
            super().save(*args, **kwargs)
            if earlier_slug and earlier_slug != self.slug:
                PastSlug.objects.get_or_create(
                    record_kind=self.record_kind(), slug=earlier_slug, defaults={"record_key": self.key}
                )

    def get_absolute_url(self):
        return path_to(f"{self._meta.app_label}:{self.record_kind()}_detail", self.slug)

    def clean(self):
        super().clean()
        # Before the constraints are checked, which refuse an empty slug.
        if not self.slug and self.name_en:
            try:
                give_slugs([self])
            except ValueError as error:
                raise ValidationError({"name_en": _("The name needs letters or digits.")}) from error
        if MergedKey.objects.filter(record_kind=self.record_kind(), key=self.key).exists():
            # Not for the key, which no form of an existing record has.
            raise ValidationError(_("The key of this record belongs to another one now: the two were merged."))
        taken = PastSlug.objects.filter(record_kind=self.record_kind(), slug=self.slug).exclude(record_key=self.key)
        if self.slug and taken.exists():
            raise ValidationError({"slug": _("This address once belonged to another record and still leads there.")})

    def natural_key(self):
        return (self.key,)

    @classmethod
    def record_kind(cls):
        """Return the word for this kind of record in paths and past slugs; proxies share it."""
        return cls._meta.concrete_model._meta.model_name

    def text_to_sort(self, language):
        """Return the name by which lists in this language sort the record."""
        return self.name_ru or self.name_en if language == "ru" else self.name_en

    @property
    def is_published(self):
        return self.publication_state == PublicationState.PUBLISHED

    def is_public(self):
        return self.is_published

    def names_to_search(self):
        yield NamedText(self.name_en, "en")
        yield NamedText(self.name_ru, "ru")
        yield NamedText(self.name_native, self.native_language)
        read = vars(self).get("other_names_read")
        for name in self.other_names.all() if read is None else read:
            yield NamedText(name.text, name.language)

    def name_found_by(self, best_place):
        """Return the name that answers a query best, or None where the first two names, which each page shows, do.

        `best_place` is a function from the names to the place of the best one, or None. The result is a `ShownName`, or
        an alternative name with its kind and period. Needs `other_names`.
        """
        shown = list(self.shown_names)
        others = list(self.other_names.all())
        texts = [NamedText(*name) for name in shown] + [NamedText(name.text, name.language) for name in others]
        best = best_place(texts)
        return [*shown, *others][best] if best is not None and best >= min(2, len(shown)) else None

    @property
    def name(self):
        """Return the name to show first in the active language."""
        return self.shown_names[0].text

    @property
    def shown_names(self):
        """Return the three names in the order for the active language, without repetitions; the first is the heading.

        Where there is no Russian name the English one stands in: a reader of Russian can't read every script.
        """
        return list(_names_in_order(active_language().chain, *_stored_names(self)))

    @property
    def second_name(self):
        """Return the name beside the first one: the native one if there is one, else the other language's."""
        return next(iter(self.shown_names[1:]), None)

    @property
    def in_russian_letters(self):
        """Return a `ShownName` for readers of Russian if no source gives a Russian name; None if not needed."""
        return None

    @property
    def remarks(self):
        return text_in_active_language(self, "remarks")


class NameKind(models.TextChoices):
    OFFICIAL = "official", _("official name")
    SHORT = "short", _("short name")
    ACRONYM = "acronym", _("acronym")
    SPELLING = "spelling", _("spelling in use")
    FORMER = "former", _("former name")
    AUTOMATIC = "automatic", _("automatic romanisation")


class AlternativeName(models.Model):
    """Another name of a record: official in another language, short, acronym, former, or a spelling in use."""

    text = models.CharField(pgettext_lazy("spelling", "name"), max_length=300)
    kind = models.CharField(_("kind"), max_length=10, choices=NameKind, default=NameKind.SPELLING)
    language = models.CharField(
        _("language"),
        max_length=8,
        blank=True,
        validators=[validate_language_tag],
        help_text=_("Language tag, if known."),
    )
    script = models.CharField(_("script"), max_length=4, blank=True, editable=False)
    since = PartialDateField(_("from"), null=True, blank=True)
    until = PartialDateField(_("until"), null=True, blank=True)
    source = models.ForeignKey(
        "sources.Source", verbose_name=_("source"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    row_fields = (FactField("text"), *only_shown("kind", "language", "since", "until"))

    class Meta:
        abstract = True
        ordering = ["kind", "since", "text"]
        indexes = [letters_index("text", name="%(class)s_letters")]
        constraints = [
            not_empty("text", name="%(class)s_text_given", message=_("Give the name.")),
            one_of("kind", NameKind.values, name="%(class)s_kind_known"),
            partial_date_constraint("since", name="%(class)s_since_shape"),
            partial_date_constraint("until", name="%(class)s_until_shape"),
            period_constraint("since", "until", name="%(class)s_period"),
            NO_CONTROL_CHARACTERS,
            MOVES_DATA_VERSION,
        ]

    def __str__(self):
        return self.text

    def save(self, *args, **kwargs):
        self.script = script_of(self.text)
        super().save(*args, **kwargs)
