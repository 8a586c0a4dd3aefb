"""Contacts of several pages as those of one site."""

import re
from collections import defaultdict
from dataclasses import replace

from rapidfuzz import fuzz

from languages.folding import fold_for_search
from languages.scripts import script_of
from records.contact_types import PAGE_KINDS, ContactKind
from records.contact_values import spellings_of_page

from .contacts import Candidate
from .results import LeftOut, LeftOutReason, Taken

TELEPHONES = (ContactKind.PHONE, ContactKind.FAX, ContactKind.WHATSAPP)
ALIKE_ADDRESSES = 60
MOST_OWN_PROFILES = 1


def merged(found: list[tuple[str, Candidate]]) -> tuple[tuple[Taken, ...], tuple[LeftOut, ...]]:
    """Return what is taken and what is left out of the candidates with their pages, each value once."""
    found = _without_profiles_of_others(found)
    by_value: dict[tuple, list[tuple[str, Candidate]]] = defaultdict(list)
    for page, candidate in found:
        by_value[candidate.kind, _key(candidate)].append((page, candidate))
    taken = [
        _best([one for one in group if one[1].reason is None])
        for group in by_value.values()
        if any(c.reason is None for _page, c in group)
    ]
    taken = _without_doubles(_without_unlabelled_faxes(taken, found))
    values = {(one.kind in TELEPHONES, _key(one)) for one in taken}
    left_out = {}
    for page, one in found:
        if one.reason is not None and (one.kind in TELEPHONES, _key(one)) not in values:
            left_out.setdefault((one.kind, _key(one)), LeftOut(one.kind, one.value, page, one.reason))
    return tuple(taken), tuple(left_out.values())


def left_out_for(reason: LeftOutReason, found: list[tuple[str, Candidate]]) -> tuple[LeftOut, ...]:
    """Return all candidates as left out for one reason, or for their own."""
    by_value = {(one.kind, _key(one)): LeftOut(one.kind, one.value, page, one.reason or reason) for page, one in found}
    return tuple(by_value.values())


def _without_profiles_of_others(found):
    """Mark profiles as others' where a site links to many at one service: its own stand in head, foot or contacts."""
    profiles = [one for _page, one in found if one.kind in PAGE_KINDS and one.reason is None]
    crowded = {
        kind for kind in PAGE_KINDS if len({_key(one) for one in profiles if one.kind == kind}) > MOST_OWN_PROFILES
    }
    prominent = {_key(one) for one in profiles if one.is_prominent}
    crowded = {kind for kind in crowded if any(one.is_prominent for one in profiles if one.kind == kind)}
    return [
        (page, replace(one, reason=LeftOutReason.OTHER_ORGANISATION))
        if one.reason is None and one.kind in crowded and _key(one) not in prominent
        else (page, one)
        for page, one in found
    ]


def _key(candidate):
    if candidate.kind == ContactKind.ADDRESS:
        return fold_for_search(candidate.value)
    if "://" in candidate.value:
        return min(spellings_of_page(candidate.value.lower()))
    return candidate.value


def _best(group):
    """Return the place that tells the department, or the first, with the extension that any place tells."""
    page, best = next((place for place in group if place[1].department), group[0])
    longest = next((one for _page, one in group if one.extension), best)
    return Taken(
        best.kind,
        best.value,
        longest.shown if longest.extension else best.shown,
        page,
        best.quotation,
        best.found_by,
        longest.extension,
        best.department,
        best.language,
        best.postal_code,
        best.city,
    )


def _without_unlabelled_faxes(taken, found):
    """Take away telephones that a label elsewhere calls a fax, where none calls them a telephone."""
    faxes = {one.value for one in taken if one.kind == ContactKind.FAX}
    phones = {one.value for _page, one in found if one.kind == ContactKind.PHONE and one.is_labelled}
    return [one for one in taken if one.kind != ContactKind.PHONE or one.value not in faxes or one.value in phones]


def _without_doubles(taken):
    """Take away addresses that say less of the same place, or the same in another language."""
    kept: list[Taken] = []
    for one in sorted((one for one in taken if one.kind == ContactKind.ADDRESS), key=_worth):
        if not any(_same_place(one, other) for other in kept):
            kept.append(one)
    return [one for one in taken if one.kind != ContactKind.ADDRESS or one in kept]


def _worth(address):
    return (not address.postal_code, address.found_by != "text")


def _same_place(one, other):
    ours, theirs = _numbers(one), _numbers(other)
    if one.postal_code and other.postal_code and _digits(one.postal_code) != _digits(other.postal_code):
        return False
    if not ours or not theirs or not (ours <= theirs or theirs <= ours):
        return False
    if fuzz.token_set_ratio(fold_for_search(one.value), fold_for_search(other.value)) >= ALIKE_ADDRESSES:
        return True
    return one.page != other.page and ours == theirs and script_of(one.value) != script_of(other.value)


def _numbers(address):
    return set(re.findall(r"\d+", address.value)) - {_digits(address.postal_code)}


def _digits(text):
    return re.sub(r"\D", "", text)
