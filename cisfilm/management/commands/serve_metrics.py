import os
import time

from django.core.management.base import BaseCommand, CommandError

HOST = "127.0.0.1"


class Command(BaseCommand):
    help = (
        "Serves /metrics for Prometheus on a port of 127.0.0.1: requests of all processes of the site, and what the "
        "database says at that moment. Needs PROMETHEUS_MULTIPROC_DIR, which the processes of the site share."
    )

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=9464, help="9464; 0 takes a free one")

    def handle(self, *, port, **options):
        folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
        if not folder:
            raise CommandError("Set PROMETHEUS_MULTIPROC_DIR to the folder that the processes of the site count in")
        # The library reads the variable when it is imported.
        from prometheus_client import CollectorRegistry, start_http_server
        from prometheus_client.multiprocess import MultiProcessCollector

        from cisfilm.state_metrics import StateCollector

        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=folder)
        registry.register(StateCollector())
        try:
            server, thread = start_http_server(port, addr=HOST, registry=registry)
        except OSError as error:
            raise CommandError(f"{HOST}:{port}: {error}") from error
        self.stdout.write(f"http://{HOST}:{server.server_port}/metrics")
        self.stdout.flush()
        while thread.is_alive():
            time.sleep(3600)
