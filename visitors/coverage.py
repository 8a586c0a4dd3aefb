"""Coverage: counts and shares by country and kind, and missing kinds."""

from dataclasses import dataclass, field

from institutions.models import KIND_HEADINGS, Country, Institution, InstitutionKind

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


@dataclass
class CoverageRow:
    """Row of a country; `country` is None for international bodies."""

    country: Country | None
    counts: dict[str, int] = field(default_factory=dict)
    total: int = 0
    with_contact: int = 0
    checked_lately: int = 0
    seen_lately: int = 0
    in_both_scripts: int = 0

    def add(self, found):
        self.counts[found["kind"]] = self.counts.get(found["kind"], 0) + found["total"]
        for name in ("total", "with_contact", "checked_lately", "seen_lately", "in_both_scripts"):
            setattr(self, name, getattr(self, name) + found[name])

    @property
    def cells(self):
        return [CoverageCell(kind, self.counts.get(kind, 0)) for kind in InstitutionKind.values]

    @property
    def shares(self):
        """Return rounded percentages; empty without a total."""
        parts = (self.with_contact, self.checked_lately, self.seen_lately, self.in_both_scripts)
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


def coverage() -> Coverage:
    """Return the coverage of all listed countries, in the order of their names; two queries."""
    rows = {
        country.code: CoverageRow(country)
        for country in sorted(Country.objects.listed(), key=lambda country: country.name)
    }
    rows[None] = CoverageRow(None)
    whole = CoverageRow(None)
    for found in Institution.objects.published().coverage():
        if found["country"] in rows:
            rows[found["country"]].add(found)
        whole.add(found)
    countries = [row for row in rows.values() if row.country]
    gaps = [Gap(kind, [row.country for row in countries if not row.counts.get(kind)]) for kind in EXPECTED_KINDS]
    kinds = [(kind.value, KIND_HEADINGS[kind]) for kind in InstitutionKind]
    return Coverage([*rows.values()], whole, [gap for gap in gaps if gap.countries], kinds)
