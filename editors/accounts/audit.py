"""Audit lines: logins and changes of rights, whatever page, command or code makes them.

Written by signals. Only SQL and bulk updates bypass them, which no code here uses for users and rights.
"""

import logging

from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save

from web.client_limits import client_address

from .models import AuditEvent, AuditLine, CountryLimit

logger = logging.getLogger(__name__)

RIGHTS_OF_USERS = ["is_active", "is_staff", "is_superuser"]


def write(event, *, about="", details=("",)):
    """Write a line for each detail, in the database and, during requests, to the console."""
    request = context.request
    actor = getattr(request, "user", None)
    actor = actor.get_username() if actor and actor.is_authenticated else ""
    address = (client_address(request) or None) if request else None
    lines = [
        AuditLine(event=event, actor=actor, about=about, detail=detail[:250], address=address) for detail in details
    ]
    AuditLine.objects.bulk_create(lines)
    if request:
        for line in lines:
            logger.info("%s: about %r, by %r, from %s (%s)", event, about, actor, address, line.detail)


def note_login(sender, request, user, **kwargs):
    # The request may not have its user yet.
    request.user = user
    write(AuditEvent.LOGGED_IN, about=user.get_username())


def note_failed_login(sender, credentials, **kwargs):
    # An unknown name is not stored: people type passwords into the wrong box.
    name = credentials.get("username", "")
    is_known = get_user_model().objects.filter(username=name).exists()
    write(AuditEvent.LOGIN_FAILED, about=name if is_known else "", details=["password"])


def note_failed_factor(sender, user, authenticator, **kwargs):
    write(AuditEvent.LOGIN_FAILED, about=user.get_username(), details=[authenticator.type])


def note_logout(sender, user, **kwargs):
    if user:
        write(AuditEvent.LOGGED_OUT, about=user.get_username())


def remember_user(sender, instance, update_fields, **kwargs):
    """Remember the user's previous state, to compare after the save."""
    unaffected = update_fields is not None and not {*RIGHTS_OF_USERS, "password"} & set(update_fields)
    instance._before_save = None if unaffected else sender._base_manager.filter(pk=instance.pk).first()


def note_saved_user(sender, instance, created, update_fields, **kwargs):
    name, before = instance.get_username(), instance._before_save
    if created:
        write(AuditEvent.USER_ADDED, about=name)
        before = sender(is_active=True)
    if before is None:
        return
    given = [right for right in RIGHTS_OF_USERS if getattr(instance, right) and not getattr(before, right)]
    taken = [right for right in RIGHTS_OF_USERS if getattr(before, right) and not getattr(instance, right)]
    write(AuditEvent.RIGHTS_GIVEN, about=name, details=given)
    write(AuditEvent.RIGHTS_TAKEN, about=name, details=taken)
    # At login Django may rehash the same password.
    rehashed = update_fields is not None and set(update_fields) == {"password"} and instance._password is None
    if not created and instance.password != before.password and not rehashed:
        write(AuditEvent.PASSWORD_CHANGED, about=name)


def note_deleted_user(sender, instance, **kwargs):
    write(AuditEvent.USER_DELETED, about=instance.get_username())


def note_changed_rights(sender, instance, action, reverse, model, pk_set, **kwargs):
    """Write lines for groups of users and permissions of both, from whichever side they are changed."""
    if action not in ("post_add", "post_remove", "pre_clear"):
        return
    event = AuditEvent.RIGHTS_GIVEN if action == "post_add" else AuditEvent.RIGHTS_TAKEN
    others = model._base_manager.all()
    others = others.filter(**({"pk__in": pk_set} if pk_set is not None else _related_to(sender, instance, model)))
    if reverse:
        for holder in others:
            write(event, about=str(holder), details=[_right(instance)])
    else:
        write(event, about=str(instance), details=[_right(other) for other in others])


def _related_to(through, instance, model):
    columns = {field.related_model: field.name for field in through._meta.fields if field.is_relation}
    rows = through._base_manager.filter(**{columns[type(instance)]: instance})
    return {"pk__in": rows.values(columns[model])}


def _right(right):
    if isinstance(right, Group):
        return right.name
    codename, app_label, _model = right.natural_key()
    return f"{app_label}.{codename}"


def remember_limit(sender, instance, **kwargs):
    instance._before_save = sender._base_manager.filter(pk=instance.pk).first() if instance.pk else None


def note_saved_limit(sender, instance, **kwargs):
    before = instance._before_save
    if before and before.country_code != instance.country_code:
        write(AuditEvent.LIMIT_LIFTED, about=str(before.user), details=[before.country_code])
    if before is None or before.country_code != instance.country_code:
        write(AuditEvent.LIMIT_SET, about=str(instance.user), details=[instance.country_code])


def note_deleted_limit(sender, instance, **kwargs):
    write(AuditEvent.LIMIT_LIFTED, about=str(instance.user), details=[instance.country_code])


def note_saved_factor(sender, instance, created, **kwargs):
    if created:
        write(AuditEvent.FACTOR_ADDED, about=str(instance.user), details=[instance.type])


def note_deleted_factor(sender, instance, **kwargs):
    write(AuditEvent.FACTOR_REMOVED, about=str(instance.user), details=[instance.type])


def listen():
    user = get_user_model()
    user_logged_in.connect(note_login)
    user_login_failed.connect(note_failed_login)
    user_logged_out.connect(note_logout)
    authentication_failed.connect(note_failed_factor)
    pre_save.connect(remember_user, sender=user)
    post_save.connect(note_saved_user, sender=user)
    post_delete.connect(note_deleted_user, sender=user)
    for through in [user.groups.through, user.user_permissions.through, Group.permissions.through]:
        m2m_changed.connect(note_changed_rights, sender=through)
    pre_save.connect(remember_limit, sender=CountryLimit)
    post_save.connect(note_saved_limit, sender=CountryLimit)
    post_delete.connect(note_deleted_limit, sender=CountryLimit)
    post_save.connect(note_saved_factor, sender=Authenticator)
    post_delete.connect(note_deleted_factor, sender=Authenticator)
