"""State of the site for Prometheus, read from the database when it is asked for."""

from collections.abc import Iterator

from django.db import Error, connection
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from harvest.models import Proposal
from search.models import ChangedRecord
from visitors.corrections.models import Correction
from web.waiting import database_answers

from .models import CommandRun


class StateCollector:
    """Gauges of the database; without it only `cisfilm_database_up 0`."""

    def describe(self):
        return []

    def collect(self) -> Iterator[Metric]:
        is_up = database_answers()
        yield GaugeMetricFamily("cisfilm_database_up", "1 while the database accepts connections", int(is_up))
        if is_up:
            try:
                yield from list(_state())
            except Error:
                return
            finally:
                connection.close()


def _state() -> Iterator[Metric]:
    inbox = GaugeMetricFamily("cisfilm_inbox", "What waits for editors", labels=["kind"])
    inbox.add_metric(["proposals"], Proposal.objects.open().count())
    inbox.add_metric(["corrections"], Correction.objects.open().count())
    yield inbox
    yield GaugeMetricFamily("cisfilm_stale_words", "Changes not yet in the search", ChangedRecord.objects.count())
    succeeded = GaugeMetricFamily(
        "cisfilm_command_success_seconds", "Unix time of the last success", labels=["command"]
    )
    failed = GaugeMetricFamily("cisfilm_command_failed", "1 if the last run failed", labels=["command"])
    lasted = GaugeMetricFamily("cisfilm_command_duration_seconds", "How long the last run took", labels=["command"])
    for run in CommandRun.objects.order_by("pk"):
        if run.succeeded_at:
            succeeded.add_metric([run.pk], run.succeeded_at.timestamp())
        failed.add_metric([run.pk], int(run.has_failed))
        lasted.add_metric([run.pk], run.seconds)
    yield from (succeeded, failed, lasted)
