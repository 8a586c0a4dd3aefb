"""The editors' pages of people, their posts and the contacts of those posts."""

import reversion
from django import forms
from django.contrib import admin
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from editors.forms.confirming import ContactAdmin, FreshnessFilter
from editors.forms.country_filter import CountryFilter
from editors.forms.duplicate_warning import DuplicateWarningForm
from editors.forms.fields import RecordInlineFormSet
from editors.forms.record_admin import (
    NAMES,
    PUBLICATION,
    REMARKS_FIELDS,
    ContactInline,
    DeadLinkFilter,
    NameInline,
    RecordAdmin,
    RecordFields,
    RowAdmin,
    RowInline,
    SourceInline,
    within_limits,
)
from editors.records.institutions import InstitutionAdmin
from editors.withholding.pages import WithholdingPages
from editors.withholding.withhold import forget_names
from people.models import Person, PersonName, PersonSource, Position, PositionContact, PositionSource
from people.withheld_names import is_withheld

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
InstitutionAdmin.confirmed_together.append((_("Confirm contacts of its people…"), PositionContact, "institution"))


class PersonForm(DuplicateWarningForm):
    """A person; names of somebody who asked not to be listed are refused, unless it is another person."""

    is_namesake = forms.BooleanField(
        label=_("This is another person of the same name"), required=False, widget=forms.HiddenInput
    )

    def clean(self):
        cleaned = super().clean()
        names = [cleaned.get(name) for name in ("name_en", "name_ru", "name_native")]
        is_new_name = any(name in self.changed_data for name in ("name_en", "name_ru", "name_native"))
        if not is_new_name or self.instance.withheld or cleaned.get("is_namesake") or not is_withheld(names):
            return cleaned
        # The box appears with the message that asks for it.
        self.fields["is_namesake"].widget = forms.CheckboxInput()
        self.add_error("is_namesake", _("Somebody of this name asked not to be listed."))
        return cleaned


@admin.register(Person)
class PersonAdmin(WithholdingPages, RecordAdmin):
    form = PersonForm
    readonly_fields = ["withheld", "withheld_on", "withheld_reason", "withheld_note"]
    actions = [*RecordAdmin.actions, "withhold_people"]
    list_display = ["name_en", "name_ru", "country", "current_posts", "withheld", "publication_state"]
    list_filter = [
        "publication_state",
        "withheld",
        CountryFilter,
        ("name_ru", admin.EmptyFieldListFilter),
        DeadLinkFilter,
    ]
    list_select_related = ["country"]
    confirmed_together = [(_("Confirm contacts of all posts…"), PositionContact, "person")]
    inlines = [PersonNameInline, PersonPositionInline, PersonSourceInline]
    fieldsets = [
        (NAMES[0], {**NAMES[1], "fields": [*NAMES[1]["fields"], "is_namesake"]}),
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
        PUBLICATION,
    ]
    # All that is left of somebody who is withheld; a further spelling may be needed to know them again.
    fieldsets_of_withheld = [
        NAMES,
        (
            _("Asked not to be listed"),
            {
                "fields": ["withheld", "withheld_on", "withheld_reason", "withheld_note"],
                "description": _("Names stay here, for editors only, so that nobody enters the person again."),
            },
        ),
    ]

    def get_fieldsets(self, request, obj=None):
        return self.fieldsets_of_withheld if obj and obj.withheld else super().get_fieldsets(request, obj)

    def get_inlines(self, request, obj):
        return [PersonNameInline] if obj and obj.withheld else super().get_inlines(request, obj)

    def in_countries(self, codes):
        posts = Position.objects.filter(institution__country__in=codes)
        return Q(country__in=codes) | Q(pk__in=posts.values("person"))

    def get_queryset(self, request):
        posts = within_limits(Position.objects.all(), request.user)
        return super().get_queryset(request).prefetch_related(Prefetch("positions", posts), "positions__institution")

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if form.instance.withheld:
            # The editor may have added a further spelling.
            forget_names(Person.objects.get(pk=form.instance.pk))

    def may_come_back(self, record):
        # An earlier state could be one in which the person was listed.
        return not record.withheld

    @admin.display(description=_("posts"))
    def current_posts(self, person):
        posts = [position for position in person.positions.all() if position.until is None]
        return "; ".join(f"{post.title_en}, {post.institution or post.body_name}" for post in posts)


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

    def in_countries(self, codes):
        return posts_in_countries(codes)

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
    all_contacts_of = {
        "position": "position",
        "person": "position__person",
        "institution": "position__institution",
    }
    list_display = ["shown_value", "kind", "person", "position_title", "is_public", "checked", "freshness", "link"]
    list_filter = [
        FreshnessFilter,
        DeadLinkFilter,
        "kind",
        "is_public",
        CountryFilter.over("position__institution__country"),
    ]
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
                    ("checked", "link"),
                ],
                "description": _("Saving does not count as checking: choose “Confirm the chosen contacts” for that."),
            },
        )
    ]

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
