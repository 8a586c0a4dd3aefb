from django.apps import AppConfig
from django.core import checks


class CISFilmConfig(AppConfig):
    name = "cisfilm"
    verbose_name = "CISFilm"

    def ready(self):
        from cisfilm.checks import check_databases

        checks.register(check_databases, checks.Tags.database)
