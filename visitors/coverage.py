"""Coverage: counts and shares by country and kind, and missing kinds."""

from dataclasses import dataclass

from institutions.filters import ANY_CONTACT, CheckedWithin
from institutions.models import INTERNATIONAL, KIND_HEADINGS, Country, InstitutionKind
from institutions.tally import Tally

LATELY = CheckedWithin.TWELVE_MONTHS.value
# Kinds that every country should have; some countries rightly have none of the others.
EXPECTED_KINDS = [
    InstitutionKind.STUDIO,
    InstitutionKind.AGENCY,
    InstitutionKind.FUND,
    InstitutionKind.ARCHIVE,
    InstitutionKind.FESTIVAL,
    InstitutionKind.SCHOOL,
    InstitutionKind.UNION,
    InstitutionKind.COMMISSION,
]
# Upper bounds of the shades of the heat map, except 0.
SHADES = (1, 3, 6, 12)


@dataclass(frozen=True)
class CoverageCell:
    """Number of institutions of one kind in a country."""

    kind: str
    count: int

    @property
    def shade(self):
        """Return the shade: 0 for none to 5 for the most."""
        return next((number for number, bound in enumerate(SHADES, start=1) if self.count <= bound), 5) * bool(
            self.count
        )


@dataclass(frozen=True)
class CoverageRow:
    """Row of a country; `country` is None for international bodies, and for all."""

    numbers: Tally
    country: Country | None = None

    @property
    def total(self) -> int:
        return self.numbers.total

    @property
    def kinds(self) -> dict[str, int]:
        return self.numbers.by("kind")

    @property
    def cells(self) -> list[CoverageCell]:
        counts = self.kinds
        return [CoverageCell(kind, counts.get(kind, 0)) for kind in InstitutionKind.values]

    @property
    def shares(self) -> list[int | None]:
        """Return rounded percentages; empty without a total."""
        qualities = (("has", ANY_CONTACT), ("checked", LATELY), ("seen", LATELY), ("quality", "both scripts"))
        parts = (self.numbers.within(name, value).total for name, value in qualities)
        return [round(part / self.total * 100) if self.total else None for part in parts]


@dataclass(frozen=True)
class Gap:
    """Kind of institution, and the countries without any."""

    kind: str
    countries: list[Country]

    @property
    def heading(self):
        return KIND_HEADINGS[self.kind]


@dataclass(frozen=True)
class Coverage:
    rows: list[CoverageRow]
    whole: CoverageRow
    gaps: list[Gap]
    kinds: list[tuple[str, str]]


def coverage(numbers: Tally) -> Coverage:
    """Return the coverage of all listed countries, in the order of their names; one query."""
    countries = sorted(Country.objects.listed(), key=lambda country: country.name)
    rows = [CoverageRow(numbers.within("country", country.code), country) for country in countries]
    gaps = [Gap(kind, [row.country for row in rows if kind not in row.kinds]) for kind in EXPECTED_KINDS]
    kinds = [(kind.value, KIND_HEADINGS[kind]) for kind in InstitutionKind]
    international = CoverageRow(numbers.within("country", INTERNATIONAL))
    return Coverage([*rows, international], CoverageRow(numbers), [gap for gap in gaps if gap.countries], kinds)
