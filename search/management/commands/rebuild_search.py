from django.core.management.base import BaseCommand

from search.rebuilding import rebuild_all


class Command(BaseCommand):
    help = "Makes the words by which records are found anew, and the vocabulary of all of them."

    def handle(self, **options):
        done = {}
        for model, number in rebuild_all():
            done[model] = number
        for model, number in done.items():
            self.stdout.write(f"{number} {model._meta.verbose_name_plural}")
