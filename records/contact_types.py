"""Kinds of contacts, declared once: forms, parsing, exports and the import of spreadsheets use this list.

A new kind is an entry here and a migration, since the database checks kinds and their values. A kind of telephone also
needs an entry in `exports/formats/`, which know no models.
"""

from dataclasses import dataclass
from enum import Enum

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Family(Enum):
    """The form of a contact's value."""

    # E.164.
    PHONE = "phone"
    MAIL = "mail"
    # Absolute URL.
    PAGE = "page"
    # One line of text.
    POSTAL = "postal"


@dataclass(frozen=True)
class ContactType:
    """Kind of contact. Lists and forms keep the order of `CONTACT_TYPES`."""

    kind: str
    label: str | Promise
    family: Family
    # The fact that supports such a contact in the sources of the data set.
    fact: str = "social"
    # Prefix that makes an account's name the URL of its page.
    profile_url: str = ""
    # Hosts, without "www." and "m.", whose pages are of this kind.
    hosts: tuple[str, ...] = ()
    # Column headings in spreadsheets, besides the kind and its labels; separated by semicolons.
    headings: str = ""


CONTACT_TYPES = [
    ContactType(
        "phone",
        _("telephone"),
        Family.PHONE,
        fact="phones",
        headings="phone; phones; tel; tel.; telephone number; phone number; mobile; mobile phone; cell; phone 1; "
        "phone 2; телефон; телефоны; тел; тел.; номер телефона; моб.; мобильный; мобильный телефон; "
        "контактный телефон; телефон 1; телефон 2",
    ),
    ContactType("fax", _("fax"), Family.PHONE, fact="phones", headings="fax number; факс; номер факса"),
    ContactType(
        "email",
        _("e-mail"),
        Family.MAIL,
        fact="emails",
        headings="email; e mail; mail; email address; emails; e-mails; почта; эл. почта; электронная почта; имейл; "
        "мейл; эл. адрес; электронный адрес; email 1; email 2",
    ),
    ContactType(
        "website",
        _("website"),
        Family.PAGE,
        fact="website",
        headings="web; site; web site; url; homepage; internet; www; сайт; веб-сайт; вебсайт; официальный сайт; "
        "интернет",
    ),
    ContactType("address", _("address"), Family.POSTAL, fact="address"),
    ContactType(
        "telegram",
        "Telegram",
        Family.PAGE,
        profile_url="https://t.me/",
        hosts=("t.me", "telegram.me"),
        headings="телеграм; телеграмм; telegram channel; тг",
    ),
    ContactType("whatsapp", "WhatsApp", Family.PHONE, fact="phones", headings="ватсап; вотсап; whats app"),
    ContactType(
        "instagram",
        "Instagram",
        Family.PAGE,
        profile_url="https://www.instagram.com/",
        hosts=("instagram.com",),
        headings="инстаграм; insta",
    ),
    ContactType(
        "facebook",
        "Facebook",
        Family.PAGE,
        profile_url="https://www.facebook.com/",
        hosts=("facebook.com", "fb.com"),
        headings="фейсбук; fb",
    ),
    ContactType(
        "youtube",
        "YouTube",
        Family.PAGE,
        profile_url="https://www.youtube.com/@",
        hosts=("youtube.com", "youtu.be"),
        headings="ютуб; ютюб; you tube",
    ),
    ContactType(
        "vk",
        "VK",
        Family.PAGE,
        profile_url="https://vk.com/",
        hosts=("vk.com",),
        headings="вк; вконтакте; vkontakte",
    ),
    ContactType("filmfreeway", "FilmFreeway", Family.PAGE, hosts=("filmfreeway.com",), headings="film freeway"),
]

ContactKind = models.TextChoices(
    "ContactKind", [(each.kind.upper(), (each.kind, each.label)) for each in CONTACT_TYPES], module=__name__
)


def kinds_of(family: Family) -> list[str]:
    """Return the kinds whose values have this form, in their order."""
    return [ContactKind(each.kind) for each in CONTACT_TYPES if each.family is family]


TELEPHONE_KINDS = kinds_of(Family.PHONE)
PAGE_KINDS = kinds_of(Family.PAGE)
# All but the telephone, fax, e-mail address, website and postal address, which have columns in every list.
ELSEWHERE_KINDS = [
    each.kind for each in CONTACT_TYPES if each.kind not in ("phone", "fax", "email", "website", "address")
]
PROFILE_URLS = {each.kind: each.profile_url for each in CONTACT_TYPES if each.profile_url}
KIND_OF_HOST = {host: ContactKind(each.kind) for each in CONTACT_TYPES for host in each.hosts}
FACT_OF_KIND = {each.kind: each.fact for each in CONTACT_TYPES}
