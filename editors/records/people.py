"""The admin of people."""

import reversion
from django import forms
from django.contrib import admin
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from editors.forms.country_filter import CountryFilter
from editors.forms.country_limits import within_limits
from editors.forms.duplicate_warning import DuplicateWarningForm
from editors.forms.record_admin import NAMES, PUBLICATION, REMARKS_FIELDS, RecordAdmin
from editors.forms.rows import DeadLinkFilter, NameInline, SourceInline
from editors.merging.pages import MergingPages, merge
from editors.withholding.pages import WithholdingPages, withhold_people
from editors.withholding.withhold import forget_names
from people.models import Person, PersonName, PersonSource, Position, PositionContact
from people.withheld_names import is_withheld

from .positions import PersonPositionInline

for model in [PersonName, PersonSource]:
    reversion.register(model)
reversion.register(Person, follow=["other_names", "positions", "record_sources"])


class PersonNameInline(NameInline):
    model = PersonName


class PersonSourceInline(SourceInline):
    model = PersonSource
    after = _("Remarks")


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
class PersonAdmin(RecordAdmin):
    form = PersonForm
    readonly_fields = ["withheld", "withheld_on", "withheld_reason", "withheld_note"]
    actions = [*RecordAdmin.actions, withhold_people, merge]
    further_pages = [WithholdingPages, MergingPages]
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
