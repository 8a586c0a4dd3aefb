"""What the root, accounts, address books and cards say of themselves, by full names of properties."""

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext as _
from lxml import etree

from .books import ALL, Account, Book, account_path
from .cards import REMEMBERED, Card, moment_of
from .documents import Properties, element, name_of
from .filters import COLLATIONS

REPORTS = ("C:addressbook-multiget", "C:addressbook-query", "D:sync-collection")
LARGEST_CARD = 102_400
# Asked for by "all properties" (RFC 4918, 9.1).
IN_ALL = {name_of(f"D:{name}") for name in ("displayname", "resourcetype", "getetag", "getcontenttype")}


def _named(**made: Callable[[], etree._Element]) -> Properties:
    """Return properties by full names, from names such as D_href with dashes as underscores."""
    return {name_of(name.replace("_", ":", 1).replace("_", "-")): make for name, make in made.items()}


def _link(short: str, path: str) -> Callable[[], etree._Element]:
    return lambda: element(short, element("D:href", path))


def _of_all(principal: str, title: str, *types: str, reports: tuple[str, ...] = ()) -> Properties:
    """Return what every collection has; `principal` is the path of its account."""
    read = ("D:read", "D:read-current-user-privilege-set")
    return _named(
        D_displayname=lambda: element("D:displayname", title),
        D_resourcetype=lambda: element("D:resourcetype", element("D:collection"), *map(element, types)),
        D_current_user_principal=_link("D:current-user-principal", principal),
        D_owner=_link("D:owner", principal),
        D_current_user_privilege_set=lambda: element(
            "D:current-user-privilege-set", *(element("D:privilege", element(each)) for each in read)
        ),
        D_supported_report_set=lambda: element(
            "D:supported-report-set",
            *(element("D:supported-report", element("D:report", element(each))) for each in reports),
        ),
    )


def of_root() -> Properties:
    return _of_all(account_path(ALL), "CISFilm")


def of_account(account: Account) -> Properties:
    """Return those of an account, which is principal and home of its address books in one."""
    return _of_all(account.path, account.title, "D:principal") | _named(
        D_principal_URL=_link("D:principal-URL", account.path),
        D_principal_collection_set=_link("D:principal-collection-set", reverse("address_books:root")),
        C_addressbook_home_set=_link("C:addressbook-home-set", account.path),
    )


def of_book(account: Account, book: Book) -> Properties:
    formats = [{"content-type": "text/vcard", "version": version} for version in ("3.0", "4.0")]
    described = _("Film institutions and those who represent them, from CISFilm.")
    return _of_all(account.path, f"CISFilm: {book.title}", "C:addressbook", reports=REPORTS) | _named(
        C_addressbook_description=lambda: element("C:addressbook-description", described),
        C_supported_address_data=lambda: element(
            "C:supported-address-data", *(element("C:address-data-type", **each) for each in formats)
        ),
        C_supported_collation_set=lambda: element(
            "C:supported-collation-set",
            *(element("C:supported-collation", name) for name in COLLATIONS if name != "default"),
        ),
        C_max_resource_size=lambda: element("C:max-resource-size", str(LARGEST_CARD)),
        CS_getctag=lambda: element("CS:getctag", moment_of(book)),
        D_sync_token=lambda: element("D:sync-token", REMEMBERED.cards_of(book).token),
    )


def of_card(account: Account, card: Card) -> Properties:
    return _named(
        D_resourcetype=lambda: element("D:resourcetype"),
        D_getetag=lambda: element("D:getetag", f'"{card.etag}"'),
        D_getcontenttype=lambda: element("D:getcontenttype", "text/vcard; charset=utf-8"),
        D_current_user_principal=_link("D:current-user-principal", account.path),
    )
