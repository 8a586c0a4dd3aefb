"""All settings of CISFilm, read from the environment; env.example lists every variable.

Defaults are safe for production. DEVELOPMENT=True (which manage.py and the tests set in a checkout where nothing is
configured) allows what a laptop needs: an embedded database, plain HTTP and a generated key.
"""

import os
from datetime import timedelta
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from languages import of_interface

# How the editors' site writes dates in languages of which Django knows no formats: like English.
from languages.formats.en.formats import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent


def env_bool(name: str, default: bool) -> bool:
    """Return True or False from the environment. Raise ImproperlyConfigured for anything else."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value not in ("True", "False"):
        raise ImproperlyConfigured(f"{name} must be True or False, not {value!r}")
    return value == "True"


def env_int(name: str, default: int) -> int:
    value = os.environ.get(name, str(default))
    if not value.isascii() or not value.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}")
    return int(value)


def env_list(name: str, default: list[str]) -> list[str]:
    """Return comma-separated values, stripped of spaces."""
    value = os.environ.get(name)
    if value is None:
        return default
    items = [item.strip() for item in value.split(",")]
    if not all(items):
        raise ImproperlyConfigured(f"{name} must be a comma-separated list without empty items, not {value!r}")
    return items


# Django -------------------------------------------------------------------------------------------------------------

DEVELOPMENT = env_bool("DEVELOPMENT", False)
DEBUG = env_bool("DEBUG", False)
if DEBUG and not DEVELOPMENT:
    raise ImproperlyConfigured("DEBUG=True shows the inside of the site to visitors; it needs DEVELOPMENT=True")

SECRET_KEY = os.environ.get("SECRET_KEY", "")
if not SECRET_KEY:
    if not DEVELOPMENT:
        raise ImproperlyConfigured("SECRET_KEY is required (or DEVELOPMENT=True on your own machine); see env.example")
    from cisfilm import devdb

    SECRET_KEY = devdb.secret_key()

ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", ["127.0.0.1", "localhost"] if DEVELOPMENT else [])
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS", [])

# Base URL of the site, without a slash at the end, for canonical links and exports.
SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000" if DEVELOPMENT else "")
if not SITE_URL.startswith(("http://", "https://")) or SITE_URL.endswith("/"):
    raise ImproperlyConfigured("SITE_URL is required: the site's address, such as https://example.org")

# E-mail address for objections and corrections.
CONTACT_EMAIL = os.environ.get("CONTACT_EMAIL", "editors@localhost" if DEVELOPMENT else "")
if "@" not in CONTACT_EMAIL:
    raise ImproperlyConfigured("CONTACT_EMAIL is required: people who object to being listed write there")

# Key of the register opendata.mkrf.ru, for `manage.py harvest mkrf`.
OPENDATA_MKRF_KEY = os.environ.get("OPENDATA_MKRF_KEY", "")

# What is kept outside the database, as paths: the list of withheld people, and the folder of backups; "" for none.
WITHHELD_LIST = os.environ.get("WITHHELD_LIST", "")
BACKUP_FOLDER = os.environ.get("BACKUP_FOLDER", "")

# Largest spreadsheet that editors may import, in bytes.
IMPORT_MAX_BYTES = env_int("IMPORT_MAX_MEGABYTES", 5) * 1024 * 1024
IMPORT_MAX_ROWS = env_int("IMPORT_MAX_ROWS", 5_000)

INSTALLED_APPS = [
    "editors.accounts.apps.EditorsAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_filters",
    "phonenumber_field",
    "reversion",
    "cisfilm",
    "languages",
    "web",
    "search",
    "records",
    "records.history",
    "institutions",
    "people",
    "cooperation",
    "exports",
    "harvest",
    "visitors",
    "api",
    "visitors.corrections",
    "dataset",
    "editors",
    "editors.merging",
    "editors.spreadsheets",
    "editors.dashboard",
    "editors.accounts",
]

# Kinds of records with a page of their own, in the order of the navigation: what the site derives from each of them.
RECORD_KINDS = [
    "institutions.kinds.INSTITUTION",
    "institutions.kinds.COUNTRY",
    "people.kinds.PERSON",
    "institutions.kinds.PROGRAMME",
    "cooperation.kinds.EVENT",
    "cooperation.kinds.FILM",
]

MIDDLEWARE = [
    "api.answers.open_to_programs_middleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "web.page_compression.PageGZipMiddleware",
    "search.after_changes.rebuilding_middleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "web.request_limits.request_limits_middleware",
    "web.themes.theme_middleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "languages.control_characters.RefusedTextMiddleware",
]

ROOT_URLCONF = "cisfilm.urls"
WSGI_APPLICATION = "cisfilm.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "web.page_context.page_addresses",
            ],
            # The last one adds the editor's name to forms, beside Django's CSRF token.
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "editors.accounts.templatetags.made_for",
                "records.templatetags.records",
            ],
        },
    },
]
# Templates of the project may override widgets of the filter forms.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

if "DATABASE_URL" in os.environ:
    DATABASES = {"default": dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=60, conn_health_checks=True)}
elif DEVELOPMENT:
    from cisfilm import devdb

    DATABASES = {"default": devdb.database_settings()}
else:
    raise ImproperlyConfigured("DATABASE_URL is required: postgres://user:password@host:5432/name; see env.example")
# Time limits of the web process in seconds: to connect, to wait for a lock, to run a statement. Commands have none; see
# web/waiting.py.
CONNECT_SECONDS = env_int("DATABASE_CONNECT_SECONDS", 3)
LOCK_SECONDS = env_int("DATABASE_LOCK_SECONDS", 5)
STATEMENT_SECONDS = env_int("DATABASE_STATEMENT_SECONDS", 20)
# Memory of each process for public pages; 0 keeps none and sends no ETag. In development templates change without a
# restart.
PAGE_STORE_BYTES = env_int("PAGE_STORE_MEGABYTES", 0 if DEVELOPMENT else 64) * 1024 * 1024
# Login attempts are counted here, for all processes together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        # With Django's default of 300, a few hundred invented names would evict the counts of others.
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# The form of an institution with a hundred rows has more fields than Django's default of 1000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# An import is one file.
DATA_UPLOAD_MAX_NUMBER_FILES = 1

LANGUAGE_CODE = of_interface.LANGUAGES[0].tag
LANGUAGES = [(language.tag, language.own_name) for language in of_interface.LANGUAGES]
# The second folder replaces Russian translations of Django and packages that are missing or decline names wrongly.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale_django"]
FORMAT_MODULE_PATH = "languages.formats"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "collected-static"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEVELOPMENT
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"timed": {"()": "cisfilm.log_lines.TimedFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "timed"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"editors.accounts.audit": {"level": "INFO"}},
}

# E-mail --------------------------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", CONTACT_EMAIL)
if "@" not in DEFAULT_FROM_EMAIL:
    raise ImproperlyConfigured(f"DEFAULT_FROM_EMAIL must be an e-mail address, not {DEFAULT_FROM_EMAIL!r}")
if DEVELOPMENT and "EMAIL_HOST" not in os.environ:
    MAILERS = {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}
else:
    MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": os.environ.get("EMAIL_HOST", "localhost"),
                "port": env_int("EMAIL_PORT", 25),
                "username": os.environ.get("EMAIL_HOST_USER", ""),
                "password": os.environ.get("EMAIL_HOST_PASSWORD", ""),
                "use_tls": env_bool("EMAIL_USE_TLS", False),
                "timeout": 20,
            },
        }
    }

# Security -----------------------------------------------------------------------------------------------------------

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
}
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = not DEVELOPMENT
CSRF_COOKIE_SECURE = not DEVELOPMENT
if not DEVELOPMENT:
    # Browsers accept cookies with these names only from this host over HTTPS, so other hosts of the domain can't set
    # them.
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
SECURE_SSL_REDIRECT = not DEVELOPMENT
SECURE_HSTS_SECONDS = 0 if DEVELOPMENT else env_int("HSTS_SECONDS", 31_536_000)
# Only the owner of all subdomains can promise HTTPS for them, and browsers' preload lists are slow to change.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env_bool("HSTS_INCLUDE_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = env_bool("HSTS_PRELOAD", False)
if SECURE_HSTS_PRELOAD and not (SECURE_HSTS_INCLUDE_SUBDOMAINS and SECURE_HSTS_SECONDS >= 31_536_000):
    raise ImproperlyConfigured("HSTS_PRELOAD needs HSTS_INCLUDE_SUBDOMAINS=True and a year of HSTS_SECONDS")
# Two settings that `check --deploy` asks for; the operator has to decide on them.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
BEHIND_PROXY = env_bool("BEHIND_PROXY", False)
# Number of own proxies, each of which appends one entry to X-Forwarded-For; the first of these is the client's IP
# address. Without a proxy the header is ignored: anybody may send it.
TRUSTED_PROXY_COUNT = env_int("TRUSTED_PROXY_COUNT", 1) if BEHIND_PROXY else 0
if BEHIND_PROXY:
    # Only a proxy that always sets this header itself may be trusted with it.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Login ---------------------------------------------------------------------------------------------------------------

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "account_login"
# Lifetime of links that set a new password, in seconds.
PASSWORD_RESET_TIMEOUT = 4 * 60 * 60
ACCOUNT_ADAPTER = "editors.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# No e-mail is sent to addresses without an account.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# A session ends this long after login, unless the password is given again shortly before.
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_SESSION_COOKIE_AGE = timedelta(hours=12)
# And earlier if no page is used for this long.
EDITORS_IDLE_SECONDS = env_int("EDITORS_IDLE_MINUTES", 120) * 60
CSRF_FAILURE_VIEW = "editors.accounts.kept_forms.csrf_failure"
# The package's defaults also apply, above all ten failed logins a minute from one IP address and five in five minutes
# for one name; failed codes count like failed passwords.
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip"}
# For this long after a login or a repeated password, factors may be changed.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
MFA_ADAPTER = "editors.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# Administrators maintain the e-mail addresses of editors, and no function depends on them.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "CISFilm"
# Tolerates a clock that is half a minute off.
MFA_TOTP_TOLERANCE = 1
# Browsers treat plain HTTP as secure at localhost only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEVELOPMENT

# Dependencies -------------------------------------------------------------------------------------------------------

PHONENUMBER_DB_FORMAT = "E164"
PHONENUMBER_DEFAULT_FORMAT = "INTERNATIONAL"
# Development serves files from their sources, production from STATIC_ROOT.
WHITENOISE_USE_FINDERS = DEVELOPMENT
WHITENOISE_AUTOREFRESH = DEVELOPMENT
FILTERS_EMPTY_CHOICE_LABEL = None
