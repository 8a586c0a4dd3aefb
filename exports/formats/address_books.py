"""Rows to the CSV files that Google Contacts and Outlook import, under the headings that these write themselves."""

import csv
from collections.abc import Iterable, Iterator
from itertools import batched

from languages.formulas import guarded

from .contact_row import TELEPHONE_KINDS, ContactRow
from .csv_file import BYTE_ORDER_MARK, LINES_A_TIME, csv_lines, joined

# As Google Contacts exports and imports since 2024; further values of a kind stand behind " ::: ".
_GOOGLE = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,"
    "Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,"
    "Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,"
    "Phone 2 - Label,Phone 2 - Value,Phone 3 - Label,Phone 3 - Value,Address 1 - Label,Address 1 - Formatted,"
    "Address 1 - Street,Address 1 - City,Address 1 - PO Box,Address 1 - Region,Address 1 - Postal Code,"
    "Address 1 - Country,Address 1 - Extended Address,Website 1 - Label,Website 1 - Value"
)
GOOGLE_HEADINGS = next(csv.reader([_GOOGLE]))
GOOGLE_SEPARATOR = " ::: "
GOOGLE_LABEL = "CISFilm"

# https://support.microsoft.com/office/4518d70d-8fe9-46ad-94fa-1494247193c7: the template for Outlook on Windows.
_OUTLOOK = (
    "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business Street 2,"
    "Business Street 3,Business City,Business State,Business Postal Code,Business Country/Region,Home Street,"
    "Home Street 2,Home Street 3,Home City,Home State,Home Postal Code,Home Country/Region,Other Street,"
    "Other Street 2,Other Street 3,Other City,Other State,Other Postal Code,Other Country/Region,Assistant's Phone,"
    "Business Fax,Business Phone,Business Phone 2,Callback,Car Phone,Company Main Phone,Home Fax,Home Phone,"
    "Home Phone 2,ISDN,Mobile Phone,Other Fax,Other Phone,Pager,Primary Phone,Radio Phone,TTY/TDD Phone,Telex,Account,"
    "Anniversary,Assistant's Name,Billing Information,Birthday,Business Address PO Box,Categories,Children,"
    "Directory Server,E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address,E-mail 2 Type,"
    "E-mail 2 Display Name,E-mail 3 Address,E-mail 3 Type,E-mail 3 Display Name,Gender,Government ID Number,Hobby,"
    "Home Address PO Box,Initials,Internet Free Busy,Keywords,Language,Location,Manager's Name,Mileage,Notes,"
    "Office Location,Organizational ID Number,Other Address PO Box,Priority,Private,Profession,Referred By,"
    "Sensitivity,Spouse,User 1,User 2,User 3,User 4,Web Page"
)
OUTLOOK_HEADINGS = next(csv.reader([_OUTLOOK]))


def _values(row: ContactRow, *kinds: str) -> list[str]:
    return [method.shown if kinds[0] != "website" else method.value for method in row.contact_methods_of(*kinds)]


def _notes(row: ContactRow) -> str:
    return "\n".join(line for line in (*row.remarks, row.record.page) if line)


def _name(row: ContactRow) -> tuple[str, str, str]:
    """Given name, patronymic and family name; an institution is filed under its company name alone."""
    if not row.is_person:
        return "", "", ""
    return row.personal_name.given, row.personal_name.patronymic, row.personal_name.family


def _street(row: ContactRow) -> str:
    institution = row.institution
    if institution is None:
        return ""
    local_first = row.name_choice in ("ru", "native")
    forms = (institution.address_local, institution.address_latin)
    return (forms[0] or forms[1]) if local_first else (forms[1] or forms[0])


def _place(row: ContactRow) -> dict[str, str]:
    institution = row.institution
    if institution is None:
        return {"city": "", "code": "", "country": ""}
    return {"city": institution.city, "code": institution.postal_code, "country": institution.country}


def _google_cells(row: ContactRow) -> dict[str, str]:
    given, patronymic, family = _name(row)
    emails, phones = _values(row, "email"), _values(row, *TELEPHONE_KINDS)
    faxes, sites = _values(row, "fax"), _values(row, "website")
    street, place = _street(row), _place(row)
    lines = [street, " ".join(filter(None, [place["code"], place["city"]])), place["country"]]
    cells = {
        "First Name": guarded(given),
        "Middle Name": guarded(patronymic),
        "Last Name": guarded(family),
        "File As": guarded(row.name) if not row.is_person else "",
        "Organization Name": guarded(row.institution_name),
        "Organization Title": guarded(row.title),
        "Organization Department": guarded(row.department),
        "Notes": guarded(_notes(row)),
        "Labels": f"{GOOGLE_LABEL}{GOOGLE_SEPARATOR}* myContacts",
        "E-mail 1 - Label": "Work" if emails else "",
        "E-mail 1 - Value": emails[0] if emails else "",
        "E-mail 2 - Label": "Work" if emails[1:] else "",
        "E-mail 2 - Value": GOOGLE_SEPARATOR.join(emails[1:]),
        "Phone 1 - Label": "Work" if phones else "",
        "Phone 1 - Value": phones[0] if phones else "",
        "Phone 2 - Label": "Work" if phones[1:] else "",
        "Phone 2 - Value": GOOGLE_SEPARATOR.join(phones[1:]),
        "Phone 3 - Label": "Work Fax" if faxes else "",
        "Phone 3 - Value": GOOGLE_SEPARATOR.join(faxes),
        "Website 1 - Label": "Work" if sites else "",
        "Website 1 - Value": GOOGLE_SEPARATOR.join(sites),
    }
    if street or place["city"]:
        cells |= {
            "Address 1 - Label": "Work",
            "Address 1 - Formatted": guarded("\n".join(line for line in lines if line)),
            "Address 1 - Street": guarded(street),
            "Address 1 - City": guarded(place["city"]),
            "Address 1 - Postal Code": place["code"],
            "Address 1 - Country": place["country"],
        }
    return cells


def _outlook_cells(row: ContactRow) -> dict[str, str]:
    given, patronymic, family = _name(row)
    emails, phones, place = _values(row, "email"), _values(row, *TELEPHONE_KINDS), _place(row)
    faxes, sites = _values(row, "fax"), _values(row, "website")
    # Outlook has room for three addresses and three numbers; the rest is kept where nothing is lost.
    left_over = [*emails[3:], *phones[3:], *faxes[2:], *sites[1:]]
    cells = {
        "First Name": guarded(given),
        "Middle Name": guarded(patronymic),
        "Last Name": guarded(family),
        "Company": guarded(row.institution_name),
        "Department": guarded(row.department),
        "Job Title": guarded(row.title),
        "Business Street": guarded(_street(row)),
        "Business City": guarded(place["city"]),
        "Business Postal Code": place["code"],
        "Business Country/Region": place["country"],
        "Categories": GOOGLE_LABEL,
        "Notes": guarded("\n".join([*left_over, _notes(row)])),
        "Web Page": sites[0] if sites else "",
    }
    cells |= dict(zip(["Business Phone", "Business Phone 2", "Other Phone"], phones, strict=False))
    cells |= dict(zip(["Business Fax", "Other Fax"], faxes, strict=False))
    for number, email in zip(["", " 2", " 3"], emails, strict=False):
        cells |= {
            f"E-mail{number} Address": email,
            f"E-mail{number} Type": "SMTP",
            f"E-mail{number} Display Name": guarded(f"{row.name} ({email})"),
        }
    return cells


def _book(headings: list[str], cells_of, rows: Iterable[ContactRow], first: str) -> Iterator[str]:
    batches = batched(map(cells_of, rows), LINES_A_TIME, strict=False)
    texts = ([joined(cells.get(heading, "") for cells in some) for heading in headings] for some in batches)
    return csv_lines(headings, texts, first=first)


def google_file(rows: Iterable[ContactRow]) -> Iterator[str]:
    """Without byte-order mark, as Google writes it: its import reads UTF-8 and takes the mark for part of a heading."""
    return _book(GOOGLE_HEADINGS, _google_cells, rows, "")


def outlook_file(rows: Iterable[ContactRow]) -> Iterator[str]:
    """With byte-order mark: without it Outlook reads the file in the code page of the machine."""
    return _book(OUTLOOK_HEADINGS, _outlook_cells, rows, BYTE_ORDER_MARK)
