from django.core.management.base import BaseCommand

from visitors.share_pictures import draw_all


class Command(BaseCommand):
    help = "Draws the pictures that other sites show beside a link to a page, into static/share."
    requires_system_checks = []

    def handle(self, **options):
        for path in draw_all():
            self.stdout.write(f"{path.name}: {path.stat().st_size} bytes")
