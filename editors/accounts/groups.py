"""Groups and their permissions: one table, written to the database after each migration."""

from django.apps import apps as all_apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission

from records.kinds import kinds, row_kinds

from .limits import COUNTRY_EDITORS_GROUP

EDITORS_GROUP = "Editors"
ADMINISTRATORS_GROUP = "Administrators"

# Editors add, change and archive records, but never delete them: URLs and keys must keep working.
RECORD = "add change view"
# Rows of records may be deleted.
ROW = "add change view delete"
LOOKED_UP = "view"

OTHER_RECORDS = ["sources.source", "institutions.city", "institutions.studio", "institutions.agency", "intake.import"]


def rights_of_groups() -> dict[str, list[dict[str, str]]]:
    """Return for each group tables of models and actions."""
    records = [*(kind.model._meta.label_lower for kind in kinds().values()), *OTHER_RECORDS]
    editors = {
        **dict.fromkeys(records, RECORD),
        **dict.fromkeys(row_kinds(), ROW),
        **dict.fromkeys(
            ["sources.pastslug", "sources.linkcheck", "merging.merge", "corrections.confirmationrequest"], LOOKED_UP
        ),
        # Readers and institutions write corrections; editors answer.
        "corrections.correction": "view change",
        "harvest.proposal": "view change",
        # An institution's opt-out of e-mails may be reverted.
        "corrections.nomoreletters": "view delete",
        "corrections.mailbox": ROW,
        "search.suspectedduplicate": "view change",
    }
    administrators_also = {
        **dict.fromkeys(records, "delete"),
        "auth.user": "add change delete view",
        "auth.group": "add change delete view",
        "accounts.countrylimit": "add change delete view",
        "accounts.auditline": LOOKED_UP,
    }
    return {
        EDITORS_GROUP: [editors],
        COUNTRY_EDITORS_GROUP: [editors],
        ADMINISTRATORS_GROUP: [editors, administrators_also],
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
    for name, tables in rights_of_groups().items():
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
