"""What a body of a register says beyond the record, as suggestions."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

from harvest.facts import proposed_fact
from harvest.proposing import Suggestion
from institutions.models import City, Country, Institution
from languages.folding import fold_for_search
from languages.of_countries import NATIVE_LANGUAGES
from languages.romanisation import to_latin
from languages.scripts import script_of
from records.base import NameKind
from records.contact_types import KIND_OF_HOST, ContactKind
from records.identifier_types import BY_NAME as REGISTERS
from records.identifier_types import Identifier
from records.models import same_contact
from search.models import NamedText
from web.site_client import host_of

from .matching import Match
from .register import Body, Said

# Degrees within which two points are the same place, about half a kilometre.
NEAR = Decimal("0.005")
OWN_COLUMNS = {"en": "name_en", "ru": "name_ru"}


def named(body: Body, institution: Institution | None = None) -> str:
    return f"{body.name or (institution.name if institution else '')} ({': '.join(body.own)})"


def title_of(body: Body) -> str:
    """Return the title of the page as a source."""
    return f"{REGISTERS[body.own[0]].label}: {body.name or body.own[1]}"


def suggestion(body: Body, said: Said, reasons: Iterable[str] = (), confidence: int = 50) -> Suggestion:
    return Suggestion(
        said.fact,
        said.value,
        url=body.url,
        title=title_of(body),
        quotation=said.quotation,
        reasons=tuple(reasons),
        confidence=confidence,
    )


def identifiers_suggested(body: Body, institution: Institution, match: Match) -> list[Suggestion]:
    """Return the suggestion of the ids that the record lacks or has otherwise, if there are any."""
    known = institution.identifiers
    value = {register: number for register, number in body.identifiers.items() if known.get(register) != number}
    if not value:
        return []
    differs = ["differs"] if known.keys() & value.keys() else []
    said = Said("identifiers", value, named(body))
    return [suggestion(body, said, [*match.reasons, *differs], match.confidence)]


def suggestions(body: Body, institution: Institution, match: Match) -> Iterator[Suggestion]:
    """Return what to propose for the record; only the identifier where it is not certain that it is the same body."""
    yield from identifiers_suggested(body, institution, match)
    if not match.is_certain:
        return
    for said in [*_names(body, institution), *_place(body, institution), *body.facts]:
        if _says_less(said, institution):
            continue
        yield suggestion(body, said, [*match.reasons, *_remarks(said, body, institution)], match.confidence)


def _remarks(said: Said, body: Body, institution: Institution) -> list[str]:
    """Return reasons to look twice, or to believe it."""
    if said.fact == "contact":
        mail = said.value["kind"] == ContactKind.EMAIL
        hosts = {(urlsplit(url).hostname or "").removeprefix("www.") for url in body.websites}
        others = [one for one in institution.contacts.all() if one.kind == said.value["kind"] and one.is_public]
        return [
            *(["own-domain"] if mail and said.value["value"].rpartition("@")[2] in hosts else []),
            *(["has-others"] if others else []),
        ]
    fact = institution.facts.by_name.get(said.fact)
    known = any(getattr(institution, name, None) not in (None, "") for name in said.value) if fact else False
    return ["differs"] if known or ("city_en" in said.value and institution.city_id) else []


def _says_less(said: Said, institution: Institution) -> bool:
    """Return whether the record is as precise already: "1930-05" where the register has the year."""
    if said.fact == "founded":
        return str(institution.founded or "").startswith(said.value["founded"])
    if said.fact == "coordinates" and institution.latitude is not None:
        known = (institution.latitude, institution.longitude)
        new = (Decimal(said.value["latitude"]), Decimal(said.value["longitude"]))
        return all(abs(one - other) < NEAR for one, other in zip(known, new, strict=True))
    return False


def _names(body: Body, institution: Institution) -> Iterator[Said]:
    """Names for columns that are empty, and further names that look or sound different from all known ones."""
    known = {_sight(name.text, name.language) for name in institution.names_to_search() if name.text}
    filled = {tag for tag, column in OWN_COLUMNS.items() if getattr(institution, column)}
    filled |= {"native"} if institution.name_native else set()
    native = NATIVE_LANGUAGES.get(institution.country_id, ())
    for name in body.names:
        column = OWN_COLUMNS.get(name.language) or ("native" if name.language in native else "")
        if column in OWN_COLUMNS.values() and name.language not in filled:
            filled.add(name.language)
            yield Said("names", {column: name.text}, f"{name.language}: {name.text}")
        elif column == "native" and column not in filled:
            filled.add(column)
            value = {"name_native": name.text, "native_language": name.language}
            yield Said("names", value, f"{name.language}: {name.text}")
        elif _sight(*name) not in known:
            known.add(_sight(*name))
            yield _other_name(name, NameKind.SPELLING)
    for kind, names in ((NameKind.OFFICIAL, body.official_names), (NameKind.ACRONYM, body.acronyms)):
        for name in names:
            if _sight(*name) not in known:
                known.add(_sight(*name))
                yield _other_name(name, kind)


def _sight(text: str, language: str = "") -> tuple[str, str]:
    return fold_for_search(text, language), script_of(text)


def _other_name(name: NamedText, kind: NameKind) -> Said:
    value = {"text": name.text, "kind": kind.value, "language": name.language}
    return Said("name", value, f"{name.language}: {name.text}" if name.language else name.text)


def _place(body: Body, institution: Institution) -> Iterator[Said]:
    # An international body has no city.
    city = city_value(body.city, institution.country) if institution.country else {}
    if city:
        yield Said("city", city, " / ".join(name.text for name in body.city))
    if parent := parent_key(body, institution):
        yield Said("parent", {"parent": parent}, ", ".join(map(": ".join, body.parent.items())))


def city_value(names: list[NamedText], country: Country | None) -> dict[str, str]:
    """Return the listed city with one of these names in any script, else the names of a new one."""
    folded = {fold_for_search(*name) for name in names}
    for city in City.objects.filter(country=country) if folded and country else ():
        if folded & {fold_for_search(*name) for name in city.names_to_search() if name.text}:
            return {"city": city.key}
    by_language = {name.language: name.text for name in reversed(names)}
    if "en" not in by_language:
        return {}
    return {f"city_{tag}": by_language[tag] for tag in ("en", "ru") if tag in by_language}


def parent_key(body: Body, institution: Institution | None = None) -> str | None:
    pairs = [Identifier(*known) for known in body.parent.items()]
    parents = Institution.objects.published().identified_by(pairs).exclude(pk=institution.pk if institution else None)
    return parents.values_list("key", flat=True).first()


def new_institution(body: Body, country: Country | None) -> Suggestion | None:
    """Return the suggestion of a body that is not listed, with everything known; None without kind or name."""
    native = NATIVE_LANGUAGES.get(country.code if country else "", ())
    by_language = {name.language: name for name in reversed(body.names)}
    own = next((by_language[tag] for tag in native if tag in by_language), None)
    any_name = by_language.get("en") or by_language.get("ru") or own
    if not body.kind or any_name is None or body.has_ended:
        return None
    value = {
        "kind": body.kind,
        # Romanised where no name in Latin letters is known.
        "name_en": any_name.text if any_name.language == "en" else to_latin(any_name.text, any_name.language),
        "name_ru": by_language["ru"].text if "ru" in by_language else "",
        **({"name_native": own.text, "native_language": own.language} if own else {}),
        **city_value(body.city, country),
        "identifiers": body.identifiers,
    }
    taken = {name.text for name in (by_language.get("en"), by_language.get("ru"), own) if name}
    others = [name for name in body.names if name.text not in taken]
    names = [_other_name(name, NameKind.SPELLING) for name in others]
    names += [_other_name(name, NameKind.OFFICIAL) for name in body.official_names if name.text not in taken]
    names += [_other_name(name, NameKind.ACRONYM) for name in body.acronyms if name.text not in taken]
    rows = {"contact": "contacts", "head": "heads", "name": "names"}
    region = {"region": country.code} if country else {}
    for said in [*names, *body.facts]:
        try:
            # The country of the telephone numbers; `cleaned` of other facts takes no such thing.
            known = said.value | region if said.fact == "contact" else said.value
            cleaned = proposed_fact(said.fact).cleaned(known, None)
        except ValidationError:
            continue
        if said.fact in rows:
            value.setdefault(rows[said.fact], []).append(cleaned)
        else:
            value |= cleaned
    return replace(suggestion(body, Said("new", value, named(body))), confidence=60)


def contact_said(kind: str, text: str, quotation: str, department: str = "") -> Said:
    value = {"kind": kind, "value": text} | ({"department": department} if department else {})
    return Said("contact", value, quotation)


def website_said(url: str, quotation: str) -> Said:
    """Return the fact of a website; a page at a social service, which some have instead, is that kind of contact."""
    host = host_of(url if "://" in url else f"https://{url}").removeprefix("www.").removeprefix("m.")
    return contact_said(KIND_OF_HOST.get(host, ContactKind.WEBSITE), url, quotation)


def without_repeated_contacts(facts: Iterable[Said]) -> list[Said]:
    """Return the facts with each contact once, in any spelling."""
    seen, kept = set(), []
    for said in facts:
        key = same_contact(said.value["kind"], said.value["value"]) if said.fact == "contact" else None
        if key is None or key not in seen:
            kept.append(said)
            seen.add(key)
    return kept
