"""Messy lists made of the data set by rules: old and foreign names, slips, old heads, swapped columns, strangers."""

import random
from dataclasses import dataclass, field

from institutions.models import Institution
from languages.folding import without_marks
from languages.romanisation import slug_from_name, to_russian_letters
from languages.scripts import known_language, script_of
from people.models import Position
from records.base import NameKind
from records.contact_types import ContactKind
from search.context_words import country_names

FIELDS = ("name", "country", "city", "kind", "website", "phone", "email", "person", "post")
# Bodies of other countries, some of them nearly namesakes of ours.
FOREIGN = [
    ("Polish Film Institute", "Poland", "Warsaw"),
    ("National Film Centre of Latvia", "Latvia", "Riga"),
    ("Национальный киноцентр", "Болгария", "София"),
    ("Babelsberg Studio", "Germany", "Potsdam"),
    ("Cinecittà", "Italia", "Roma"),
    ("Film Archive", "Japan", "Tokyo"),
    ("National Film Archive", "India", "Pune"),
    ("Ministry of Culture", "Turkey", "Ankara"),
    ("Министерство культуры", "Франция", "Париж"),
    ("Союз кинематографистов", "Болгария", "София"),
    ("Union of Filmmakers", "Romania", "Bucharest"),
    ("Film Development Fund", "India", "Mumbai"),
    ("Nordisk Film", "Denmark", ""),
    ("Studio Ghibli", "Japan", "Tokyo"),
    ("Film School", "Czech Republic", "Prague"),
    ("Eurasia Film Festival", "Turkey", "Antalya"),
    ("Silk Road Film Fund", "China", "Xi'an"),
    ("Filmkommission", "Deutschland", "Berlin"),
    ("Central Studio of Documentary Films", "Mongolia", "Ulaanbaatar"),
    ("Mongol Kino", "Mongolia", "Ulaanbaatar"),
    ("Goskino", "Bulgaria", "Sofia"),
    ("Institute of Theatre and Film", "Romania", "Bucharest"),
    ("Kinoteka", "Serbia", "Belgrade"),
    ("Golden Bear Film Festival", "", ""),
    ("Pinewood Studios", "", ""),
    ("Sundance Institute", "", ""),
    ("Golden Apricot Film Club", "France", "Lyon"),
    ("Tbilisi Pictures", "USA", "Los Angeles"),
    ("Moscow Film Studio", "United States", "Moscow, Idaho"),
    ("Almaty Restaurant Group", "Kazakhstan", "Almaty"),
    ("Ташкентский театр кукол", "Узбекистан", "Ташкент"),
    ("Baku Puppet Theatre", "Azerbaijan", "Baku"),
    ("Armenia Wine Company", "Armenia", ""),
    ("Белорусский автомобильный завод", "Беларусь", "Жодино"),
]
LETTERS = {"Latn": "aeiounrstlkm", "Cyrl": "аеиоунрстлкм"}


@dataclass
class MessyRow:
    """Cells by field; the record that is meant, or None for a stranger; the post whose holder is named; its mess."""

    cells: dict[str, str]
    institution: Institution | None = None
    position: Position | None = None
    rules: list[str] = field(default_factory=list)


class MessyList:
    """Rows made by rules; the same seed makes the same rows."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)  # noqa: S311 no secret
        known = Institution.objects.published().select_related("country", "city").prefetch_related("other_names")
        self.institutions = list(known.with_public_contacts(sources=False).order_by("key"))
        self.posts = {}
        for post in Position.objects.public().select_related("person").order_by("pk"):
            self.posts.setdefault(post.institution_id, []).append(post)

    def rows(self, count: int) -> list[MessyRow]:
        return [self.stranger() if self.random.random() < 0.15 else self.row() for _ in range(count)]

    def stranger(self) -> MessyRow:
        name, country, city = self.random.choice(FOREIGN)
        return MessyRow(
            dict.fromkeys(FIELDS, "") | {"name": name, "country": country, "city": city}, rules=["stranger"]
        )

    def row(self, institution: Institution | None = None) -> MessyRow:
        institution = institution or self.random.choice(self.institutions)
        row = MessyRow(dict.fromkeys(FIELDS, ""), institution)
        row.cells["name"] = self.name(institution, row)
        if institution.country and self.chance(0.85):
            names = [name.text for name in country_names(institution.country_id)[:2]]
            row.cells["country"] = self.random.choice([*names, names[0].upper(), institution.country_id])
        if institution.city and self.chance(0.6):
            row.cells["city"] = self.random.choice(
                [name.text for name in institution.city.names_to_search() if name.text]
            )
        if self.chance(0.3):
            row.cells["kind"] = institution.kind
        for kind in ("website", "phone", "email"):
            values = [one.value for one in institution.public_contacts if one.kind == ContactKind(kind)]
            if values and self.chance(0.5):
                row.cells[kind] = self.contact(kind, self.random.choice(values))
        self.person(row)
        self.swap(row)
        return row

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def name(self, institution, row) -> str:
        former = [name.text for name in institution.other_names.all() if name.kind == NameKind.FORMER]
        if former and self.chance(0.3):
            row.rules.append("old name")
            name = self.random.choice(former)
        else:
            names = [name for name in institution.names_to_search() if name.text]
            weights = [6 if place < 3 else 1 for place in range(len(names))]
            name = self.random.choices(names, weights)[0].text
        rules = [(self.slip, 0.2), (self.other_script, 0.1), (self.dressed, 0.25), (self.case, 0.2), (self.plain, 0.1)]
        for rule, share in rules:
            if self.chance(share):
                row.rules.append(rule.__name__)
                name = rule(name) or name
        return name

    def slip(self, name: str) -> str:
        """Change one letter within a longer word."""
        places = [i for i in range(2, len(name) - 1) if name[i - 2 : i + 2].isalpha()]
        if not places or len(name) < 6:
            return name
        place = self.random.choice(places)
        before, letter, after = name[:place], name[place], name[place + 1 :]
        script = "Cyrl" if "а" <= letter.lower() <= "я" else "Latn"
        other = self.random.choice(LETTERS[script])
        return self.random.choice(
            [
                before + after,
                f"{before}{letter}{letter}{after}",
                before + other + after,
                before + after[:1] + letter + after[1:],
            ]
        )

    def other_script(self, name: str) -> str:
        """Romanise other letters; write native Latin ones in Russian letters."""
        if script_of(name) != "Latn":
            return slug_from_name(name).replace("-", " ").title()
        language = known_language(name, "")
        return (to_russian_letters(name, language) or name) if language else name

    def dressed(self, name: str) -> str:
        return self.random.choice([f"«{name}»", f'ООО "{name}"', f"{name} LLC", f"  {name} ", f"“{name}”", f"{name}."])

    def case(self, name: str) -> str:
        return self.random.choice([name.upper(), name.lower()])

    def plain(self, name: str) -> str:
        return without_marks(name).replace("-", " ")

    def contact(self, kind: str, value: str) -> str:
        if kind == "phone":
            digits = value[1:]
            return self.random.choice([value, digits, f"+{digits[:-7]} {digits[-7:-4]}-{digits[-4:-2]}-{digits[-2:]}"])
        if kind == "email":
            return self.random.choice([value, value.upper(), f"mailto:{value}", f"<{value}>"])
        bare = value.partition("://")[2]
        return self.random.choice([value, bare, f"http://www.{bare.removeprefix('www.')}/"])

    def person(self, row):
        posts = self.posts.get(row.institution.pk)
        if posts and self.chance(0.6):
            row.position = self.random.choice(posts)
            names = [name.text for name in row.position.person.names_to_search() if name.text]
            row.cells["person"] = self.random.choice(names)
            row.cells["post"] = row.position.title_en
            if self.chance(0.1):
                row.rules.append("family name first")
                row.cells["person"] = " ".join(reversed(row.cells["person"].split()))

    def swap(self, row):
        pairs = [("country", "city"), ("phone", "email"), ("website", "email"), ("name", "person")]
        first, second = self.random.choice(pairs)
        if self.chance(0.08) and row.cells[first] and row.cells[second]:
            row.rules.append(f"{first} and {second} swapped")
            row.cells[first], row.cells[second] = row.cells[second], row.cells[first]
