"""The admin of people in posts and of the contacts of posts, and their rows in forms of people and institutions."""

import reversion
from django.contrib import admin
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from editors.forms.contact_admin import ContactAdmin
from editors.forms.country_filter import CountryFilter
from editors.forms.row_admin import RowAdmin
from editors.forms.rows import ContactInline, RowInline
from people.models import Position, PositionContact, PositionSource

for model in [PositionContact, PositionSource]:
    reversion.register(model)
reversion.register(Position, follow=["contacts", "older_sources"])


class PositionInline(RowInline):
    """People in posts. Contacts of a post are on the page of the post itself."""

    template = admin.StackedInline.template
    model = Position
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


class PositionContactInline(ContactInline):
    model = PositionContact


class PositionSourceInline(RowInline):
    model = PositionSource
    fields = ["source", "as_of"]


def posts_in_countries(codes, prefix=""):
    """A post belongs to the country of its institution; at a body without a record, to that of the person."""
    return Q(**{f"{prefix}institution__country__in": codes}) | Q(
        **{f"{prefix}institution": None, f"{prefix}person__country__in": codes}
    )


@admin.register(Position)
class PositionAdmin(RowAdmin):
    record_field = "person"
    country_path = "institution__country"
    list_display = ["person", "title_en", "body", "role", "since", "until", "last_seen", "is_public"]
    list_filter = [
        "role",
        "is_public",
        ("until", admin.EmptyFieldListFilter),
        CountryFilter,
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
                "description": _("Who holds which post, where and when, according to sources."),
            },
        )
    ]

    def in_countries(self, codes):
        return posts_in_countries(codes)

    @admin.display(description=_("institution"), ordering="institution__sort_key_en")
    def body(self, position):
        return position.institution or position.body_name


@admin.register(PositionContact)
class PositionContactAdmin(ContactAdmin):
    record_field = "position"
    country_path = "position__institution__country"
    all_contacts_of = {
        "position": "position",
        "person": "position__person",
        "institution": "position__institution",
    }
    list_display = ["shown_value", "kind", "person", "position_title", "is_public", "checked", "freshness", "link"]
    search_fields = ["value", "position__person__name_en", "position__person__name_ru", "position__title_en"]

    def in_countries(self, codes):
        return posts_in_countries(codes, prefix="position__")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("position__person", "position__institution")

    @admin.display(description=_("person"), ordering="position__person__sort_key_en")
    def person(self, contact):
        return contact.position.person

    @admin.display(description=_("post"))
    def position_title(self, contact):
        return contact.position.title_en
