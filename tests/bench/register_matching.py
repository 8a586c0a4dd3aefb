"""Measure how bodies of registers are matched with the records of the data set by their names.

    uv run python -m tests.bench.register_matching

Each institution of the fixtures is sought among those of its country, of which it is one. First by its Russian name
alone where only its other names are known, then the same with the English name: "sure" ones must be right. Then as a
body that is not listed, with all its names: about the "near" ones editors are asked for nothing.
"""

from collections import Counter, defaultdict

from tests.bench.database import prepare


def main():
    prepare()
    from django.core.management import call_command
    from django.db import transaction

    from institutions.models import Institution

    with transaction.atomic():
        if not Institution.objects.exists():
            call_command("load_fixtures", verbosity=0)
        by_country = defaultdict(list)
        for institution in Institution.objects.published().for_matching():
            by_country[institution.country_id].append(institution)
        for language in ("ru", "en"):
            print(f"by the name in {language} alone:", dict(sum(map(sought(language), by_country.values()), Counter())))
        print("not listed:", dict(sum(map(strangers, by_country.values()), Counter())))
        transaction.set_rollback(True)


def sought(language: str):
    """Return a function that counts the results for the institutions of a country."""
    from harvest.registers.matching import KnownInstitutions
    from search.models import NamedText

    def count(institutions) -> Counter:
        asked = [(one, getattr(one, f"name_{language}")) for one in institutions]
        for one in institutions:
            names = [name for name in one.names_to_search() if name.text and name.language != language]
            one.names_to_search = lambda names=names: iter(names)
        known = KnownInstitutions(institutions)
        matches = [(one, known.match(body(one, [NamedText(name, language)]))) for one, name in asked if name]
        for one in institutions:
            del one.names_to_search
        return Counter(result(one, match) for one, match in matches)

    return count


def strangers(institutions) -> Counter:
    from harvest.registers.matching import KnownInstitutions

    counts = Counter()
    for one in institutions:
        others = KnownInstitutions([other for other in institutions if other is not one])
        match = others.match(body(one, [name for name in one.names_to_search() if name.text]))
        counts["sure" if match.is_certain else "near" if match.institutions else "none"] += 1
    return counts


def body(institution, names):
    from harvest.registers.register import Body

    return Body(identifiers={"wikidata": "Q0"}, url="", names=names, kind=institution.kind)


def result(institution, match) -> str:
    if not match.institutions:
        return "none"
    is_right = institution in match.institutions
    return f"{'sure' if match.is_certain else 'near'}, {'right' if is_right else 'wrong'}"


if __name__ == "__main__":
    main()
