"""Words of the interface on a page."""

from html.parser import HTMLParser

from records.contact_types import CONTACT_TYPES

# What stands in Latin letters in Russian as well.
LATIN_IN_RUSSIAN = "|".join(
    [
        r"CISFilm|CSV|JSON(?: Lines)?|SQLite|Popolo|Frictionless|Datasette",
        r"PDF|vCard|QR|Excel|LibreOffice|Google|Outlook|Apple|GeoNames|CC BY 4\.0|Unicode CLDR",
        r"https?://\S+|\S+@\S+|\b[\w.-]+\.(?:tj|org|com)\b",
        # Names of services.
        *(each.label for each in CONTACT_TYPES if isinstance(each.label, str)),
    ]
)


VOID = {"meta", "link", "input", "br", "img", "hr", "source", "wbr", "area", "base", "col"}


class OwnWords(HTMLParser):
    """Words in the page's own language: visible text outside elements of another language."""

    def __init__(self, language):
        super().__init__()
        self.language = language
        self.foreign = [False]
        self.words = []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        # The links that correct a fact name it by its value, in whatever letters that has.
        if not self.foreign[-1] and attributes.get("class") != "correct":
            labels = [attributes.get(name) for name in ("aria-label", "placeholder", "alt", "title", "data-label")]
            self.words += [label for label in labels if label]
        if tag not in VOID:
            language = attributes.get("lang")
            is_foreign = self.foreign[-1] if language is None else language != self.language
            self.foreign.append(is_foreign or tag in ("script", "style"))

    def handle_endtag(self, tag):
        if tag not in VOID:
            self.foreign.pop()

    def handle_data(self, data):
        if not self.foreign[-1]:
            self.words.append(data)


def own_words(response, language):
    reader = OwnWords(language)
    reader.feed(response.content.decode())
    return " ".join(reader.words)
