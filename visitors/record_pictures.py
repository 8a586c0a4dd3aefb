"""Timelines, maps and diagrams of records."""

from django.utils import timezone
from django.utils.translation import gettext as _

from people.models import Role
from records.base import NameKind
from visitors.pictures.relations import Group, Neighbour, relation_picture
from visitors.pictures.timeline import Period, timeline

# With more participants of events the picture becomes unreadable.
MOST_NEIGHBOURS_OF_A_KIND = 20


def institution_timeline(institution, posts):
    """Return the timeline of an institution, its former names and its heads."""
    life = Period(
        institution.name,
        institution.shown_names[0].language,
        since=institution.founded,
        until=institution.closed,
        is_over=institution.closed is not None,
        detail=_("the institution"),
    )
    names = [
        Period(name.text, name.language, since=name.since, until=name.until, detail=name.get_kind_display())
        for name in institution.other_names.all()
        if name.kind == NameKind.FORMER or name.until
    ]
    names.sort(key=lambda period: period.since or period.until or "")
    heads = [_post_period(post, post.person) for post in posts if post.role == Role.HEAD]
    return timeline([*([life] if institution.founded else []), *names, *reversed(heads)], today=timezone.localdate())


def person_timeline(posts):
    """Return the timeline of a person's posts, the earliest first."""
    periods = [_post_period(post) for post in posts]
    periods.sort(key=lambda period: period.since or period.last_seen or "")
    return timeline(periods, today=timezone.localdate())


def _post_period(post, person=None):
    dates = {"since": post.since, "until": post.until, "last_seen": post.last_seen, "is_over": post.is_over}
    if person:
        name = person.shown_names[0]
        return Period(name.text, name.language, detail=post.title.text, url=person.get_absolute_url(), **dates)
    return Period(post.title.text, post.title.language, detail=post.body, **dates)


def institution_relations(institution, posts, participations, films):
    """Return the diagram of the institution's connections, in the groups of its page."""
    structure = [
        Group(_("Part of"), _neighbours([institution.public_parent])),
        Group(_("Successor"), _neighbours([institution.public_successor])),
        Group(_("Took over from"), _neighbours(institution.predecessors.all())),
        Group(_("Divisions"), _neighbours(institution.parts.all())),
    ]
    programmes = [*institution.programmes.all(), *institution.partner_programmes.all()]
    return relation_picture(
        [
            *structure,
            Group(_("People"), _neighbours(post.person for post in posts)),
            Group(_("Programmes"), _neighbours(programmes)),
            Group(_("Events"), _neighbours(participation.event for participation in participations)),
            Group(_("Films"), _neighbours(films)),
        ]
    )


def _neighbours(records):
    """Return each record once, in the given order."""
    unique = {record.pk: record for record in records if record is not None}.values()
    return [
        Neighbour(record.name, record.shown_names[0].language, record.get_absolute_url())
        for record in list(unique)[:MOST_NEIGHBOURS_OF_A_KIND]
    ]
