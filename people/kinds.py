"""People as a kind of record, with their posts."""

from django.utils.translation import gettext_lazy as _

from languages.date_phrases import as_of, since, until
from records.kinds import (
    CorrectableRow,
    Kind,
    ListPage,
    RowKind,
    SearchedList,
    names_row,
    sources_row,
)

from .filters import PersonFilterSet
from .models import Person, PersonName, PersonSource, Position, PositionContact, PositionSource


def _of_whom(post, record) -> str:
    return post.body if isinstance(record, Person) else post.person.name


def _post_dates(post) -> str:
    phrases = [(since, post.since), (until, post.until), (as_of, post.as_of)]
    known = [phrase(date) for phrase, date in phrases if date]
    return ", ".join(known) or str(_("page without date"))


POSITION = RowKind(
    Position,
    {"person": "positions", "institution": "positions"},
    shown_with=("person", "institution"),
    corrections=CorrectableRow(
        "post",
        subject=_of_whom,
        labels=lambda post: {
            **dict.fromkeys(["title_en", "title_ru", "title_native"], _("post")),
            "until": _("dates of the post"),
        },
        values=lambda post: {"until": _post_dates(post)},
    ),
)
PERSON = Kind(
    Person,
    published=Person.objects.published,
    lists=(ListPage("people", "people:person_list"),),
    searched=SearchedList(
        PersonFilterSet,
        lambda: Person.objects.published().in_name_order(),
        _("All people found"),
        downloaded_as="people",
    ),
    rows=(
        names_row(PersonName, "person"),
        sources_row(PersonSource, "person"),
        POSITION,
        RowKind(
            PositionSource,
            {"position__person": "positions", "position__institution": "positions"},
            shown_with=("position__person", "position__institution"),
        ),
        RowKind(
            PositionContact,
            {"position__person": "contacts", "position__institution": "contacts"},
            shown_with=("position__person", "position__institution"),
        ),
    ),
    correctable_rows=lambda person: [*person.public_positions, *person.other_names.all()],
)
