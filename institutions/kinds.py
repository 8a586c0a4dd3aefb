"""Institutions, countries and programmes as kinds of records."""

from django.utils.translation import gettext_lazy as _

from records.contact_types import ContactKind
from records.kinds import (
    CONTACT_FIELDS,
    CORRECTABLE_NAMES,
    NAMES,
    REMARKS,
    SUMMARY,
    CorrectableRow,
    Kind,
    ListPage,
    RowKind,
    SearchedList,
    names_row,
    sources_row,
)

from .filters import InstitutionFilterSet, ProgrammeFilterSet
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

ADDRESS = {"address_local": "address", "address_latin": "address", "postal_code": "postal_code"}
DESCRIPTION = {"description_en": "description", "description_ru": "description"}


def _name_of(record) -> str:
    return record.name if record else ""


def _correctable_rows_of_institution(institution):
    return [
        *institution.public_contacts,
        *institution.other_names.all(),
        *institution.stages.all(),
        *institution.positions.public().with_succession().for_list(),
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
        _("All institutions that were found"),
        downloaded_as="institutions",
    ),
    facts={
        **NAMES,
        **REMARKS,
        "kind": "kind",
        "country": "country",
        "is_international": "country",
        "city": "city",
        "parent": "parent",
        "successor": "successor",
        "ownership": "ownership",
        "status": "status",
        "founded": "founded",
        "closed": "closed",
        "services": "services",
        **ADDRESS,
        **DESCRIPTION,
    },
    rows=(
        names_row(InstitutionName, "institution"),
        RowKind(
            InstitutionContact,
            {"institution": "contacts"},
            CONTACT_FIELDS,
            corrections=CorrectableRow(
                "contact",
                ("value",),
                labels=lambda contact: {"value": ContactKind(contact.kind).label},
                values=lambda contact: {"value": contact.shown_value},
            ),
        ),
        sources_row(InstitutionSource, "institution"),
        RowKind(
            Stage,
            {"institution": "stages"},
            ("name", "area_m2", "height_m", "note"),
            corrections=CorrectableRow(
                "stage", ("name", "area_m2", "height_m", "note"), subject=lambda stage, institution: stage.name
            ),
        ),
    ),
    correctable=(
        *CORRECTABLE_NAMES,
        *("kind", "ownership", "status", "country", "city", "founded", "closed", "parent", "successor", "services"),
        *(*ADDRESS, *DESCRIPTION, *REMARKS),
    ),
    correctable_rows=_correctable_rows_of_institution,
    shown_as={
        # Hidden records stay hidden.
        "parent": lambda institution: _name_of(institution.public_parent),
        "successor": lambda institution: _name_of(institution.public_successor),
        "services": lambda institution: ", ".join(map(str, institution.service_labels)),
    },
    share_title=_("Film institutions"),
)

COUNTRY = Kind(
    Country,
    published=Country.objects.listed,
    lists=(ListPage("countries", "institutions:country_list"),),
    facts={
        **REMARKS,
        "cis_status": "cis_status",
        "cis_since": "cis_since",
        "cis_until": "cis_status",
        "film_law_en": "film_law",
        "film_law_ru": "film_law",
    },
    rows=(
        RowKind(
            Treaty,
            {"country": "coproduction"},
            ("name_en", "name_ru", "date", "note_en", "note_ru"),
            corrections=CorrectableRow("treaty", ("name_en", "name_ru", "date", "note_en", "note_ru")),
        ),
        sources_row(CountrySource, "country"),
    ),
    correctable=("cis_status", "cis_since", "cis_until", "film_law_en", "film_law_ru", *REMARKS),
    correctable_rows=lambda country: country.treaties.all(),
    key="code",
    countries="code",
    country_of=lambda country: country,
)

PROGRAMME = Kind(
    Programme,
    published=Programme.objects.published,
    lists=(ListPage("programmes", "institutions:programme_list"),),
    searched=SearchedList(
        ProgrammeFilterSet,
        lambda: Programme.objects.published().highest_rate_first(),
        _("All programmes that were found"),
    ),
    facts={
        **NAMES,
        **REMARKS,
        **SUMMARY,
        "kind": "kind",
        "country": "country",
        "institution": "institution",
        "partner_institutions": "partner_institutions",
        "partners": "partners",
        "rate_percent": "rate_percent",
        "minimum_spend": "minimum_spend",
        "cap": "cap",
        "currency": "currency",
        "since": "in_force_since",
        "until": "until",
    },
    rows=(names_row(ProgrammeName, "programme"), sources_row(ProgrammeSource, "programme")),
    correctable=(
        *CORRECTABLE_NAMES,
        *("kind", "country", "institution", "partners", "rate_percent", "minimum_spend", "cap", "since", "until"),
        *(*SUMMARY, *REMARKS),
    ),
    correctable_rows=lambda programme: programme.other_names.all(),
    shown_as={
        "institution": lambda programme: _name_of(programme.public_institution),
        # Amounts have a currency.
        "minimum_spend": lambda programme: programme.minimum_spend_in_words or "",
        "cap": lambda programme: programme.cap_in_words or "",
    },
)
