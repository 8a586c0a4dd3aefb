"""Groups and their permissions: one table, written to the database after each migration."""

from django.apps import apps as all_apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission

from .limits import COUNTRY_EDITORS_GROUP

EDITORS_GROUP = "Editors"
ADMINISTRATORS_GROUP = "Administrators"

# Editors add, change and archive records, but never delete them: URLs and keys must keep working.
RECORD = "add change view"
# Rows of records may be deleted.
ROW = "add change view delete"
LOOKED_UP = "view"

EDITORS_MAY = {
    **dict.fromkeys(
        [
            "sources.source",
            *("institutions.country", "institutions.city", "institutions.programme"),
            *("institutions.institution", "institutions.studio", "institutions.agency"),
            *("people.person", "cooperation.event", "cooperation.film", "intake.import"),
        ],
        RECORD,
    ),
    **dict.fromkeys(
        [
            *("institutions.countrysource", "institutions.treaty"),
            *("institutions.institutionname", "institutions.institutionsource", "institutions.institutioncontact"),
            *("institutions.stage", "institutions.programmename", "institutions.programmesource"),
            *("people.personname", "people.personsource"),
            *("people.position", "people.positionsource", "people.positioncontact"),
            *("cooperation.eventname", "cooperation.eventsource", "cooperation.participation"),
            *("cooperation.filmname", "cooperation.filmsource"),
            *("cooperation.filmcountry", "cooperation.filminstitution"),
        ],
        ROW,
    ),
    **dict.fromkeys(
        ["sources.pastslug", "sources.linkcheck", "merging.merge", "corrections.confirmationrequest"], LOOKED_UP
    ),
    # Readers and institutions write corrections; editors answer.
    "corrections.correction": "view change",
    # An institution's opt-out of e-mails may be reverted.
    "corrections.nomoreletters": "view delete",
    "search.suspectedduplicate": "view change",
}
ADMINISTRATORS_ALSO_MAY = {
    **{label: "delete" for label, actions in EDITORS_MAY.items() if actions == RECORD},
    "auth.user": "add change delete view",
    "auth.group": "add change delete view",
    "accounts.countrylimit": "add change delete view",
    "accounts.auditline": LOOKED_UP,
}
GROUPS = {
    EDITORS_GROUP: [EDITORS_MAY],
    COUNTRY_EDITORS_GROUP: [EDITORS_MAY],
    ADMINISTRATORS_GROUP: [EDITORS_MAY, ADMINISTRATORS_ALSO_MAY],
}


def write_groups(sender, using, apps=all_apps, **kwargs):
    """Give each group exactly the permissions of the table. Other combinations need a separate group."""
    try:
        apps.get_model("auth", "Group")
    except LookupError:
        # Only some apps were migrated, and there are no groups yet.
        return
    for app_config in all_apps.get_app_configs():
        # Django creates the permissions of migrated models only, one app after another.
        create_permissions(app_config, verbosity=0, using=using)
    stored = {
        f"{app_label}.{codename}": permission_id
        for permission_id, app_label, codename in Permission.objects.using(using).values_list(
            "pk", "content_type__app_label", "codename"
        )
    }
    for name, tables in GROUPS.items():
        group, _is_new = Group.objects.using(using).get_or_create(name=name)
        wanted = {stored[codename] for table in tables for codename in codenames(table)}
        # Bypasses the signals that write audit lines: no user did this.
        rows = Group.permissions.through.objects.using(using)
        rows.filter(group=group).exclude(permission__in=wanted).delete()
        rows.bulk_create(
            [Group.permissions.through(group=group, permission_id=permission_id) for permission_id in wanted],
            ignore_conflicts=True,
        )


def codenames(table: dict[str, str]) -> list[str]:
    """Return permissions as "app.action_model" for a table of models and actions."""
    return [
        f"{app_label}.{action}_{model_name}"
        for app_label, model_name, actions in ((*label.split("."), actions) for label, actions in table.items())
        for action in actions.split()
    ]
