"""Tests of facts that sources support: their labels, and the records that have them."""

import pytest

from cooperation.models import EventSource, FilmSource
from dataset.directory_load import DATA_FILES
from institutions.models import CountrySource, InstitutionSource, ProgrammeSource
from people.models import PersonSource
from records.link_uses import record_source_models
from records.notes import FACT_LABELS

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

    assert set(layout.types) & FACT_LABELS.keys() <= set(KINDS[kind].facts)


def test_every_kind_of_record_has_facts_and_words_for_them():
    models = [model for model, _record in record_source_models()]

    assert set(models) == set(KINDS.values())
    assert [(model, fact) for model in models for fact in model.facts if fact not in FACT_LABELS] == []
    assert [model for model in models if len(model.facts) != len(set(model.facts)) or not model.facts] == []
