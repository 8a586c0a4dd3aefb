from collections import Counter
from contextlib import closing

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from records.link_checker import AGENT, LinkChecker, check_all
from records.link_checks import LinkCheck, LinkOutcome
from records.link_uses import addresses_in_use
from records.management.progress_bar import ProgressBar
from web.site_client import SiteClient, host_of

# Results of a machine without a network for every link.
SILENCE = {LinkOutcome.NO_HOST, LinkOutcome.NO_ANSWER}
# Results that need no request.
UNASKED = {LinkOutcome.NOT_PUBLIC, LinkOutcome.UNREADABLE}


class Command(BaseCommand):
    help = (
        "Opens the web sites of contacts and the pages of sources and notes which are dead; changes no record. It can "
        "be stopped at any time: the next run goes on with those not looked at for longest."
    )

    bar = ProgressBar(None)

    def add_arguments(self, parser):
        parser.add_argument("--limit", type=int, help="at most so many links")
        parser.add_argument("--older-than", type=int, default=6, metavar="DAYS", help="not looked at for so long (6)")
        parser.add_argument("--host", help="only links to this host, such as example.org, whenever looked at")

    def handle(self, *, limit, older_than, host, verbosity, **options):
        if (limit is not None and limit < 1) or older_than < 0:
            raise CommandError("--limit is at least 1 and --older-than at least 0")
        self.bar = ProgressBar(self.stderr if verbosity > 0 else None)
        in_use = addresses_in_use()
        if host:
            urls = LinkCheck.objects.due([url for url in in_use if host_of(url) == host.lower()], older_than_days=0)
        else:
            LinkCheck.objects.exclude(url__in=in_use).delete()
            urls = LinkCheck.objects.due(in_use, older_than_days=older_than)
        self.look_at(urls[:limit], proven=bool(host))
        if verbosity > 0:
            self.tell(len(urls))

    def look_at(self, urls, *, proven):
        """Check the URLs; failures are stored only once a site has answered, as the network may be down."""
        self.counts = Counter()
        checker = LinkChecker(SiteClient(AGENT, home=f"{settings.SITE_URL}/about/"))
        try:
            with closing(check_all(urls, checker)) as findings:
                self.note_all(findings, len(urls), proven=proven)
        except KeyboardInterrupt:
            self.stderr.write("\nStopping after the requests under way. The next run goes on from here.")

    def note_all(self, findings, total, *, proven):
        silent = []
        for number, (url, finding) in enumerate(findings, start=1):
            self.bar.show(number, total, host_of(url))
            if finding is None:
                continue
            proven = proven or finding.status_code is not None
            if finding.outcome in SILENCE:
                silent.append((url, finding))
            else:
                self.note(url, finding)
            while proven and silent:
                self.note(*silent.pop())

    def note(self, url, finding):
        LinkCheck.objects.record(url, finding)
        self.counts[finding.outcome] += 1

    def tell(self, due):
        self.bar.end()
        for outcome, count in self.counts.most_common():
            self.stdout.write(f"{count:6}  {outcome}")
        looked_at = self.counts.total()
        if due and not any(outcome not in UNASKED for outcome in self.counts):
            self.stderr.write("No site answered: is this machine online? Silence was not noted.")
        self.stdout.write(
            f"{looked_at} links looked at, {due - looked_at} left, {LinkCheck.objects.dead().count()} dead in all"
        )
