import json
import ssl
from collections import Counter
from contextlib import closing
from dataclasses import asdict

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from harvest.models import ReadingRun
from harvest.official_pages.reading import AGENT, read_site
from harvest.official_pages.results import LeftOutReason, SiteReading, SkipReason, StateReason
from harvest.site_findings import read_sites
from institutions.models import Country
from records.management.progress_bar import ProgressBar
from web.site_client import OwnNetworkDown, SiteClient, parse_pin


class Command(BaseCommand):
    help = (
        "Reads the websites of institutions: notes which published contacts they show, and proposes what is new; "
        "changes no record. It can be stopped at any time: the next run goes on from there. With --site it reads one "
        "website without writing anything, and prints what it says."
    )

    def add_arguments(self, parser):
        parser.add_argument("--site", metavar="URL", help="read only this website, and write nothing")
        parser.add_argument(
            "--country",
            action="append",
            default=[],
            metavar="KZ",
            help="ISO code of the institutions; with --site that of the website, several times for several countries",
        )
        parser.add_argument("--name", action="append", default=[], help="with --site: a name; several times")
        parser.add_argument("--json", action="store_true", help="with --site: print one JSON object")
        parser.add_argument("--limit", type=int, help="at most so many institutions")
        parser.add_argument(
            "--resolve",
            action="append",
            default=[],
            metavar="HOST:PORT:ADDRESS",
            help="IP address of a host and port, as curl has it; the only way to a private address",
        )
        parser.add_argument("--ca-file", metavar="FILE", help="further certificates to trust, in PEM")

    def handle(self, *, site, country, name, limit, resolve, ca_file, **options):
        client = SiteClient(AGENT, home=f"{settings.SITE_URL}/about/", pins=_pins(resolve), tls=_tls(ca_file))
        if site:
            self.read_one(site, country, name, client, in_json if options["json"] else in_words)
        elif name or options["json"] or len(country) > 1 or (limit is not None and limit < 1):
            raise CommandError("Without --site give at most one --country, a --limit of at least 1, and no --name.")
        else:
            self.read_all((country or [""])[0].upper(), limit, client, options["verbosity"])

    def read_one(self, site, countries, names, client, told):
        if not countries:
            raise CommandError("--site needs --country")
        url = site if "://" in site else f"http://{site}"
        self.stdout.write(told(read_site(url, countries=countries, names=names, client=client)))

    def read_all(self, country, limit, client, verbosity):
        if country and not Country.objects.filter(code=country).exists():
            raise CommandError(f"No country {country!r}")
        run = ReadingRun.objects.current(country)
        bar = ProgressBar(self.stderr if verbosity > 0 else None)
        counts = Counter()
        total = len(institutions := list(run.institutions().values_list("pk", flat=True)[:limit]))
        try:
            with closing(read_sites(institutions, client)) as readings:
                for number, (institution, reading, stored) in enumerate(readings, start=1):
                    bar.show(number, total, institution.name_en)
                    counts.update({f"site {reading.state}": 1, "proposed": len(stored.new)})
        except KeyboardInterrupt:
            self.stderr.write("\nStopping after the sites under way. The next run goes on from here.")
        except OwnNetworkDown as error:
            raise CommandError("This machine has no network.") from error
        finally:
            bar.end()
        if total and not counts:
            self.stderr.write("No site answered: is this machine online? Nothing was noted.")
        left = run.institutions().count()
        if not left:
            run.finish()
        if verbosity > 0:
            for words, count in sorted(counts.items()):
                self.stdout.write(f"{count:6}  {words}")
            self.stdout.write(f"{left} institutions left in this run")


def _pins(texts):
    try:
        return dict(map(parse_pin, texts))
    except ValueError as error:
        raise CommandError(f"--resolve is HOST:PORT:ADDRESS: {error}") from error


def _tls(ca_file):
    if not ca_file:
        return None
    tls = ssl.create_default_context()
    try:
        tls.load_verify_locations(ca_file)
    except (OSError, ssl.SSLError) as error:
        raise CommandError(f"--ca-file {ca_file}: {error}") from error
    return tls


def in_json(reading: SiteReading) -> str:
    """Return the reading as a JSON object."""
    told = {
        "site": reading.site,
        "state": reading.state.value,
        "state_reason": reading.reason.value,
        "state_reason_text": str(StateReason(reading.reason).label),
        "status": reading.status,
        "moved_to": reading.moved_to,
        "pages": [
            {"url": page.url, "status": page.status, "skipped": str(page.skipped), "is_cut": page.is_cut}
            for page in reading.pages
        ],
        "taken": [asdict(one) for one in reading.taken],
        "left_out": [
            {**asdict(one), "reason": one.reason.value, "reason_text": str(LeftOutReason(one.reason).label)}
            for one in reading.left_out
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def in_words(reading: SiteReading) -> str:
    """Return the reading as lines."""
    lines = [f"{reading.site}: {reading.state.label} ({StateReason(reading.reason).label})"]
    if reading.moved_to:
        lines.append(f"moved to {reading.moved_to}")
    for page in reading.pages:
        skipped = f"  {SkipReason(page.skipped).label}" if page.skipped else ""
        lines.append(f"page  {page.status or '-':>4}  {page.url}{skipped}")
    for one in reading.taken:
        told = ", ".join(filter(None, [one.department, one.extension]))
        lines.append(f"taken  {one.kind:10} {one.value}  [{told}]  {one.page}  ({one.found_by})")
    for one in reading.left_out:
        lines.append(f"left out  {one.kind:10} {one.value}  {LeftOutReason(one.reason).label}  {one.page}")
    return "\n".join(lines)
