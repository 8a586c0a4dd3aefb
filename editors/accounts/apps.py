from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    default = True
    name = "editors.accounts"
    verbose_name = _("Editors and their countries")

    def ready(self):
        from allauth.mfa.signals import authenticator_added
        from django.contrib.auth.signals import user_logged_in
        from django.db.models.signals import post_migrate

        from . import audit, groups, proved, sessions

        audit.listen()
        post_migrate.connect(groups.write_groups, sender=self)
        user_logged_in.connect(sessions.begin)
        authenticator_added.connect(proved.remember_factor)


class EditorsAdminConfig(admin_apps.AdminConfig):
    """Django's admin with the login of this site."""

    default = False
    default_site = "editors.accounts.site.EditorsSite"
