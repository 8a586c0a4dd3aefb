from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from dataset.search_quality import ALL, QueryFileError, by_kind, misses, quality, read_expectations, try_all, ways


class Command(BaseCommand):
    help = (
        "Measures the search with a tab-separated file of queries (columns query, expected_key, kind, difficulty; keys"
        " joined by | are all right, no key means that nothing may be found), beside plain ways to search."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE.tsv")

    def handle(self, *, file, **options):
        try:
            expectations = read_expectations(file)
        except QueryFileError as error:
            raise CommandError(str(error)) from error
        if not expectations:
            raise CommandError(f"{file}: no queries")
        outcomes = {name: try_all(expectations, way) for name, way in ways().items()}
        ours = next(iter(outcomes.values()))
        self._write_summary(ours)
        self.stdout.write("\nEach way, and each by kind of query")
        for name, tried in outcomes.items():
            self._write_row(name, quality(tried))
            for kind, of_kind in by_kind(tried).items():
                self._write_row(f"  {kind}", quality(of_kind))
        self._write_misses(ours)

    def _write_summary(self, outcomes):
        measured = quality(outcomes)
        if measured.queries:
            self.stdout.write(f"recall@1 {measured.recall_at_1:.3f}")
            self.stdout.write(f"recall@3 {measured.recall_at_3:.3f}")
            self.stdout.write(f"mrr {measured.mrr:.3f}")
        if measured.nothing_queries:
            self.stdout.write(f"nothing {measured.nothing:.3f}")

    def _write_row(self, name, measured):
        found = (
            f"queries {measured.queries:4}  recall@1 {measured.recall_at_1:.3f}"
            f"  recall@3 {measured.recall_at_3:.3f}  mrr {measured.mrr:.3f}"
        )
        nothing = f"queries {measured.nothing_queries:4}  nothing {measured.nothing:.3f}"
        parts = [found] * bool(measured.queries) + [nothing] * bool(measured.nothing_queries)
        self.stdout.write(f"{name or ALL:24} {'  '.join(parts)}")

    def _write_misses(self, outcomes):
        missed = misses(outcomes)
        self.stdout.write(f"\nMisses: {len(missed)}")
        for outcome in missed:
            wanted = "|".join(sorted(outcome.expectation.keys)) or "nothing"
            found = ", ".join(outcome.found[:3]) or "nothing"
            self.stdout.write(f"{outcome.expectation.query}  ({outcome.expectation.kind}): {wanted}; found {found}")
