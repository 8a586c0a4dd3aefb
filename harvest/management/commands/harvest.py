from argparse import ArgumentTypeError

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from harvest.registers.client import RegisterClient, RegisterError
from harvest.registers.harvesting import Harvest
from harvest.registers.known import REGISTERS
from institutions.models import Country
from web.site_client import PAUSE_SECONDS, SiteClient, parse_pin

# What is counted, in the order in which it is told.
TOLD = {
    "bodies": "bodies read",
    "recognised": "records recognised",
    "near": "records that may be one of them: is this the same?",
    "archived": "records recognised that are archived",
    "unlisted": "bodies that are not listed",
    "unknown": "bodies that no record is like and nothing shows to be of film",
    "identifiers": "ids written, by another id of the record",
    "proposed": "new proposals",
    "open": "proposals that are open already",
    "listed": "facts that are listed already",
    "declined": "facts that editors declined",
    "accepted": "facts that editors accepted",
    "withheld": "facts left out: somebody in them asked not to be listed",
    "invalid": "facts left out: no valid value",
}


def pin(text: str):
    try:
        return parse_pin(text)
    except ValueError as error:
        raise ArgumentTypeError(f"not HOST:PORT:ADDRESS: {text!r}") from error


class Command(BaseCommand):
    help = (
        "Asks an open register for film institutions and puts what it says into the editors' inbox. It can be stopped "
        "at any time: what is proposed stays, and nothing is proposed twice."
    )

    def add_arguments(self, parser):
        parser.add_argument("register", choices=list(REGISTERS))
        parser.add_argument("--country", action="append", metavar="CODE", help="ISO code; may be repeated (all)")
        parser.add_argument("--limit", type=int, help="at most so many bodies of each country")
        parser.add_argument("--dry-run", action="store_true", help="store nothing, only count")
        parser.add_argument("--check-websites", action="store_true", help="open the websites that are to be proposed")
        parser.add_argument("--base", default="", metavar="URL", help="scheme and host of a stand-in for the register")
        parser.add_argument("--resolve", action="append", default=[], type=pin, metavar="HOST:PORT:ADDRESS")
        parser.add_argument("--pause", type=float, default=PAUSE_SECONDS, help="seconds between two requests (1)")

    def handle(self, *, register, country, limit, dry_run, verbosity, **options):
        if (limit is not None and limit < 1) or options["pause"] < 0:
            raise CommandError("--limit is at least 1 and --pause at least 0")
        asked = REGISTERS[register]()
        countries = self._countries(asked, country)
        self.shows_progress = verbosity > 0 and self.stderr.isatty()
        run = Harvest(asked, *self._clients(options), is_dry=dry_run, note=self._show_progress)
        done = []
        try:
            for self.place in countries:
                run.harvest(self.place, limit)
                done.append(self.place.code)
        except KeyboardInterrupt:
            self.stderr.write(
                f"\nStopped. Whole countries: {', '.join(done) or 'none'}; the next run goes through all."
            )
        except RegisterError as error:
            raise CommandError(f"{error}. Whole countries: {', '.join(done) or 'none'}.") from error
        finally:
            if verbosity > 0:
                self._tell(run.counts, dry_run=dry_run)

    def _countries(self, asked, codes) -> list[Country]:
        countries = list(Country.objects.listed().order_by("code"))
        by_code = {country.code: country for country in countries}
        covered = set(by_code) if asked.countries is None else asked.countries & by_code.keys()
        wanted = {code.upper() for code in codes} if codes else covered
        if wrong := wanted - covered:
            raise CommandError(f"{', '.join(sorted(wrong))}: not listed, or not in this register")
        return [by_code[code] for code in sorted(wanted)]

    @staticmethod
    def _clients(options) -> tuple[RegisterClient, SiteClient | None]:
        pins = dict(options["resolve"])
        client = RegisterClient(base=options["base"], pins=pins, pause=options["pause"])
        home = f"{settings.SITE_URL}/about/"
        return client, SiteClient("CISFilm", home=home, pins=pins) if options["check_websites"] else None

    def _show_progress(self, number):
        if self.shows_progress:
            self.stderr.write(f"\r{self.place.code}: {number} bodies", str, ending="")
            self.stderr.flush()

    def _tell(self, counts, *, dry_run):
        if self.shows_progress:
            self.stderr.write("")
        for name, words in TOLD.items():
            if counts[name]:
                self.stdout.write(f"{counts[name]:6}  {words}")
        if dry_run:
            self.stdout.write("Nothing was stored.")
