"""Structured data of people (schema.org)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from institutions.linked_data import institution_reference
from records.linked_data import breadcrumbs, graph, named, reference


def person_graph(person, present_posts) -> dict:
    return graph(
        named(
            person,
            "Person",
            givenName=person.given_name_en,
            familyName=person.family_name_en,
            jobTitle=list(dict.fromkeys(post.title.text for post in present_posts)),
            worksFor=[institution_reference(post.institution) for post in present_posts if post.institution],
        ),
        breadcrumbs((_("People"), reverse("people:person_list")), (person.name, person.get_absolute_url())),
    )


def person_in_post(post) -> dict:
    """Return a person in a post, as part of the institution."""
    return {**reference(post.person, "Person"), "jobTitle": post.title.text}
