"""The state of a site by its front page."""

import re

from languages.scripts import script_of

from .names import Names
from .pages import Page
from .results import SiteState, StateReason
from .words import has, plain, words

# Pages of registrars, web servers and sites to come are short.
SHORT, VERY_SHORT, FEW_LINKS = 1_500, 500, 15
# Less text may be the institution's own words.
SHORTEST_TEXT = 100
A_FEW_WORDS, A_FEW_LETTERS = 150, 4
CONTACT = re.compile(r"\w@\w|\d{2,3}[- ]\d{2}[- ]\d{2}|\+\d[\d ()-]{8}")
SPAM_IN_TEXT, SPAM_IN_TITLE, SPAM_DESPITE_NAME = 5, 2, 8
SCRIPTS_OF_REGION = {"Latn", "Cyrl", "Armn", "Geor", ""}
LANGUAGES_OF_REGION = {
    "",
    "ru",
    "en",
    "kk",
    "ky",
    "uz",
    "tg",
    "tk",
    "az",
    "hy",
    "ka",
    "be",
    "uk",
    "ro",
    "mo",
    "tt",
    "ba",
    "os",
    "ab",
    "sah",
    "cv",
    "ce",
    "tr",
    "de",
    "fr",
    "x",
    "und",
}
FOREIGN_WORDS = re.compile(
    r"\b(?:yang|dengan|untuk|dari|tidak|adalah|situs|daftar|terpercaya|permainan|và|của|không|được|những|cược|nhà|için|ve|bir|olarak|daha|sitesi|"
    r"para|con|una|los|las|por|más|não|uma|você|dos|pour|dans|avec|vous|nous|und|der|die|das|nicht|mit|ein|voor|het|een|van|della|che|per|sono|nie|jest|się)\b",
    re.IGNORECASE,
)
ENGLISH_WORDS = re.compile(r"\b(?:the|and|of|to|in|is|for|with|on|are)\b", re.IGNORECASE)
LEAST_FOREIGN_WORDS = 8


def state_of(page: Page, names: Names) -> tuple[SiteState, StateReason]:
    """Return the state of the site with this front page, and the reason."""
    text = page.text
    has_name = not names or names.are_in(page.names_text)
    head = f"{page.title}\n{_first_heading(page)}"
    size, links = len(text), sum(len(line.links) for line in page.lines)
    if size <= SHORT and has("captcha", f"{head}\n{text}") and (size <= VERY_SHORT or not has_name):
        return SiteState.FORBIDDEN, StateReason.CAPTCHA
    if reason := _parked(head, text, size, has_name):
        return SiteState.PARKED, reason
    if reason := _hijacked(page, head, text, has_name):
        return SiteState.HIJACKED, reason
    if _is_unready(head, text, size, links):
        return SiteState.UNDER_CONSTRUCTION, StateReason.CONSTRUCTION_WORDS
    return SiteState.OK, StateReason.ANSWERS


def _first_heading(page):
    return next((line.text for line in page.lines if line.level and line.text), "")


def _parked(head, text, size, has_name):
    if (has("for_sale", head) and (size <= SHORT or not has_name)) or (
        size <= SHORT and has("for_sale", text) and not _is_full(text)
    ):
        return StateReason.FOR_SALE
    if has("server_pages", head) and (size <= 2 * SHORT or not has_name) and not _is_full(text):
        return StateReason.SERVER_PAGE
    if size <= VERY_SHORT and has("server_pages", text) and not has_name:
        return StateReason.SERVER_PAGE
    return None


def _is_full(text):
    """Return whether the page speaks of films or culture, as the institution's would."""
    return len(words("culture").findall(plain(text))) >= 3


def _hijacked(page, head, text, has_name):
    spam = words("spam").findall(plain(f"{head}\n{page.description}\n{text[:20_000]}"))
    in_title = words("spam").findall(plain(f"{head}\n{page.description}"))
    kinds = len({word.lower()[:5] for word in spam})
    if has_name:
        is_spam = len(spam) >= SPAM_DESPITE_NAME and kinds >= 3 and len(in_title) >= SPAM_IN_TITLE
        return StateReason.SPAM if is_spam else None
    if (len(spam) >= SPAM_IN_TEXT and kinds >= 2) or (len(in_title) >= SPAM_IN_TITLE and len(spam) >= 3):
        return StateReason.SPAM
    if _is_foreign(page, text):
        return StateReason.FOREIGN_LANGUAGE
    business, culture = (
        len(words(section).findall(plain(f"{head}\n{text[:20_000]}"))) for section in ("business", "culture")
    )
    is_other = (business >= 3 and business > 2 * culture) or (
        business >= 2 and not culture and len(text) >= SHORTEST_TEXT
    )
    return StateReason.OTHER_BUSINESS if is_other else None


def _is_foreign(page, text):
    if script_of(text[:5_000]) not in SCRIPTS_OF_REGION or re.search(
        r"[\u3040-\u30ff\u4e00-\u9fff\u0e00-\u0e7f\uac00-\ud7af\u0600-\u06ff]{20}", re.sub(r"\s", "", text)
    ):
        return True
    if any(
        "\u3040" <= letter <= "\u9fff" or "\u0e00" <= letter <= "\u0e7f" or "\uac00" <= letter <= "\ud7af"
        for letter in page.title
    ):
        return True
    if (
        page.language.partition("-")[0].lower() not in LANGUAGES_OF_REGION
        and not ENGLISH_WORDS.search(text[:2_000])
        and script_of(text[:5_000]) == "Latn"
    ):
        return True
    if script_of(text[:5_000]) != "Latn" or (
        re.search("[əğşçňýʻ‘ăâîșț]", text[:5_000]) and not re.search(r"\b(?:için|sitesi|bahis)\b", text)
    ):
        return False
    foreign = len(FOREIGN_WORDS.findall(text[:20_000]))
    return foreign >= LEAST_FOREIGN_WORDS and foreign > len(ENGLISH_WORDS.findall(text[:20_000]))


def _is_unready(head, text, size, links):
    if size > SHORT or links > FEW_LINKS:
        return False
    if has("construction", head):
        return True
    if size <= VERY_SHORT * 2 and has("construction", text) and not _is_full(text):
        return True
    return has("construction_weak", text) and (size <= A_FEW_WORDS or (size <= VERY_SHORT and _says_only(head)))


def _says_only(head):
    """Return whether a line of the title or first heading says little more than "coming soon"."""
    found = ((line, words("construction_weak").search(plain(line))) for line in head.splitlines())
    return any(match and len(line) - len(match[0]) <= A_FEW_LETTERS for line, match in found)


def says_moved(page: Page) -> bool:
    """Return whether a short page sends its visitors to another site."""
    text = f"{page.title}\n{page.text}"
    if len(page.text) <= SHORT and has("moved", text):
        return True
    return len(page.text) <= VERY_SHORT and has("moved_weak", text) and not CONTACT.search(text)
