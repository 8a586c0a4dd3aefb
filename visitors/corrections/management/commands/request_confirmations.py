import time

from django.core.management.base import BaseCommand, CommandError, CommandParser

from institutions.models import Country
from visitors.corrections.confirmations import NotSent, email_addresses, write_to
from visitors.corrections.models import MONTHS_BETWEEN_LETTERS, ConfirmationRequest


def whole_number(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


class Command(BaseCommand):
    help = (
        "Asks institutions by letter to confirm what is listed of them: those with a public e-mail address, or a "
        "mailbox that an editor allowed, whose contacts nobody confirmed for long. None is written to twice within a "
        "year, so that a run that was stopped can simply be started again."
    )

    def add_arguments(self, parser: CommandParser):
        parser.add_argument("--limit", type=whole_number, help="write to so many institutions at most")
        parser.add_argument("--country", help="only institutions of this country, by its code: TJ")
        parser.add_argument(
            "--older-than",
            type=whole_number,
            default=MONTHS_BETWEEN_LETTERS,
            metavar="MONTHS",
            help="contacts not confirmed for so many months (%(default)s)",
        )
        parser.add_argument("--dry-run", action="store_true", help="say who would be written to and write to nobody")
        parser.add_argument("--pause", type=float, default=1, help="seconds between two letters (%(default)s)")

    def handle(self, *, limit, country, older_than, dry_run, pause, **options):
        due = ConfirmationRequest.objects.institutions_due(older_than=older_than)
        if country:
            if not Country.objects.filter(code=country.upper()).exists():
                raise CommandError(f"No country {country} in the directory")
            due = due.filter(country=country.upper())
        due = list(due[:limit])
        failed = 0
        for number, institution in enumerate(due, start=1):
            progress = f"{number}/{len(due)} {institution.key}"
            if dry_run:
                self.stdout.write(f"{progress}: would write to {', '.join(email_addresses(institution))}")
                continue
            if number > 1:
                time.sleep(pause)
            try:
                addresses = write_to(institution)
            except NotSent as error:
                failed += 1
                self.stderr.write(f"{progress}: not sent: {error}")
            else:
                self.stdout.write(f"{progress}: {', '.join(addresses) or 'written to meanwhile'}")
        if failed:
            raise CommandError(
                f"{failed} of {len(due)} letters were not sent; start the command again to try once more"
            )
        self.stdout.write(f"{len(due)} letters {'would be written' if dry_run else 'written'}")
