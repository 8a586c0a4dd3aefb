"""The editors' pages of people, their posts and the contacts of those posts."""

import reversion
from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from institutions.admin import InstitutionAdmin
from institutions.country_filter import CountryFilter
from sources.admin import (
    NAMES,
    PUBLICATION,
    REMARKS_FIELDS,
    ContactInline,
    NameInline,
    RecordAdmin,
    RecordFields,
    RowAdmin,
    RowInline,
    SourceInline,
)
from sources.admin_forms import KeyedForm, RecordInlineFormSet
from sources.confirming import ContactAdmin, FreshnessFilter
from sources.records import PublicationState

from .models import Person, PersonName, PersonSource, Position, PositionContact, PositionSource
from .withholding import withhold

for model in [PersonName, PersonSource, PositionContact, PositionSource]:
    reversion.register(model)
reversion.register(Position, follow=["contacts", "older_sources"])
reversion.register(Person, follow=["other_names", "positions", "record_sources"])


class PersonNameInline(NameInline):
    model = PersonName


class PersonSourceInline(SourceInline):
    model = PersonSource
    after = _("Remarks")


class PositionInline(RecordFields, admin.StackedInline):
    """People in posts. Contacts of a post are on the page of the post itself."""

    model = Position
    formset = RecordInlineFormSet
    extra = 0
    show_change_link = True
    dates_and_rest = [
        ("title_en", "title_ru"),
        ("title_native", "native_language"),
        ("role", "seat", "is_public", "order"),
        ("since", "until", "as_of"),
        "source",
    ]


class PersonPositionInline(PositionInline):
    fields = [("institution", "body_name"), *PositionInline.dates_and_rest]
    after = _("Person")


class InstitutionPositionInline(PositionInline):
    verbose_name = _("person in post")
    verbose_name_plural = _("people in post")
    fields = ["person", *PositionInline.dates_and_rest]
    after = _("Services")


# Institutions know nothing of people, but an editor enters a studio together with its head.
InstitutionAdmin.inlines.insert(-1, InstitutionPositionInline)


class PersonForm(KeyedForm):
    def clean(self):
        cleaned = super().clean()
        if cleaned.get("withheld") and cleaned.get("publication_state") == PublicationState.PUBLISHED:
            cleaned["publication_state"] = PublicationState.ARCHIVED
        return cleaned


@admin.register(Person)
class PersonAdmin(RecordAdmin):
    form = PersonForm
    list_display = ["name_en", "name_ru", "country", "current_posts", "withheld", "publication_state"]
    list_filter = [
        "publication_state",
        "withheld",
        CountryFilter,
        ("name_ru", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["country"]
    inlines = [PersonNameInline, PersonPositionInline, PersonSourceInline]
    fieldsets = [
        NAMES,
        (
            _("Person"),
            {
                "fields": [
                    ("given_name_en", "family_name_en", "patronymic_en"),
                    ("given_name_ru", "family_name_ru", "patronymic_ru"),
                    ("form_of_address_en", "form_of_address_ru", "form_of_address_native"),
                    "country",
                ],
                "description": _("Parts of the name, for lists in order of family names and for letters."),
            },
        ),
        (
            _("Remarks"),
            {"fields": REMARKS_FIELDS, "description": _("What the sources leave open.")},
        ),
        (
            _("Asked not to be listed"),
            {
                "fields": ["withheld"],
                "description": _("Withholding archives the record and erases its history. It can't be undone."),
            },
        ),
        PUBLICATION,
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("positions__institution")

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if obj.withheld and "withheld" in form.changed_data:
            withhold(obj)
            self.message_user(
                request,
                _("%(person)s is withheld, archived and erased from the history.") % {"person": obj},
                messages.WARNING,
            )

    @admin.display(description=_("posts"))
    def current_posts(self, person):
        posts = [position for position in person.positions.all() if position.until is None]
        return "; ".join(f"{post.title_en}, {post.institution or post.body_name}" for post in posts)


class PositionContactInline(ContactInline):
    model = PositionContact


class PositionSourceInline(RowInline):
    model = PositionSource
    fields = ["source", "as_of"]


@admin.register(Position)
class PositionAdmin(RowAdmin):
    record_field = "person"
    list_display = ["person", "title_en", "body", "role", "since", "until", "last_seen", "is_public"]
    list_filter = [
        "role",
        "is_public",
        ("until", admin.EmptyFieldListFilter),
        CountryFilter.over("institution__country"),
    ]
    list_select_related = ["person", "institution"]
    search_fields = [
        "person__name_en",
        "person__name_ru",
        "person__name_native",
        "institution__name_en",
        "institution__name_ru",
        "title_en",
        "title_ru",
    ]
    ordering = ["person__sort_key_en", "order", "pk"]
    inlines = [PositionContactInline, PositionSourceInline]
    fieldsets = [
        (
            None,
            {
                "fields": ["person", ("institution", "body_name"), *PositionInline.dates_and_rest],
                "description": _("Who holds which post where, and between which dates pages say so."),
            },
        )
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).with_evidence()

    @admin.display(description=_("institution"), ordering="institution__sort_key_en")
    def body(self, position):
        return position.institution or position.body_name

    @admin.display(description=_("last seen"), ordering="last_seen")
    def last_seen(self, position):
        return position.last_seen


@admin.register(PositionContact)
class PositionContactAdmin(ContactAdmin):
    record_field = "position"
    list_display = ["shown_value", "kind", "person", "position_title", "is_public", "checked", "freshness"]
    list_filter = [FreshnessFilter, "kind", "is_public", CountryFilter.over("position__institution__country")]
    search_fields = ["value", "position__person__name_en", "position__person__name_ru", "position__title_en"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "position",
                    ("kind", "value", "department"),
                    ("languages", "language", "is_public", "order"),
                    ("source", "note"),
                    "checked",
                ],
                "description": _("Saving does not count as checking: choose “Confirm the chosen contacts” for that."),
            },
        )
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("position__person", "position__institution")

    @admin.display(description=_("person"), ordering="position__person__sort_key_en")
    def person(self, contact):
        return contact.position.person

    @admin.display(description=_("post"))
    def position_title(self, contact):
        return contact.position.title_en
