from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = (
        "Removes app, passkeys and recovery codes of somebody who lost them all; "
        "they set up a new second factor at their next login."
    )

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, *, username, **options):
        user = get_user_model().objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no user {username}")
        Authenticator.objects.filter(user=user).delete()
        self.stdout.write(f"{username} has no second factor now and sets one up at the next login.")
