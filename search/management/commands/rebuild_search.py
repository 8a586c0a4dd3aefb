import os

from django.core.management.base import BaseCommand

from search.rebuilding import rebuild_all, rebuild_changed


class Command(BaseCommand):
    help = "Makes the words by which records are found anew, and the vocabulary of all of them."

    def add_arguments(self, parser):
        parser.add_argument(
            "--changed", action="store_true", help="only those of records that changed since theirs were made"
        )

        parser.add_argument(
            "--processes",
            type=int,
            default=os.process_cpu_count(),
            help="how many to use at once, else one for each processor; not with --changed",
        )

    def handle(self, *, changed, processes, **options):
        if changed:
            self.stdout.write(f"{rebuild_changed()} changed records")
            return
        done = {}
        for model, number in rebuild_all(processes):
            done[model] = number
        for model, number in done.items():
            self.stdout.write(f"{number} {model._meta.verbose_name_plural}")
