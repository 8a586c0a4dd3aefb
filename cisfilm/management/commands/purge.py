from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.core.management.base import BaseCommand

from editors.accounts.models import KeptForm
from exports.models import ContactList
from search.models import ListChange
from visitors.corrections.models import ConfirmationRequest, Correction
from web.models import VisitorAction


class Command(BaseCommand):
    help = (
        "Deletes what has outlived its purpose: ended sessions, saved lists that nobody opened for two years, traces "
        "of what visitors sent, forms kept for editors, e-mail addresses that an answer did not reach, mailboxes that "
        "strangers named, old entries of the log of changes."
    )

    def handle(self, **options):
        before = Session.objects.count()
        call_command("clearsessions")
        self.stdout.write(f"{before - Session.objects.count()} sessions")
        self.stdout.write(f"{ContactList.objects.unopened().delete()[0]} saved lists")
        self.stdout.write(f"{KeptForm.objects.outlived().delete()[0]} kept forms")
        self.stdout.write(f"{VisitorAction.objects.outlived().delete()[0]} traces of visitors")
        self.stdout.write(f"{Correction.objects.with_email_left_over().update(email='')} e-mail addresses")
        mailboxes = ConfirmationRequest.objects.with_addresses_left_over().update(addresses=[])
        self.stdout.write(f"{mailboxes} mailboxes that strangers named")
        self.stdout.write(f"{ListChange.objects.outdated().delete()[0]} entries of the log of changes")
