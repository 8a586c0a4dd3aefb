"""Reading an institution's website: robots.txt, its front page, and a few pages more."""

import time
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from records.contact_types import ContactKind
from web import site_client
from web.site_client import Answer, SiteClient, SiteError

from . import mails, telephones
from .addresses import addresses_in
from .contacts import PLACES_OF_CONTACTS, Candidate, PageContacts, domain_of
from .finding import (
    COMMON_PATHS,
    CONTACT_PATH,
    Suggestion,
    is_contact_page,
    key_of,
    other_language_of,
    same_site,
    suggestions_of,
)
from .merging import left_out_for, merged
from .names import Names
from .ownership import is_at, is_of_another_body, is_of_another_company, of_zones
from .pages import Page, is_page, page_of
from .results import LeftOutReason, PageRead, SiteReading, SiteState, SkipReason, StateReason
from .site_state import says_moved, state_of
from .social import contact_of
from .structured import facts_of

AGENT = "CISFilm-reader"
MOST_PAGES = 8
MOST_BYTES = 2_000_000
SITE_SECONDS = 180.0
MOST_SENT_ON = 3
NEAR_LINES = 3
REFUSALS = {401, 402, 403, 407, 429, 451, 999}
FAILURES = {
    site_client.ForbiddenByRobots: (SiteState.FORBIDDEN, StateReason.ROBOTS),
    site_client.InvalidURL: (SiteState.UNREACHABLE, StateReason.INVALID_URL),
    site_client.NotPublic: (SiteState.UNREACHABLE, StateReason.NOT_PUBLIC),
    site_client.NoSuchHost: (SiteState.UNREACHABLE, StateReason.NO_HOST),
    site_client.NoAnswer: (SiteState.UNREACHABLE, StateReason.NO_ANSWER),
    site_client.BrokenOff: (SiteState.UNREACHABLE, StateReason.BROKEN_OFF),
    site_client.UntrustedCertificate: (SiteState.UNREACHABLE, StateReason.CERTIFICATE),
    site_client.TooManyRedirects: (SiteState.UNREACHABLE, StateReason.REDIRECTS),
    site_client.OwnNetworkDown: (SiteState.UNREACHABLE, StateReason.OWN_NETWORK),
}


def read_site(url: str, *, countries: Sequence[str], names: Sequence[str], client: SiteClient) -> SiteReading:
    """Return what the website says. `countries` are ISO codes, `names` those of the institution in any script."""
    return _Reading(url, tuple(code.upper() for code in countries), Names(names), client).result()


class _Stopped(Exception):
    """Raised when the state of the site is known from its answer."""

    def __init__(self, state, reason, status=None):
        super().__init__(state, reason)
        self.state, self.reason, self.status = state, reason, status


class _Reading:
    """One reading of one site."""

    def __init__(self, url, countries, names, client):
        self._url, self._countries, self._names, self._client = url, countries, names, client
        self._pages: list[PageRead] = []
        self._asked: set[str] = set()
        self._found: list[tuple[str, Candidate]] = []
        self._ends = time.monotonic() + SITE_SECONDS
        self._moved_to = ""
        self._read: list[Page] = []

    def result(self) -> SiteReading:
        """Read the site."""
        try:
            front = self._front()
        except _Stopped as stopped:
            return self._reading(stopped.state, stopped.reason, stopped.status)
        state, reason = state_of(front, self._names)
        if state is SiteState.OK and not self._moved_to and says_moved(front) and (target := self._target_of(front)):
            return self._moved_by_words(front, target)
        if (self._moved_to and state not in (SiteState.PARKED, SiteState.HIJACKED)) or (
            self._moved_to and reason is StateReason.OTHER_BUSINESS
        ):
            state, reason = SiteState.MOVED, StateReason.REDIRECT
            if not self._names.are_in(front.names_text):
                reason = StateReason.NOT_ITS_NAME
        self._collect(front)
        if state is SiteState.OK or reason is StateReason.REDIRECT:
            self._read_on(front)
        return self._reading(state, reason, front.status)

    def _reading(self, state, reason, status=None):
        is_own = state is SiteState.OK or (state is SiteState.MOVED and reason is not StateReason.NOT_ITS_NAME)
        taken, left_out = merged(self._found) if is_own else ((), left_out_for(LeftOutReason.SITE_NOT_OK, self._found))
        return SiteReading(self._url, state, reason, status, self._moved_to, tuple(self._pages), taken, left_out)

    # Pages ----------------------------------------------------------------------------------------------------------

    def _front(self) -> Page:
        """Return the front page, at the end of the ways on which pages send their visitors."""
        url, page = self._url, None
        for _step in range(MOST_SENT_ON):
            try:
                page = self._front_at(url)
            except _Stopped:
                if page is None or not page.text:
                    raise
                # The page that sends on says something itself.
                return page
            url = page.sends_on_to
            if not url or key_of(url) in self._asked:
                return page
        return page

    def _front_at(self, url):
        try:
            answer = self._ask(url)
        except SiteError as error:
            raise _Stopped(*FAILURES[type(error)]) from error
        page = page_of(answer) if is_page(answer) else Page(answer.url, answer.status)
        if not same_site(self._url, page.url):
            self._moved_to = page.url
        if answer.status < 400:
            return page
        state, reason = state_of(page, Names(()))
        if state in (SiteState.UNDER_CONSTRUCTION, SiteState.FORBIDDEN) and answer.status == 503:
            raise _Stopped(state, reason, answer.status)
        if answer.status in REFUSALS:
            raise _Stopped(SiteState.FORBIDDEN, StateReason.REFUSED, answer.status)
        raise _Stopped(
            SiteState.UNREACHABLE,
            StateReason.NOT_FOUND if answer.status in (404, 410) else StateReason.ERROR,
            answer.status,
        )

    def _ask(self, url) -> Answer:
        """Return the answer and note the page. Raise SiteError."""
        self._asked.add(key_of(url))
        try:
            answer = self._client.get(
                url, most_bytes=MOST_BYTES, headers={"Accept": "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"}
            )
        except SiteError as error:
            skipped = SkipReason.ROBOTS if isinstance(error, site_client.ForbiddenByRobots) else SkipReason.FAILED
            self._pages.append(PageRead(url, skipped=skipped))
            raise
        self._asked.add(key_of(answer.url))
        skipped = SkipReason.STATUS if answer.status >= 400 else "" if is_page(answer) else SkipReason.NOT_A_PAGE
        self._pages.append(PageRead(answer.url, answer.status, skipped, answer.is_cut))
        return answer

    def _read_on(self, front):
        """Read the frames and the pages with contacts, the best first."""
        waiting = suggestions_of(front)
        while waiting and self._may_go_on(waiting):
            suggestion = waiting.pop(0)
            if self._is_known(suggestion.url):
                continue
            if page := self._page(suggestion.url):
                page.is_contact_page = page.is_contact_page or suggestion.worth >= CONTACT_PATH
                self._collect(page)
                waiting = sorted([*waiting, *suggestions_of(page)], key=lambda each: -self._worth(each))
        if not any(page.is_contact_page for page in self._read[1:]) and not self._has_contacts(front):
            self._try_common_paths(front)

    def _worth(self, suggestion: Suggestion) -> float:
        """Return the worth of a page; language versions of pages that were read say little new."""
        read = {other_language_of(page.url) for page in self._read}
        return suggestion.worth / 2 if other_language_of(suggestion.url) in read else suggestion.worth

    def _may_go_on(self, waiting):
        reason = (
            SkipReason.OUT_OF_TIME
            if time.monotonic() > self._ends
            else SkipReason.ENOUGH_PAGES
            if len(self._pages) >= MOST_PAGES
            else None
        )
        if reason:
            left = [each.url for each in waiting if not self._is_known(each.url)]
            self._pages += [PageRead(url, skipped=reason) for url in left[:MOST_PAGES]]
        return reason is None

    def _is_known(self, url):
        return key_of(url) in self._asked

    def _page(self, url) -> Page | None:
        """Return the page, or None if there is nothing to read."""
        try:
            answer = self._ask(url)
        except SiteError:
            return None
        if answer.status >= 400 or not is_page(answer):
            return None
        if not same_site(answer.url, self._moved_to or self._url):
            self._pages[-1] = replace(self._pages[-1], skipped=SkipReason.OTHER_SITE)
            return None
        if any(key_of(answer.url) == key_of(page.url) for page in self._read):
            return None
        page = page_of(answer)
        page.is_contact_page = is_contact_page(page)
        return page

    def _try_common_paths(self, front):
        parts = urlsplit(front.url)
        for path in COMMON_PATHS:
            url = f"{parts.scheme}://{parts.netloc}{path}"
            if self._is_known(url):
                continue
            if len(self._pages) >= MOST_PAGES or time.monotonic() > self._ends:
                return
            page = self._page(url)
            if page and page.text != front.text:
                page.is_contact_page = True
                self._collect(page)
                return

    def _has_contacts(self, front):
        return any(
            one.kind in (ContactKind.PHONE, ContactKind.EMAIL) and one.reason is None for _page, one in self._found
        )

    # Moved ----------------------------------------------------------------------------------------------------------

    def _target_of(self, front):
        """Return the URL of another site to which a page sends its visitors in words, or ""."""
        urls = [url for url, _text in front.links if not same_site(url, front.url) and not contact_of(url)]
        return urls[0] if urls else ""

    def _moved_by_words(self, front, target):
        self._moved_to = target
        try:
            answer = self._ask(target)
            page = page_of(answer)
        except SiteError:
            page = None
        if (
            page is None
            or answer.status >= 400
            or not self._names.are_in(page.names_text)
            or state_of(page, self._names)[0] is not SiteState.OK
        ):
            self._collect(front)
            return self._reading(SiteState.MOVED, StateReason.NOT_ITS_NAME, front.status)
        self._moved_to = answer.url
        self._collect(page)
        self._read_on(page)
        return self._reading(SiteState.MOVED, StateReason.MOVED_WORDS, front.status)

    # Contacts -------------------------------------------------------------------------------------------------------

    def _collect(self, page):
        """Note the contacts of a page."""
        page.is_contact_page = page.is_contact_page or is_contact_page(page)
        self._read.append(page)
        reader = PageContacts(page, self._countries, self._names, domain_of(self._moved_to or self._url))
        found = reader.all()
        found += self._structured(page, {(one.kind, one.value) for one in found})
        found += self._addresses(page, reader)
        self._found += [(page.url, one) for one in found]

    def _addresses(self, page, reader):
        found = []
        for address in addresses_in(page.lines, self._countries):
            line = page.lines[address.line]
            is_near = any(
                place in reader.places for place in range(address.line - NEAR_LINES, address.line + NEAR_LINES + 1)
            )
            if not (address.is_labelled or page.is_contact_page or is_near or line.zones & PLACES_OF_CONTACTS):
                continue
            reason = of_zones(line, address.start)
            before = line.text[: address.start] + " " + (line.headings[-1].text if line.headings else "")
            texts = (before, address.label, address.value)
            is_company = not page.is_contact_page and is_of_another_company(line.text, self._names)
            if reason is None and (is_company or any(is_of_another_body(text, self._names) for text in texts)):
                reason = LeftOutReason.OTHER_ORGANISATION
            department = reader.department_of_address(line, address)
            found.append(
                Candidate(
                    ContactKind.ADDRESS,
                    address.value,
                    address.value,
                    "text",
                    line.text[:200],
                    department=department,
                    reason=reason,
                    postal_code=address.postal_code,
                    city=address.city,
                )
            )
        return found

    def _structured(self, page, known):
        """Return what the page says for machines and not in its text."""
        found = []
        for fact in facts_of(page.root) if page.root is not None else []:
            for kind, value in self._stored(fact):
                if (kind, value) in known or (kind == ContactKind.PHONE and (ContactKind.FAX, value) in known):
                    continue
                known.add((kind, value))
                found.append(
                    Candidate(
                        kind,
                        value,
                        fact.value,
                        fact.way,
                        fact.value[:200],
                        department=fact.department,
                        postal_code=fact.postal_code,
                        city=fact.city,
                        reason=self._reason_of_fact(kind, value),
                    )
                )
        return found

    def _stored(self, fact):
        if fact.kind == "address":
            return [(ContactKind.ADDRESS, fact.value)]
        if fact.kind == "email":
            value = fact.value.removeprefix("mailto:").strip().lower()
            return [(ContactKind.EMAIL, value)] if mails.is_mail(value) else []
        if fact.kind == "profile":
            return [(each.kind, each.value) for each in contact_of(fact.value) if each.reason is None]
        number = telephones.valid(fact.value.removeprefix("tel:"), self._countries)
        return (
            [(ContactKind.FAX if fact.kind == "fax" else ContactKind.PHONE, telephones.e164(number))] if number else []
        )

    def _reason_of_fact(self, kind, value):
        if kind == ContactKind.EMAIL and not is_at(value, domain_of(self._url)):
            patterns = (
                (mails.EXAMPLES, LeftOutReason.PLACEHOLDER),
                (mails.OF_MACHINE, LeftOutReason.OF_MACHINE),
                (mails.NO_REPLY, LeftOutReason.NO_REPLY),
            )
            return next((reason for pattern, reason in patterns if pattern.search(value)), None)
        return LeftOutReason.PLACEHOLDER if value.startswith("+") and telephones.is_placeholder(value) else None
