import json
import ssl
from dataclasses import asdict

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from harvest.official_pages.reading import AGENT, read_site
from harvest.official_pages.results import LeftOutReason, SiteReading, SkipReason, StateReason
from web.site_client import SiteClient, parse_pin


class Command(BaseCommand):
    help = (
        "Reads an institution's own website without writing anything, and prints what it says and in what state it is."
    )

    def add_arguments(self, parser):
        parser.add_argument("--site", required=True, metavar="URL", help="the website")
        parser.add_argument(
            "--country",
            required=True,
            action="append",
            metavar="KZ",
            help="ISO code; several times for several countries",
        )
        parser.add_argument("--name", action="append", default=[], help="a name of the institution; several times")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument(
            "--resolve",
            action="append",
            default=[],
            metavar="HOST:PORT:ADDRESS",
            help="IP address of a host and port, as curl has it; the only way to a private address",
        )
        parser.add_argument("--ca-file", metavar="FILE", help="further certificates to trust, in PEM")

    def handle(self, *, site, country, name, resolve, ca_file, **options):
        client = SiteClient(AGENT, home=f"{settings.SITE_URL}/about/", pins=_pins(resolve), tls=_tls(ca_file))
        url = site if "://" in site else f"http://{site}"
        reading = read_site(url, countries=country, names=name, client=client)
        self.stdout.write(in_json(reading) if options["json"] else in_words(reading))


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
