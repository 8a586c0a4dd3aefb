"""Institutions, countries and programmes as kinds of records."""

from django.utils.translation import gettext_lazy as _

from records.contact_types import ContactKind
from records.kinds import (
    CorrectableRow,
    Kind,
    ListPage,
    RowKind,
    SearchedList,
    names_row,
    sources_row,
)

from .filters import InstitutionFilterSet
from .models import (
    Country,
    CountrySource,
    Institution,
    InstitutionContact,
    InstitutionName,
    InstitutionSource,
    Programme,
    ProgrammeName,
    ProgrammeSource,
    Stage,
    Treaty,
)
from .programme_filters import ProgrammeFilterSet


def _name_of(record) -> str:
    return record.name if record else ""


def _correctable_rows_of_institution(institution):
    return [
        *institution.public_contacts,
        *institution.other_names.all(),
        *institution.stages.all(),
        *institution.positions.public().for_list(),
    ]


INSTITUTION = Kind(
    Institution,
    published=Institution.objects.published,
    lists=(
        ListPage("studios", "institutions:studio_list", _("Studios")),
        ListPage("agencies", "institutions:agency_list", _("Agencies")),
        ListPage("institutions", "institutions:institution_list", _("All institutions")),
    ),
    searched=SearchedList(
        InstitutionFilterSet,
        lambda: Institution.objects.published().in_name_order(),
        _("All institutions found"),
        downloaded_as="institutions",
    ),
    rows=(
        names_row(InstitutionName, "institution"),
        RowKind(
            InstitutionContact,
            {"institution": "contacts"},
            corrections=CorrectableRow(
                "contact",
                labels=lambda contact: {"value": ContactKind(contact.kind).label},
                values=lambda contact: {"value": contact.shown_value},
            ),
        ),
        sources_row(InstitutionSource, "institution"),
        RowKind(
            Stage,
            {"institution": "stages"},
            corrections=CorrectableRow("stage", subject=lambda stage, institution: stage.name.text),
        ),
    ),
    correctable_rows=_correctable_rows_of_institution,
    shown_as={
        # Hidden records stay hidden.
        "parent": lambda institution: _name_of(institution.public_parent),
        "successor": lambda institution: _name_of(institution.public_successor),
    },
    share_title=_("Film institutions"),
)

COUNTRY = Kind(
    Country,
    published=Country.objects.listed,
    lists=(ListPage("countries", "institutions:country_list"),),
    rows=(
        RowKind(
            Treaty,
            {"country": "coproduction"},
            corrections=CorrectableRow("treaty"),
        ),
        sources_row(CountrySource, "country"),
    ),
    correctable_rows=lambda country: country.treaties.all(),
    key="code",
    countries="code",
    country_of=lambda country: country,
)

PROGRAMME = Kind(
    Programme,
    published=Programme.objects.published,
    lists=(
        ListPage("rebates", "institutions:rebates", _("Rebates")),
        ListPage("programmes", "institutions:programme_list"),
    ),
    searched=SearchedList(
        ProgrammeFilterSet,
        lambda: Programme.objects.published().highest_rate_first(),
        _("All programmes found"),
    ),
    rows=(names_row(ProgrammeName, "programme"), sources_row(ProgrammeSource, "programme")),
    correctable_rows=lambda programme: programme.other_names.all(),
    shown_as={
        "institution": lambda programme: _name_of(programme.public_institution),
        # Amounts have a currency.
        "minimum_spend": lambda programme: programme.minimum_spend_in_words or "",
        "cap": lambda programme: programme.cap_in_words or "",
    },
)
