"""Postal addresses in lines of text, as the page says them."""

import re
from dataclasses import dataclass

from .html_text import Line
from .labels import is_label_only
from .words import has, plain, words

# Postal codes as the countries write them.
POSTAL_CODES = {
    "KZ": r"0\d{5}|[A-Z]\d{2}[A-Z]\d[A-Z]\d",
    "RU": r"[1-6]\d{5}",
    "BY": r"2\d{5}",
    "KG": r"72\d{4}",
    "TJ": r"7[34]\d{4}",
    "TM": r"74\d{4}",
    "UZ": r"1\d{5}|2\d{5}|7\d{5}",
    "AZ": r"AZ[- ]?\d{4}",
    "AM": r"\d{4}",
    "GE": r"\d{4}",
    "MD": r"MD[- ]?\d{4}",
    "UA": r"\d{5}",
}
HOUSE = re.compile(
    r"(?<![\w-])(?:[№N#]\s*)?\d{1,4}(?:\s?[-/]?\s?[^\W\d_](?!\w)|[/-]\d{1,4})?(?![\d:])|\d+-(?:uy|уй|үй|nji|njy)"
)
CONTACT = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?@\s?[\w-]{1,63}\.\w|\+\s?\d[\d\s()-]{7,}"
    r"|\(\d{2,5}\)\s?\d|\b8[\s(-]+\d{3}|https?://|www\.|\d{2,3}[- ]\d{2}[- ]\d{2}"
)
OF_OWNER = re.compile(
    r"[«»“”\"]|(?<!\w)(?:ООО|ТОО|ОАО|ЗАО|АО|ИП|ЧП|АНО|ГБУ|ФГБУ|НКО|LLC|Ltd|MMC|MChJ|SRL|ЖШС|ОсОО)(?!\w)|\d{7}"
)
STREET_HOUSE = re.compile(r"(?:[^\W\d_][\w'’.-]*\s+){1,3}№?\d{1,4}(?:[^\W\d_](?!\w)|/\d{1,3}\w?)?\s*,")
HOUSE_STREET = re.compile(r"\d{1,4}[^\W\d_]?\s+(?:[^\W\d_][\w'’.-]*\s*){1,4},")
PLACEHOLDER = re.compile(r"Примерная|Образцовая|Your address|Street name|__|Lorem", re.IGNORECASE)
SENTENCE_END = re.compile(r"(?<=[\w)]{3})[.!?]\s+(?=[^\W\d_]\w{3,})")
# "Almaty, Abaya 10": a few words and the house, and nothing else but further parts.
TOWN_STREET_HOUSE = re.compile(
    r"\s*,\s*(?:[^\W\d_][\w'’.-]*(?:\s+|,\s*(?=\d))){1,4}№?(?!(?:19|20)\d\d\b)\d{1,4}(?:[^\W\d_](?!\w)|\s?/\s?\d{1,3}\w?|(?:к|корп|стр)\.?\s?\d{1,3})?\s*(?:,[^,]{1,40}){0,4}$"
)
BEGINNING = re.compile(r"^[\s:.,;–—|\t՝`•-]+")
LONGEST, SHORTEST = 220, 8
LONGEST_PART = 120
MOST_LINES = 5
# A line with a town alone has so many words, with the words for the country.
WORDS_OF_TOWN = 5
BAR = re.compile(r"\s[|•·]\s")
COPYRIGHT = re.compile(r"^\W*(?:©|\(c\)|copyright)[\s©]*\d{4}(?:\s?[–-]\s?\d{4})?\W*", re.IGNORECASE)
SEPARATOR = re.compile(r"\t|\s[|•·]\s|;\s")
HOURS = re.compile(r"\d{1,2}[:.]\d{2}\s*[-–—]")
VERBS = re.compile(
    r"\b(?:состоится|пройдёт|пройдет|прошёл|прошел|прошла|открыл\w*|родил\w*|работает|снят\w*|was|will|were|opened|held|born|основан\w*|создан\w*|переехал\w*|keçirilir|өтеді|бўлиб)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Address:
    """An address that begins on the line `line` at `start`."""

    line: int
    start: int
    value: str
    is_labelled: bool
    label: str = ""
    postal_code: str = ""
    city: str = ""


def addresses_in(lines: list[Line], countries: tuple[str, ...]) -> list[Address]:
    """Return the postal addresses of a page; one that goes over several lines is joined by commas."""
    finder = _Finder(lines, countries)
    found, place = [], 0
    while place < len(lines):
        address, used = finder.at(place)
        if address:
            found.append(address)
        place += used
    return found


class _Finder:
    def __init__(self, lines, countries):
        self._lines = lines
        codes = "|".join(POSTAL_CODES[country] for country in countries if country in POSTAL_CODES) or r"\d{6}"
        self._codes = re.compile(rf"(?<![\w+-])(?:{codes})(?![\w-])")

    def at(self, place):
        """Return the address that begins on this line or None, and how many lines it takes."""
        line = self._lines[place]
        for start, part in _parts(self._with_commas(line.text)):
            label, rest, offset = _after_label(part)
            if not label:
                label, rest, offset = self._after_other_label(part)
            is_labelled = (
                has("address", label) or has("contact_links", label) or self._is_labelled_above(place, line, start)
            )
            own = _own_end(rest)
            ends = own == rest.rstrip(" ,")
            value, used = own, 1
            if ends and start + len(part) >= len(line.text) and (is_labelled or self._may_begin(line, own, part)):
                value, used = self._joined(place, own)
            owner, value = self._divided(value)
            value = " ".join(COPYRIGHT.sub("", value).split()).strip(" ,;|–—")
            if self._is_address(value, is_labelled):
                return self._address(line, start + offset, value, is_labelled, f"{label} {owner}".strip()), used
        return None, 1

    def _divided(self, value):
        """Return the name and ids of the owner before the address, and the address."""
        parts = value.split(",")
        first = 0
        while len(parts) > first + 2 and (OF_OWNER.search(parts[first]) or has("requisites", parts[first])):
            first += 1
        owner, value = ",".join(parts[:first]), ",".join(parts[first:])
        code = self._codes.search(value)
        before = value[: code.start()] if code else ""
        if has("departments", before) and not has("cities", before) and not has("towns", before):
            return before, value[code.start() :]
        return owner, value

    def _may_begin(self, line, own, part):
        """Return whether an address of several lines may begin with this one."""
        if line.level:
            return False
        is_short = len(own.split()) <= WORDS_OF_TOWN
        return self._is_part(own, "") or (is_short and (part.rstrip().endswith(",") or has("cities", own)))

    def _after_other_label(self, text):
        """Return words before a colon, such as "Office in Almaty:", the rest of the text and its place."""
        match = re.match(r"([^:\d@]{2,60}):\s+(?=\S)", text)
        if not match or has("streets", match[1]):
            return "", text, 0
        return match[1], text[match.end() :], match.end()

    def _with_commas(self, text):
        """Return the line with commas for the dots and bars within an address: "5 Abai Street · 050000 Almaty"."""

        def comma(match):
            rest = text[match.end() :]
            goes_on = self._codes.match(rest) or words("towns", "countries").match(plain(rest))
            return ",  " if goes_on else match[0]

        return BAR.sub(comma, text)

    def _is_labelled_above(self, place, line, start):
        if line.head and has("address", line.head):
            return True
        if has("address", line.column(start)):
            return True
        if start or not place:
            return False
        above = self._lines[place - 1]
        return is_label_only(above.text) and has("address", above.text)

    def _joined(self, place, value):
        """Return the address with the following lines that continue it, and the number of lines."""
        used = 1
        for line in self._lines[place + 1 : place + MOST_LINES]:
            first = self._lines[place]
            same_block = line.scope == first.scope or line.scope[: len(first.parent)] == first.parent
            part = _own_end(line.text)
            # A comma at the end of the line says that the address goes on.
            value += "," if self._lines[line.number - 1].text.rstrip().endswith(",") else ""
            if not same_block or line.level or part != line.text.rstrip(" ,") or not self._is_part(part, value):
                break
            if value and self._is_other(value, part):
                break
            value = f"{value.rstrip(' ,')}, {part}" if value else part
            used += 1
        return value.rstrip(","), used

    def _is_other(self, value, part):
        """Return whether the part is an address of its own beside another one."""
        if value.endswith(",") or not HOUSE.search(self._codes.sub(" ", value)):
            return False
        return has("streets", part) and bool(HOUSE.search(self._codes.sub(" ", part)))

    def _is_part(self, text, value):
        """Return whether the line may be a part of an address."""
        if (
            not text
            or text.startswith("(")
            or len(text) > LONGEST_PART
            or is_label_only(text)
            or VERBS.search(text)
            or _after_label(text)[0]
        ):
            return False
        if self._codes.search(text) or has("streets", text) or has("countries", text):
            return True
        if not value and has("towns", text):
            return True
        if re.search(r"\d", text) and (has("buildings", text) or has("cities", text)):
            return True
        return value.rstrip().endswith(",") and len(text.split()) <= 5 and not has("phone", text)

    def _is_address(self, value, is_labelled):
        if PLACEHOLDER.search(value):
            return False
        if (
            not SHORTEST <= len(value) <= LONGEST
            or VERBS.search(value)
            or HOURS.search(value)
            or has("requisites", value[:12])
        ):
            return False
        without_codes = self._codes.sub(" ", value)
        has_house, has_street = bool(HOUSE.search(without_codes)), has("streets", value)
        if is_labelled:
            return (has_house or bool(self._codes.search(value)) or has_street) and len(value.split()) >= 2
        if not has_street:
            return has_house and bool(TOWN_STREET_HOUSE.match(self._after_town(value)) or self._ends_with_town(value))
        if not has_house:
            return False
        # In running text a house follows its street within a few words.
        return self._is_compact(without_codes)

    def _after_town(self, value):
        """Return what follows the town that begins an address, or ""."""
        value = self._codes.sub("", value).lstrip(" ,")
        if country := words("countries").match(plain(value)):
            value = value[country.end() :].lstrip(" ,")
        value = re.sub(r"^(?:г|город|ш|ք|ქ)\.?\s+", "", value)
        town = words("towns").match(plain(value))
        return value[town.end() :] if town else ""

    def _ends_with_town(self, value):
        """Return whether a street and house without a word for it stand before a town."""
        street = STREET_HOUSE.match(value) or HOUSE_STREET.match(value)
        return bool(street) and has("towns", value[street.end() :])

    def _is_compact(self, value):
        if len(re.findall(r"[^\W\d_]{3,}", value)) > 14:
            return False
        street = words("streets")
        for match in street.finditer(plain(value)):
            near = value[max(0, match.start() - 45) : match.end() + 45]
            if HOUSE.search(near):
                return True
        return False

    def _address(self, line, start, value, is_labelled, label):
        code = self._codes.search(value)
        return Address(line.number, start, value, is_labelled, label, code[0] if code else "", _city(value, code))


def _parts(text):
    """Return the parts of a line that may each hold an address, with their places."""
    start = 0
    for match in [*SEPARATOR.finditer(text), None]:
        end = match.start() if match else len(text)
        if text[start:end].strip():
            yield start, text[start:end]
        start = match.end() if match else end
    if SEPARATOR.search(text) and "\t" in text:
        # A label in the cell before.
        yield 0, text


def _after_label(text):
    """Return the label, the rest of the text and its place."""
    match = None
    for match in words("address").finditer(plain(text)):
        rest = text[match.end() :]
        beginning = BEGINNING.match(rest)
        is_over = beginning and (match[0].lower() == "адресу" or re.search(r"[:\t–—՝`-]", beginning[0]))
        if is_over and len(rest.strip()) >= SHORTEST:
            offset = match.end() + beginning.end()
            return text[: match.end()].strip(" \t:"), text[offset:], offset
    return "", text, 0


def _own_end(text):
    """Return the text up to where other things than the address begin."""
    end = len(text)
    if contact := CONTACT.search(text):
        end = contact.start()
    marked = plain(text)
    for section in ("phone", "fax", "mobile", "email", "after_addresses", "web_designers"):
        for match in words(section).finditer(marked):
            is_short = match.end() - match.start() <= 2
            if section == "after_addresses" and not has("streets", text[: match.start()]):
                continue
            if match.start() < end and (not is_short or re.match(r"\.?\s*[:/]", marked[match.end() :])):
                end = min(end, match.start())
    sentence = SENTENCE_END.search(text[:end])
    if sentence and HOUSE.search(text[: sentence.start()]) and not has("streets", text[sentence.start() :][:20]):
        end = sentence.start()
    return text[:end].rstrip(" ,;.(–—-|\t/") if end < len(text) else text.rstrip(" ,")


def _city(value, code):
    """Return the city, if the address marks one or it stands beside the postal code, else ""."""
    for match in words("cities").finditer(plain(value)):
        after = re.match(r"\.?\s*([^\W\d_][^,;\d]{2,30}?)\s*(?:,|$|\d)", value[match.end() :])
        before = re.search(r"([^\W\d_][\w-]+(?:\s[^\W\d_][\w-]+)?)\s*$", value[: match.start()])
        word = match[0].lower()
        if (
            word
            in (
                "г",
                "гор",
                "город",
                "пос",
                "посёлок",
                "ш",
                "шаҳри",
                "орашул",
                "orașul",
                "mun",
                "municipiul",
                "ք",
                "ქ",
                "or",
            )
            and after
        ):
            return after[1].strip()
        if word not in ("г", "гор", "город", "ქ") and before:
            return before[1].strip()
    if town := words("towns").search(plain(value)):
        return value[town.start() : town.end()]
    parts = [part.strip() for part in value.split(",")]
    for number, part in enumerate(parts):
        if code and code[0] in part:
            rest = part.replace(code[0], "").strip()
            near = [rest, *parts[number + 1 : number + 2], *parts[max(0, number - 1) : number]]
            for text in near:
                if text and not re.search(r"\d", text) and not has("streets", text) and not has("countries", text):
                    return text
    return ""
