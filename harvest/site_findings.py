"""Findings on official websites in the directory: sightings of published contacts, and proposals."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import batched

from django.db import transaction
from django.utils import timezone

from institutions.models import Institution
from languages.folding import fold_for_search
from people.models import PositionContact
from people.withheld_names import WithheldNames
from records.contact_types import PAGE_KINDS, TELEPHONE_KINDS, ContactKind
from records.contact_values import Typed
from records.models import ContactPoint, same_contact
from web.site_client import OwnNetworkDown, SiteClient

from .models import SiteVisit
from .official_pages.contacts import domain_of
from .official_pages.reading import read_site
from .official_pages.results import SiteReading, SiteState, StateReason, Taken
from .origins import OFFICIAL_PAGE
from .proposing import Stored, Suggestion, propose

SITES_AT_ONCE = 8
# What every site seems to say to a machine without a network.
SILENCE = {StateReason.NO_HOST, StateReason.NO_ANSWER}
# In percent, by the way in which a contact stands on the page.
CONFIDENCE = {"as-link": 85, "structured": 85, "in-text": 70}
BROKEN_SITES = {SiteState.PARKED, SiteState.HIJACKED}


def names_of(institution: Institution) -> list[str]:
    """Return all names by which its website may call it."""
    return list(dict.fromkeys(name.text for name in institution.names_to_search() if name.text))


def website_of(institution: Institution):
    """Return the first public website contact. Needs `with_public_contacts()`."""
    return next(one for one in institution.public_contacts if one.kind == ContactKind.WEBSITE)


def read_sites(ids: Iterable[int], client: SiteClient) -> Iterator[tuple[Institution, SiteReading, Stored]]:
    """Read the websites of these institutions, several at once, and store each; closing it ends after those under way.

    Silence is stored only once a site has answered, since the network of this machine may be down. Raise OwnNetworkDown
    if it certainly is.
    """
    silent, is_online = [], False
    with ThreadPoolExecutor(SITES_AT_ONCE) as pool:
        try:
            for some in batched(ids, SITES_AT_ONCE, strict=False):
                # Anew, since a run takes long: somebody may be withheld, and a website taken down meanwhile.
                withheld = WithheldNames.read()
                loaded = Institution.objects.without_search_columns().with_public_contacts()
                loaded = loaded.with_public_contact([ContactKind.WEBSITE])
                institutions = loaded.prefetch_related("other_names").filter(pk__in=some)
                readings = {pool.submit(_read, one, client): one for one in institutions}
                for done in as_completed(readings):
                    reading = done.result()
                    if reading.reason == StateReason.OWN_NETWORK:
                        raise OwnNetworkDown(reading.site)
                    is_online = is_online or reading.reason not in SILENCE
                    silent.append((readings[done], reading))
                    while is_online and silent:
                        institution, reading = silent.pop()
                        yield institution, reading, store(institution, reading, withheld)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _read(institution: Institution, client: SiteClient) -> SiteReading:
    # In a thread of its own, which asks no database.
    url = website_of(institution).value
    return read_site(url, countries=[institution.country_id or ""], names=names_of(institution), client=client)


@transaction.atomic
def store(institution: Institution, reading: SiteReading, withheld: WithheldNames) -> Stored:
    """Store what the reading of the website says about published contacts, and propose what is new."""
    if Institution.objects.select_for_update(of=["self"]).filter(pk=institution.pk).first() is None:
        # It was merged while its website was read.
        return Stored()
    website = website_of(institution)
    SiteVisit.objects.update_or_create(
        institution=institution,
        defaults={
            "url": website.value,
            "read_at": timezone.now(),
            "state": reading.state,
            "reason": reading.reason,
            "moved_to": reading.moved_to if reading.state == SiteState.MOVED else "",
        },
    )
    suggestions = _about_site(website, reading)
    if is_its_own(reading):
        missing = _note_sightings(institution, website, reading)
        suggestions += [_gone(contact, reading) for contact in missing]
        suggestions += _new(institution, reading.taken)
    # A site that did not answer says nothing, not that everything is gone.
    is_whole = is_its_own(reading) or reading.state in BROKEN_SITES
    return propose(institution, suggestions, OFFICIAL_PAGE.name, withheld, is_whole=is_whole)


def is_its_own(reading: SiteReading) -> bool:
    """Return whether the pages that were read are the institution's."""
    return reading.state == SiteState.OK or (
        reading.state == SiteState.MOVED and reading.reason != StateReason.NOT_ITS_NAME
    )


def _about_site(website: ContactPoint, reading: SiteReading) -> list[Suggestion]:
    """Return the proposal to replace the website of a moved site, or to take down one that is somebody else's."""
    words = str(StateReason(reading.reason).label)
    evidence = {"url": reading.site, "quotation": words, "row": website.pk, "reasons": ("site-changed",)}
    if reading.state == SiteState.MOVED and is_its_own(reading):
        value = {"kind": ContactKind.WEBSITE, "value": reading.moved_to}
        reasons = {"reasons": ("site-changed", "name-on-front-page"), "url": reading.moved_to}
        return [Suggestion("contact", value, **evidence | reasons, confidence=80)]
    if reading.state in BROKEN_SITES or reading.state == SiteState.MOVED:
        return [Suggestion("contact", {}, **evidence, confidence=70)]
    return []


# Sightings -----------------------------------------------------------------------------------------------------------


def _note_sightings(institution, website, reading) -> list[ContactPoint]:
    """Note which contacts the site shows; return public ones of the institution that it misses too often."""
    pages = {}
    for one in reading.taken:
        pages.setdefault(_key(one.kind, one.value), one.page)
    families = {_family(one.kind) for one in reading.taken}
    missing = []
    of_people = PositionContact.objects.public().filter(position__institution=institution)
    for contact in [*institution.contacts.all(), *of_people]:
        page = reading.site if contact.pk == website.pk and contact.kind == website.kind else None
        page = page or pages.get(_key(contact.kind, contact.value))
        if page:
            contact.note_seen(page[:1000])
        elif contact.is_public and _is_missed(contact, families):
            contact.note_missed()
            if contact.is_missing and not isinstance(contact, PositionContact):
                missing.append(contact)
    return missing


def _is_missed(contact: ContactPoint, families: set[str]) -> bool:
    """Return whether its absence says something.

    A contact that the site never showed may come from elsewhere; it is missed only where others of its kind stand.
    Postal addresses are worded in many ways.
    """
    if contact.kind in (ContactKind.ADDRESS, ContactKind.WEBSITE):
        return False
    return contact.seen_on is not None or (contact.kind not in PAGE_KINDS and _family(contact.kind) in families)


def _family(kind: str) -> str:
    return "telephone" if kind in TELEPHONE_KINDS else str(kind)


def _key(kind: str, value: str) -> tuple[str, str]:
    """Return a key equal for two spellings of a contact; a number may be called telephone or fax."""
    if kind == ContactKind.ADDRESS:
        return kind, fold_for_search(value)
    return _family(kind), same_contact(kind, value)[1].casefold()


def _gone(contact: ContactPoint, reading: SiteReading) -> Suggestion:
    return Suggestion(
        "contact",
        {},
        row=contact.pk,
        url=reading.moved_to or reading.site,
        reasons=("missing-twice",),
        confidence=60,
    )


# New contacts --------------------------------------------------------------------------------------------------------


def _new(institution: Institution, taken: Iterable[Taken]) -> list[Suggestion]:
    known = {_key(kind, value) for kind, value in institution.contacts.values_list("kind", "value")}
    host = domain_of(website_of(institution).value)
    suggestions = []
    for one in taken:
        if _key(one.kind, one.value) in known or one.kind == ContactKind.WEBSITE:
            continue
        if one.kind == ContactKind.ADDRESS:
            suggestions += _address(institution, one)
            continue
        way = _way(one)
        reasons = ["own-page", way]
        confidence = CONFIDENCE[way]
        if one.kind == ContactKind.EMAIL and f".{host}".endswith(f".{one.value.rpartition('@')[2]}"):
            reasons.append("own-domain")
            confidence += 10
        suggestions.append(
            Suggestion(
                "contact",
                {"kind": one.kind, "value": one.value, **_department(one)},
                url=one.page,
                quotation=one.quotation,
                reasons=tuple(reasons),
                confidence=confidence,
            )
        )
    return suggestions


def _way(one: Taken) -> str:
    """Return the reason that tells how the contact stands on the page."""
    if one.found_by == "text":
        return "in-text"
    return "as-link" if one.found_by.endswith("link") else "structured"


def _department(one: Taken) -> dict[str, str]:
    words = Typed(one.value, one.extension, one.department).department
    if not words:
        return {}
    return {"department": words} | ({"department_ru": words} if one.language == "ru" else {})


def _address(institution: Institution, one: Taken) -> list[Suggestion]:
    """Return the address as a fact of the record, where it has none in these letters."""
    field = "address_latin" if one.value.isascii() else "address_local"
    if getattr(institution, field):
        return []
    value = {field: one.value} | ({"postal_code": one.postal_code} if one.postal_code else {})
    reasons = ("own-page", _way(one))
    return [Suggestion("address", value, url=one.page, quotation=one.quotation, reasons=reasons, confidence=70)]
