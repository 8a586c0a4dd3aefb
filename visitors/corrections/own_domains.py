"""Domains of an institution's own website, at which a mailbox proves that its owner works there; see ADR 58."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from publicsuffixlist import PublicSuffixList

from institutions.models import Institution
from records.contact_types import ContactKind
from records.contact_values import email
from records.models import EMAIL_REGEX

SHARED_DOMAINS_FILE = Path(__file__).parent / "shared_domains.yaml"
# Registered below by everybody of that sort, whether or not the Public Suffix List knows it: gov.am, edu.kg, co.uz.
SORT_OF_REGISTRANT = re.compile(r"(gov|gob|govt|mil|edu|ac|sch|com|co|org|or|net|ne|info|biz|int)\.[a-z]{2}")
# A site below a longer path is a part of somebody else's. "/en/" and "/ru/index.php" are the front page.
FRONT_PAGE = re.compile(r"/?([a-z]{2,3}([-_][a-z]{2,4})?/?)?((index|main|home|default)\.[a-z]{3,5})?", re.IGNORECASE)
LONGEST_ADDRESS = 254
HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


def domains_of(institution: Institution) -> list[str]:
    """Return the domains of the institution's published websites."""
    websites = institution.contacts.public().filter(kind=ContactKind.WEBSITE).in_reading_order()
    return own_domains(websites.values_list("value", flat=True))


def own_mailbox(text: str, domains: list[str]) -> str:
    """Return the e-mail address, whose domain is one of these; raise ValidationError.

    The part before "@" alone means a mailbox at the first domain.
    """
    local_part, at, domain = email(text).rpartition("@")
    if not at and domains:
        local_part, domain = domain, domains[0]
    address = f"{local_part}@{domain_in_ascii(domain)}"
    if not re.fullmatch(EMAIL_REGEX, address) or len(address) > LONGEST_ADDRESS:
        raise ValidationError(_("This is not an e-mail address."))
    if domain_in_ascii(domain) not in domains:
        raise ValidationError(
            _("Only a mailbox at the domain of its published website proves this: %(domains)s"),
            params={"domains": ", ".join(domains) or "–"},
        )
    return address


@cache
def _shared_domains() -> dict[str, frozenset[str]]:
    read = yaml.safe_load(SHARED_DOMAINS_FILE.read_text(encoding="utf-8"))
    return {name: frozenset(domains) for name, domains in read.items()}


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def domain_in_ascii(domain: str) -> str:
    """Return the domain in lower case and ASCII ("киностудия.рф" as "xn--…"), or "" for what is no domain."""
    try:
        ascii_domain = domain.strip().rstrip(".").lower().encode("idna").decode()
    except UnicodeError:
        return ""
    is_ip_address = ascii_domain.rpartition(".")[2].isdigit()
    return ascii_domain if HOST.fullmatch(ascii_domain) and not is_ip_address else ""


def own_domains(websites: Iterable[str]) -> list[str]:
    """Return the domains at which a mailbox belongs to the institution, that of the first website first."""
    return list(dict.fromkeys(domain for website in websites for domain in _domains_of(website)))


def _domains_of(website: str) -> list[str]:
    """Return the host of the site and the domains above it, up to the one that was registered."""
    try:
        parts = urlsplit(website)
        host = domain_in_ascii((parts.hostname or "").removeprefix("www."))
    except ValueError:
        return []
    if not host or not FRONT_PAGE.fullmatch(parts.path) or parts.query:
        return []
    labels = host.split(".")
    with_parents = [".".join(labels[start:]) for start in range(len(labels))]
    if not _shared_domains()["providers"].isdisjoint(with_parents):
        return []
    end = next(place for place, domain in enumerate(with_parents) if _anybody_registers_below(domain))
    return with_parents[:end]


def _anybody_registers_below(domain: str) -> bool:
    if "." not in domain or domain in _shared_domains()["registered_below"] or SORT_OF_REGISTRANT.fullmatch(domain):
        return True
    return _suffixes().publicsuffix(domain) == domain
