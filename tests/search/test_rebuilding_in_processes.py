"""Tests of making all words anew in several processes, each with its own connection."""

import pytest

from search.models import VocabularyWord
from tests.embedded_server import address_of_test_database, run_manage
from tests.factories import create_institution, create_person, create_position
from tests.search_words import assert_words_are_true


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_command_makes_all_words_in_several_processes():
    studio = create_institution(name_en="Tajikfilm")
    create_position(person=create_person(name_en="Anna Berg"), institution=studio)
    VocabularyWord.objects.create(word="nobodysword", record_count=1)

    run = run_manage("rebuild_search", "--processes", "2", DATABASE_URL=address_of_test_database(), DEVELOPMENT="True")

    assert (run.stderr, run.stdout) == ("", "1 institutions\n1 people\n")
    assert_words_are_true()
