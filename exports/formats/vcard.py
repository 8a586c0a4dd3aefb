"""Contact cards: vCard 4.0 (RFC 6350) and, for older address books, 3.0 (RFC 2426)."""

import re
import uuid
from collections.abc import Iterable, Iterator
from itertools import batched

from .contact_row import OTHER_ROLE, ContactRow, Names, parts_of

CARDS_A_TIME = 200
OCTETS_A_LINE = 75
# Identifiers of cards never change, whatever file contains them.
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://cisfilm.example/contact-cards")
# Removed from texts: characters that no card may hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Characters for which a text is looked at more closely; few have any.
_SPECIAL = re.compile(r"[\x00-\x1f\x7f\\,;]")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_ESCAPED = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;"})


def escaped(text: str) -> str:
    """Escape a text as one part of a value, or as a value of version 3.0."""
    if not _SPECIAL.search(text):
        return text
    return _LINE_BREAK.sub(r"\\n", _CONTROL.sub("", text).translate(_ESCAPED))


def whole(text: str) -> str:
    """Escape a text as the whole value of a property of version 4.0.

    A semicolon needs no backslash there (RFC 6350, 3.4), and Thunderbird shows the backslash.
    """
    return escaped(text).replace("\\;", ";")


def folded(line: str) -> str:
    """Fold the line into pieces of at most 75 octets, never within a character."""
    octets = line.encode()
    if len(octets) <= OCTETS_A_LINE:
        return line + "\r\n"
    pieces, start, room = [], 0, OCTETS_A_LINE
    while start < len(octets):
        end = min(start + room, len(octets))
        # Continuation octets of UTF-8 begin with the bits 10.
        while end < len(octets) and octets[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(octets[start:end].decode())
        start, room = end, OCTETS_A_LINE - 1
    return "\r\n ".join(pieces) + "\r\n"


def _uri(text: str) -> str:
    return _CONTROL.sub("", text).replace("\r", "").replace("\n", "").replace(" ", "%20")


def identifier(identity: str) -> str:
    return f"urn:uuid:{uuid.uuid5(NAMESPACE, identity)}"


def _structured(*parts: str) -> str:
    return ";".join(escaped(part) for part in parts)


def _revision(row: ContactRow) -> str:
    changed_at = row.record.changed_at
    return f"{changed_at:%Y%m%dT%H%M%SZ}" if changed_at else ""


def _name_parts(row: ContactRow, name: str, language: str) -> tuple[str, str, str]:
    if name == row.name:
        return row.personal_name
    person = row.person
    if language in ("en", "ru") and person.family_names is not None and getattr(person.family_names, language):
        names = (person.family_names, person.given_names, person.patronymics)
        return tuple(getattr(part, language) for part in names)
    return parts_of(name)


def _chosen_first(names: Names, choice: str) -> list[tuple[str, str]]:
    """Return the versions of a name, the chosen one first."""
    chosen = names.in_language(choice)
    return sorted(names.versions, key=lambda version: version[0] != chosen)


def _organisation(row: ContactRow) -> Names | None:
    if row.institution is not None:
        return row.institution.names
    return Names(row.post.body) if row.post is not None and row.post.body else None


def _addresses(row: ContactRow) -> list[tuple[str, str, str]]:
    """Return street, city and form of each postal address; first the form that fits the chosen names."""
    institution = row.institution
    if institution is None:
        return []
    city = institution.city_names
    local = (institution.address_local, city.own or city.en if city else "", "local")
    latin = (institution.address_latin, city.en if city else "", "latin")
    both = [local, latin] if row.name_choice in ("ru", "native") else [latin, local]
    there = [address for address in both if address[0]]
    if not there and (institution.city or institution.country):
        return [("", institution.city, "latin")]
    return there


def _ways(row: ContactRow, telephone, email, page) -> Iterator[str]:
    for method in row.contact_methods:
        if method.kind in ("phone", "fax", "whatsapp"):
            yield telephone(method)
        elif method.kind == "email":
            yield email(method)
        elif method.kind != "address":
            yield page(method)


def vcard_4(row: ContactRow) -> str:
    """Return the card in version 4.0, with names in every known script."""
    lines = ["BEGIN:VCARD", "VERSION:4.0", f"KIND:{'individual' if row.is_person else 'org'}"]
    lines.append(f"UID:{identifier(row.identity)}")
    versions = _chosen_first(row.record.names, row.name_choice)
    alternatives = [f";ALTID=1;LANGUAGE={tag or 'und'}" if len(versions) > 1 else "" for _name, tag in versions]
    for (name, _tag), alternative in zip(versions, alternatives, strict=True):
        lines.append(f"FN{alternative}:{whole(name)}")
    for (name, tag), alternative in zip(versions, alternatives, strict=True):
        if row.is_person:
            family, given, patronymic = _name_parts(row, name, tag)
            lines.append(f"N{alternative}:{_structured(family, given, patronymic)};;")
    if organisation := _organisation(row):
        names = _chosen_first(organisation, row.name_choice)
        for name, tag in names:
            alternative = f";ALTID=2;LANGUAGE={tag or 'und'}" if len(names) > 1 else ""
            parts = (name, row.department) if row.department else (name,)
            lines.append(f"ORG{alternative}:{_structured(*parts)}")
    if row.post is not None:
        titles = _chosen_first(row.post.titles, row.name_choice)
        for title, tag in titles:
            alternative = f";ALTID=3;LANGUAGE={tag or 'und'}" if len(titles) > 1 else ""
            lines.append(f"TITLE{alternative}:{whole(title)}")
        lines += [f"ROLE:{whole(row.post.role_label)}"] if row.post.role != OTHER_ROLE else []
    lines += _ways(
        row,
        lambda method: f"TEL;VALUE=uri;TYPE=work,{'fax' if method.kind == 'fax' else 'voice'}:tel:{method.value}",
        lambda method: f"EMAIL;TYPE=work:{whole(method.value)}",
        lambda method: f"URL;TYPE=work:{_uri(method.value)}",
    )
    addresses = _addresses(row)
    for street, city, form in addresses:
        tag = "und-Latn" if form == "latin" else "und"
        alternative = f";ALTID=4;LANGUAGE={tag}" if len(addresses) > 1 else ""
        institution = row.institution
        parts = ("", "", street, city, "", institution.postal_code, institution.country)
        lines.append(f"ADR{alternative};TYPE=work:{_structured(*parts)}")
    languages = dict.fromkeys(language for method in row.contact_methods for language in method.languages)
    lines += [f"LANG;TYPE=work;PREF={number}:{tag}" for number, tag in enumerate(languages, start=1)]
    if row.institution is not None:
        lines.append(f"CATEGORIES:{whole(row.institution.kind_label)}")
    if remarks := row.remarks:
        lines.append(f"NOTE:{whole('\n'.join(remarks))}")
    if row.record.page:
        lines += [f"URL:{_uri(row.record.page)}", f"SOURCE:{_uri(row.record.page)}card.vcf"]
    if row.is_person and row.person.key and row.post is not None and row.further is None:
        # Links the cards of one person in several posts.
        lines.append(f"RELATED;TYPE=me:{identifier('person/' + row.person.key)}")
    if revision := _revision(row):
        lines.append(f"REV:{revision}")
    return "".join(map(folded, [*lines, "END:VCARD"]))


def vcard_3(row: ContactRow) -> str:
    """Return the card in version 3.0, which has one language; address books show an institution by its company name."""
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"UID:{identifier(row.identity)}", f"FN:{escaped(row.name)}"]
    if row.is_person:
        lines.append(f"N:{_structured(*row.personal_name)};;")
    else:
        lines += [f"N:{escaped(row.name)};;;;", "X-ABShowAs:COMPANY"]
    if row.institution_name:
        lines.append(f"ORG:{_structured(*filter(None, (row.institution_name, row.department)))}")
    own = row.record.names.own
    if own and own != row.name:
        lines.append(f"NICKNAME:{escaped(own)}")
    if row.post is not None:
        lines.append(f"TITLE:{escaped(row.title)}")
        lines += [f"ROLE:{escaped(row.post.role_label)}"] if row.post.role != OTHER_ROLE else []
    lines += _ways(
        row,
        lambda method: f"TEL;TYPE=WORK,{'FAX' if method.kind == 'fax' else 'VOICE'}:{method.shown}",
        lambda method: f"EMAIL;TYPE=INTERNET:{escaped(method.value)}",
        lambda method: f"URL:{_uri(method.value)}",
    )
    for street, city, _form in _addresses(row)[:1]:
        institution = row.institution
        parts = ("", "", street, city, "", institution.postal_code, institution.country)
        lines.append(f"ADR;TYPE=WORK:{_structured(*parts)}")
    if row.institution is not None:
        lines.append(f"CATEGORIES:{escaped(row.institution.kind_label)}")
    if remarks := row.remarks:
        lines.append(f"NOTE:{escaped('\n'.join(remarks))}")
    if row.record.page:
        lines += [f"URL:{_uri(row.record.page)}", f"SOURCE:{_uri(row.record.page)}card.vcf"]
    if revision := _revision(row):
        lines.append(f"REV:{revision}")
    return "".join(map(folded, [*lines, "END:VCARD"]))


def vcard_in_short(row: ContactRow) -> str:
    """Return a card that fits into a QR code: names and contacts, in version 3.0, which every telephone reads."""
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"FN:{escaped(row.name)}"]
    lines.append(f"N:{_structured(*row.personal_name)};;" if row.is_person else f"N:{escaped(row.name)};;;;")
    if row.institution_name:
        lines.append(f"ORG:{escaped(row.institution_name)}")
    if row.title:
        lines.append(f"TITLE:{escaped(row.title)}")
    lines += [f"TEL;TYPE=WORK:{method.value}" for method in row.contact_methods_of("phone")[:2]]
    lines += [f"EMAIL:{escaped(method.value)}" for method in row.contact_methods_of("email")[:2]]
    lines += [f"URL:{_uri(method.value)}" for method in row.contact_methods_of("website")[:1]]
    lines.append(f"URL:{_uri(row.record.page)}")
    # Without folding, since some cameras' readers don't unfold.
    return "\r\n".join([*lines, "END:VCARD", ""])


def vcard_file(card_of, rows: Iterable[ContactRow]) -> Iterator[str]:
    """Yield the cards, some at a time."""
    for some in batched(rows, CARDS_A_TIME, strict=False):
        yield "".join(map(card_of, some))
