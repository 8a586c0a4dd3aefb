"""Facts that sources support, and which records have them."""

import pytest

from cooperation.models import EventSource, FilmSource
from dataset.directory_load import DATA_FILES
from institutions.models import CountrySource, InstitutionSource, ProgrammeSource
from people.models import PersonSource
from records.link_uses import record_source_models

KINDS = {
    "countries": CountrySource,
    "institutions": InstitutionSource,
    "people": PersonSource,
    "programmes": ProgrammeSource,
    "events": EventSource,
    "films": FilmSource,
}


@pytest.mark.parametrize("kind", KINDS)
def test_editors_may_name_every_fact_that_the_data_set_has_of_a_kind(kind):
    (layout,) = [data_file.layout for data_file in DATA_FILES if data_file.kind == kind]

    # A page that supports a text supports its translation.
    stated = {name for name in layout.types if not name.endswith("_ru")} - {"key", "code", "sources", "editors_note"}
    assert stated <= set(KINDS[kind].facts.sourced)


def test_every_kind_of_record_has_facts():
    models = dict(record_source_models())

    assert set(models) == set(KINDS.values())
    assert [model for model in models if not model.facts.sourced] == []
    assert [model for model in models if len(list(model.facts)) != len(model.facts.labels)] == []
