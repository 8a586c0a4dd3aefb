from django.core.management.base import BaseCommand

from dataset.gazetteer import locate
from institutions.models import City


class Command(BaseCommand):
    help = (
        "Gives cities their coordinates, GeoNames number and Russian and native spellings from the GeoNames gazetteer. "
        "The spellings come from city_spellings.yaml and are taken only if the gazetteer has them for that very place."
    )

    def add_arguments(self, parser):
        parser.add_argument("--overwrite", action="store_true", help="let the gazetteer win over editors' changes")

    def handle(self, *, overwrite, verbosity, **options):
        location = locate(City.objects.order_by("key"), overwrite=overwrite)
        for problem in location.problems:
            self.stderr.write(problem)
        if verbosity > 0:
            self.stdout.write(f"{len(location.located)} cities located or renamed, {location.unchanged} unchanged")
