from django import forms
from django.apps import AppConfig
from django.core import checks

APPS_WITH_TEXTS = ["sources", "history", "institutions", "people", "cooperation"]
APPS_WITH_TEXTS += ["contacts", "corrections", "merging", "intake"]


class CISFilmConfig(AppConfig):
    name = "cisfilm"
    verbose_name = "CISFilm"

    def ready(self):
        from cisfilm.checks import check_databases
        from languages.control_characters import refuse_control_characters, validate_texts
        from languages.of_interface import chain_catalogs

        checks.register(check_databases, checks.Tags.database)
        chain_catalogs()
        validate_texts(APPS_WITH_TEXTS)
        # Forms without a model validate e-mail addresses too; the field has its own list of validators.
        for field in (forms.CharField, forms.URLField):
            field.default_validators = [*field.default_validators, refuse_control_characters]
