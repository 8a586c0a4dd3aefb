"""Structured data of institutions and programmes (schema.org)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from records.contact_types import PAGE_KINDS, ContactKind
from records.linked_data import breadcrumbs, graph, named, reference

from .models import InstitutionKind

TYPES = {
    InstitutionKind.AGENCY: "GovernmentOrganization",
    InstitutionKind.MINISTRY: "GovernmentOrganization",
    InstitutionKind.PARLIAMENT: "GovernmentOrganization",
    InstitutionKind.SCHOOL: "EducationalOrganization",
    InstitutionKind.ARCHIVE: "ArchiveOrganization",
    InstitutionKind.MUSEUM: "Museum",
    InstitutionKind.FUND: "FundingAgency",
    InstitutionKind.UNION: "WorkersUnion",
    InstitutionKind.BROADCASTER: "Organization",
}


def institution_type(institution) -> str:
    return TYPES.get(institution.kind, "Organization")


def institution_reference(institution) -> dict | None:
    return reference(institution, institution_type(institution)) if institution else None


def institution_graph(institution, heads) -> dict:
    """Return the graph of an institution; `heads` are the things for its representatives."""
    contacts = institution.public_contacts
    return graph(
        named(
            institution,
            institution_type(institution),
            description=institution.description and institution.description.text,
            foundingDate=institution.founded,
            dissolutionDate=institution.closed,
            address=_postal_address(institution),
            contactPoint=[_contact_point(contact) for contact in contacts if _contact_point(contact)],
            sameAs=[
                *(contact.value for contact in contacts if contact.kind in PAGE_KINDS),
                *(known.url for known in institution.shown_identifiers if known.url),
            ],
            parentOrganization=institution_reference(institution.public_parent),
            subOrganization=[institution_reference(part) for part in institution.parts.all()],
            employee=heads,
        ),
        _way_to(institution),
    )


def programme_graph(programme) -> dict:
    return graph(
        named(
            programme,
            "FundingScheme",
            description=programme.summary and programme.summary.text,
            funder=institution_reference(programme.public_institution),
        ),
        breadcrumbs(
            (_("Programmes"), reverse("institutions:programme_list")), (programme.name, programme.get_absolute_url())
        ),
    )


def _way_to(institution):
    if institution.country:
        first = (institution.country.name, institution.country.get_absolute_url())
    else:
        first = (_("International bodies"), reverse("institutions:institution_list") + "?country=INT")
    return breadcrumbs(first, (institution.name, institution.get_absolute_url()))


def _postal_address(institution):
    if not (institution.has_address or institution.city or institution.country):
        return None
    return {
        "@type": "PostalAddress",
        "streetAddress": institution.address_latin or institution.address_local,
        "postalCode": institution.postal_code,
        "addressLocality": institution.city and institution.city.name,
        "addressCountry": institution.country_id,
    }


def _contact_point(contact):
    kinds = {ContactKind.PHONE: "telephone", ContactKind.FAX: "faxNumber", ContactKind.EMAIL: "email"}
    if contact.kind not in kinds:
        return None
    return {
        "@type": "ContactPoint",
        kinds[contact.kind]: contact.value,
        "contactType": contact.department_in_words,
        "availableLanguage": contact.languages,
    }
