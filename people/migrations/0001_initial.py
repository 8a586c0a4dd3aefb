import datetime

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import languages.partial_dates


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cisfilm", "0001_extensions"),
        ("institutions", "0001_initial"),
        ("sources", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "search_words",
                    django.contrib.postgres.search.SearchVectorField(default="", editable=False, serialize=False),
                ),
                ("search_text", models.JSONField(default=dict, editable=False, serialize=False)),
                (
                    "key",
                    models.CharField(
                        help_text="Stable id for imports and exports. Never shown as a name, and never given to another "
                        "record.",
                        max_length=120,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$", "Use lower-case Latin letters, digits and single hyphens."
                            )
                        ],
                        verbose_name="key",
                    ),
                ),
                (
                    "slug",
                    models.CharField(
                        blank=True,
                        help_text="Last part of the page's URL; made from the English name. Old URLs keep working.",
                        max_length=100,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$", "Use lower-case Latin letters, digits and single hyphens."
                            )
                        ],
                        verbose_name="address",
                    ),
                ),
                (
                    "publication_state",
                    models.CharField(
                        choices=[("draft", "draft"), ("published", "published"), ("archived", "archived")],
                        default="draft",
                        help_text="Only published records are on the site. Archive a record instead of deleting it.",
                        max_length=10,
                        verbose_name="publication",
                    ),
                ),
                ("name_en", models.CharField(max_length=300, verbose_name="English name")),
                ("name_ru", models.CharField(blank=True, max_length=300, verbose_name="Russian name")),
                ("name_native", models.CharField(blank=True, max_length=300, verbose_name="native name")),
                (
                    "native_language",
                    models.CharField(
                        blank=True,
                        help_text="Language tag: az, hy, be, kk, ky, ro, tg, tk, uz, uz-Cyrl, ka, uk …",
                        max_length=8,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z]{2,3}(-[A-Z][a-z]{3})?$", "Write a language tag such as kk, az or uz-Cyrl."
                            )
                        ],
                        verbose_name="language of the native name",
                    ),
                ),
                ("sort_key_en", models.TextField(db_collation="C", editable=False)),
                ("sort_key_ru", models.TextField(db_collation="C", editable=False)),
                (
                    "remarks_en",
                    models.TextField(
                        blank=True,
                        help_text="Shown on the page: where sources contradict each other or are unclear.",
                        verbose_name="remarks on the sources",
                    ),
                ),
                ("remarks_ru", models.TextField(blank=True, verbose_name="remarks on the sources, in Russian")),
                (
                    "editors_note",
                    models.TextField(blank=True, help_text="Not shown on the site.", verbose_name="editors' note"),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="entered")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last changed")),
                ("given_name_en", models.CharField(blank=True, max_length=100, verbose_name="given name")),
                ("family_name_en", models.CharField(blank=True, max_length=100, verbose_name="family name")),
                ("patronymic_en", models.CharField(blank=True, max_length=100, verbose_name="patronymic")),
                ("given_name_ru", models.CharField(blank=True, max_length=100, verbose_name="given name in Russian")),
                ("family_name_ru", models.CharField(blank=True, max_length=100, verbose_name="family name in Russian")),
                ("patronymic_ru", models.CharField(blank=True, max_length=100, verbose_name="patronymic in Russian")),
                (
                    "form_of_address_en",
                    models.CharField(blank=True, max_length=100, verbose_name="form of address for letters"),
                ),
                (
                    "form_of_address_ru",
                    models.CharField(blank=True, max_length=100, verbose_name="form of address in Russian"),
                ),
                (
                    "form_of_address_native",
                    models.CharField(blank=True, max_length=100, verbose_name="form of address in the native language"),
                ),
                (
                    "withheld",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="Asked not to be listed: removed from the site and from all files, and never imported "
                        "again.",
                        verbose_name="withheld",
                    ),
                ),
                ("withheld_on", models.DateField(blank=True, editable=False, null=True, verbose_name="withheld on")),
                (
                    "withheld_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("letter", "letter from the person"),
                            ("e-mail", "e-mail from the person"),
                            ("telephone", "telephone call from the person"),
                            ("authority", "decision of a court or authority"),
                            ("editors", "decision of the editors"),
                        ],
                        editable=False,
                        max_length=20,
                        verbose_name="reason",
                    ),
                ),
                ("withheld_note", models.TextField(blank=True, editable=False, verbose_name="note on the reason")),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        help_text="Country of the institutions they represent; empty for international ones.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people",
                        to="institutions.country",
                        verbose_name="country",
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search_words"], gin_pending_list_limit=256, name="person_search_words"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("name_en"), name="gin_trgm_ops"
                        ),
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("name_ru"), name="gin_trgm_ops"
                        ),
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("name_native"), name="gin_trgm_ops"
                        ),
                        name="person_letters",
                    ),
                    models.Index(condition=models.Q(("withheld", True)), fields=["id"], name="person_withheld"),
                    models.Index(
                        fields=["sort_key_en", "key"],
                        include=("id", "publication_state", "withheld"),
                        name="person_by_name_en",
                    ),
                    models.Index(
                        fields=["sort_key_ru", "key"],
                        include=("id", "publication_state", "withheld"),
                        name="person_by_name_ru",
                    ),
                    models.Index(
                        fields=["id"], include=("publication_state", "withheld", "country"), name="person_counting"
                    ),
                    models.Index(
                        condition=models.Q(("publication_state", "draft")),
                        fields=["sort_key_en"],
                        include=("country",),
                        name="person_drafts",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("key__regex", "^[a-z0-9]+(-[a-z0-9]+)*$")),
                        name="person_key_shape",
                        violation_error_message="Use lower-case Latin letters, digits and single hyphens.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("slug__regex", "^[a-z0-9]+(-[a-z0-9]+)*$")),
                        name="person_slug_shape",
                        violation_error_message="Use lower-case Latin letters, digits and single hyphens.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name_en", ""), _negated=True),
                        name="person_name_en_given",
                        violation_error_message="Give the English name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name_native", ""), ("native_language", "")),
                            models.Q(
                                models.Q(("name_native", ""), _negated=True),
                                ("native_language__regex", "^[a-z]{2,3}(-[A-Z][a-z]{3})?$"),
                            ),
                            _connector="OR",
                        ),
                        name="person_native_name_has_language",
                        violation_error_message="A native name needs its language, and a language its name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("publication_state__in", ["draft", "published", "archived"])),
                        name="person_publication_state_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withheld", False),
                            models.Q(("publication_state", "published"), _negated=True),
                            _connector="OR",
                        ),
                        name="person_withheld_is_not_published",
                        violation_error_message="A withheld person can't be published; archive the record.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withheld_reason__in", ["", "letter", "e-mail", "telephone", "authority", "editors"])
                        ),
                        name="person_withheld_reason_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withheld", True),
                            models.Q(("withheld_note", ""), ("withheld_on", None), ("withheld_reason", "")),
                            _connector="OR",
                        ),
                        name="person_reason_only_when_withheld",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=300, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("official", "official name"),
                            ("short", "short name"),
                            ("acronym", "acronym"),
                            ("spelling", "spelling in use"),
                            ("former", "former name"),
                            ("automatic", "automatic romanisation"),
                        ],
                        default="spelling",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        help_text="Language tag, if known.",
                        max_length=8,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z]{2,3}(-[A-Z][a-z]{3})?$", "Write a language tag such as kk, az or uz-Cyrl."
                            )
                        ],
                        verbose_name="language",
                    ),
                ),
                ("script", models.CharField(blank=True, editable=False, max_length=4, verbose_name="script")),
                (
                    "since",
                    languages.partial_dates.PartialDateField(
                        blank=True, db_collation="C", max_length=10, null=True, verbose_name="from"
                    ),
                ),
                (
                    "until",
                    languages.partial_dates.PartialDateField(
                        blank=True, db_collation="C", max_length=10, null=True, verbose_name="until"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="other_names",
                        to="people.person",
                        verbose_name="person",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sources.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "other name of a person",
                "verbose_name_plural": "other names of a person",
                "ordering": ["kind", "since", "text"],
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("text"), name="gin_trgm_ops"
                        ),
                        name="personname_letters",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="personname_text_given",
                        violation_error_message="Give the name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["official", "short", "acronym", "spelling", "former", "automatic"])
                        ),
                        name="personname_kind_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "since__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="personname_since_shape",
                        violation_error_message="Write 2019, 2019-05 or 2019-05-31.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "until__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="personname_until_shape",
                        violation_error_message="Write 2019, 2019-05 or 2019-05-31.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "since__lte",
                                django.db.models.functions.text.Concat(
                                    models.F("until"), models.Value("~"), output_field=models.CharField()
                                ),
                            )
                        ),
                        name="personname_period",
                        violation_error_message="The end is before the start.",
                    ),
                    models.UniqueConstraint(
                        fields=("person", "text", "kind"),
                        name="personname_once",
                        violation_error_message="The person already has this name.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "supports",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        help_text="Names of the facts that the page supports, such as names, founded, address.",
                        verbose_name="supports",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="record_sources", to="people.person"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sources.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "source of a person",
                "verbose_name_plural": "sources of a person",
                "ordering": ["order", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("supports__len__gt", 0)),
                        name="personsource_supports_something",
                        violation_error_message="Select at least one fact that the source supports.",
                    ),
                    models.UniqueConstraint(fields=("person", "source"), name="personsource_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Position",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "body_name",
                    models.CharField(
                        blank=True,
                        help_text="Name of a body that has no record of its own.",
                        max_length=200,
                        verbose_name="other body",
                    ),
                ),
                ("title_en", models.CharField(max_length=200, verbose_name="post")),
                ("title_ru", models.CharField(blank=True, max_length=200, verbose_name="post in Russian")),
                (
                    "title_native",
                    models.CharField(blank=True, max_length=200, verbose_name="post in the native language"),
                ),
                (
                    "native_language",
                    models.CharField(
                        blank=True,
                        max_length=8,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z]{2,3}(-[A-Z][a-z]{3})?$", "Write a language tag such as kk, az or uz-Cyrl."
                            )
                        ],
                        verbose_name="language of the native form",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("head", "head"),
                            ("deputy", "deputy"),
                            ("spokesperson", "spokesperson"),
                            ("international", "international relations"),
                            ("production", "production"),
                            ("festival", "festival"),
                            ("adviser", "adviser"),
                            ("specialist", "specialist"),
                            ("elected", "elected office"),
                            ("other", "other"),
                        ],
                        default="other",
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "seat",
                    models.CharField(
                        blank=True,
                        help_text="One word for a post held by one person at a time, the same for all its holders: "
                        "director, minister, chair. The newest holder is the present one. Empty if several "
                        "people hold such a post at once.",
                        max_length=80,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$", "Use lower-case Latin letters, digits and single hyphens."
                            )
                        ],
                        verbose_name="seat",
                    ),
                ),
                (
                    "since",
                    languages.partial_dates.PartialDateField(
                        blank=True, db_collation="C", max_length=10, null=True, verbose_name="since"
                    ),
                ),
                (
                    "until",
                    languages.partial_dates.PartialDateField(
                        blank=True, db_collation="C", max_length=10, null=True, verbose_name="until"
                    ),
                ),
                (
                    "as_of",
                    languages.partial_dates.PartialDateField(
                        blank=True,
                        db_collation="C",
                        help_text="Date of the newest page that names the person in this post.",
                        max_length=10,
                        null=True,
                        verbose_name="as of",
                    ),
                ),
                (
                    "is_public",
                    models.BooleanField(
                        default=True, help_text="Only public posts are on the site.", verbose_name="public"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("is_shown", models.BooleanField(default=False, editable=False, serialize=False)),
                (
                    "last_seen",
                    languages.partial_dates.PartialDateField(
                        db_collation="C",
                        editable=False,
                        max_length=10,
                        null=True,
                        serialize=False,
                        verbose_name="last seen",
                    ),
                ),
                (
                    "followed_on",
                    languages.partial_dates.PartialDateField(
                        db_collation="C", editable=False, max_length=10, null=True, serialize=False
                    ),
                ),
                ("held_from", models.DateField(default=datetime.date.min, editable=False, serialize=False)),
                ("held_until", models.DateField(default=datetime.date.max, editable=False, serialize=False)),
                ("sure_from", models.DateField(editable=False, null=True, serialize=False)),
                ("sure_until", models.DateField(editable=False, null=True, serialize=False)),
                (
                    "institution",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="positions",
                        to="institutions.institution",
                        verbose_name="institution",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        limit_choices_to={"withheld": False},
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="positions",
                        to="people.person",
                        verbose_name="person",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sources.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "post",
                "verbose_name_plural": "posts",
                "ordering": ["order", "pk"],
                "indexes": [
                    models.Index(fields=["institution", "seat"], name="position_by_seat"),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("title_en"), name="gin_trgm_ops"
                        ),
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("title_ru"), name="gin_trgm_ops"
                        ),
                        name="position_letters",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("institution", None), ("body_name", ""), _connector="XOR"),
                        name="position_at_one_body",
                        violation_error_message="Give the institution, or the name of a body without a record; not both.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title_en", ""), _negated=True),
                        name="position_title_given",
                        violation_error_message="Give the post in English.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "head",
                                    "deputy",
                                    "spokesperson",
                                    "international",
                                    "production",
                                    "festival",
                                    "adviser",
                                    "specialist",
                                    "elected",
                                    "other",
                                ],
                            )
                        ),
                        name="position_role_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seat", ""), ("seat__regex", "^[a-z0-9]+(-[a-z0-9]+)*$"), _connector="OR"),
                        name="position_seat_shape",
                        violation_error_message="Use lower-case Latin letters, digits and single hyphens.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "since__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="position_since_shape",
                        violation_error_message="Write 2019, 2019-05 or 2019-05-31.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "until__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="position_until_shape",
                        violation_error_message="Write 2019, 2019-05 or 2019-05-31.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "as_of__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="position_as_of_shape",
                        violation_error_message="Write 2019, 2019-05 or 2019-05-31.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "since__lte",
                                django.db.models.functions.text.Concat(
                                    models.F("until"), models.Value("~"), output_field=models.CharField()
                                ),
                            )
                        ),
                        name="position_period",
                        violation_error_message="The end is before the start.",
                    ),
                    models.UniqueConstraint(
                        fields=("person", "institution", "body_name", "title_en", "since"),
                        name="position_once",
                        nulls_distinct=False,
                        violation_error_message="The person already has this post from this date.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PositionContact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "checked_on",
                    languages.partial_dates.PartialDateField(
                        blank=True,
                        db_collation="C",
                        editable=False,
                        max_length=10,
                        null=True,
                        verbose_name="checked on",
                    ),
                ),
                (
                    "check_method",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("official-page", "official page"),
                            ("published-page", "published page"),
                            ("telephone", "telephone"),
                            ("letter", "letter"),
                            ("e-mail", "e-mail"),
                            ("public-register", "public register"),
                            ("institution", "confirmed by the institution"),
                        ],
                        editable=False,
                        max_length=20,
                        verbose_name="checked by",
                    ),
                ),
                (
                    "seen_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="seen on the official site on"
                    ),
                ),
                (
                    "seen_url",
                    models.URLField(blank=True, editable=False, max_length=1000, verbose_name="official page"),
                ),
                (
                    "missed",
                    models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="times missed"),
                ),
                (
                    "missed_since",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="missed since"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("phone", "telephone"),
                            ("fax", "fax"),
                            ("email", "e-mail"),
                            ("website", "website"),
                            ("address", "address"),
                            ("telegram", "Telegram"),
                            ("whatsapp", "WhatsApp"),
                            ("instagram", "Instagram"),
                            ("facebook", "Facebook"),
                            ("youtube", "YouTube"),
                            ("vk", "VK"),
                            ("filmfreeway", "FilmFreeway"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("value", models.CharField(max_length=500, verbose_name="number, address or link")),
                ("department", models.CharField(blank=True, max_length=200, verbose_name="department")),
                (
                    "department_ru",
                    models.CharField(blank=True, max_length=200, verbose_name="department in Russian"),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        max_length=8,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z]{2,3}(-[A-Z][a-z]{3})?$", "Write a language tag such as kk, az or uz-Cyrl."
                            )
                        ],
                        verbose_name="language of the address",
                    ),
                ),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            max_length=8,
                            validators=[
                                django.core.validators.RegexValidator(
                                    "^[a-z]{2,3}(-[A-Z][a-z]{3})?$", "Write a language tag such as kk, az or uz-Cyrl."
                                )
                            ],
                        ),
                        blank=True,
                        default=list,
                        help_text="Language tags with commas: ru, az, en.",
                        verbose_name="languages spoken",
                    ),
                ),
                (
                    "is_public",
                    models.BooleanField(
                        default=True, help_text="Only public contacts are on the site.", verbose_name="public"
                    ),
                ),
                ("note", models.TextField(blank=True, help_text="Not shown on the site.", verbose_name="note")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="editor who checked",
                    ),
                ),
                (
                    "position",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="people.position",
                        verbose_name="post",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sources.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact of a post",
                "verbose_name_plural": "contacts of posts",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("value"), name="gin_trgm_ops"
                        ),
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("department"), name="gin_trgm_ops"
                        ),
                        name="positioncontact_letters",
                    ),
                    models.Index(fields=["kind", "value"], name="positioncontact_by_value"),
                    models.Index(
                        condition=models.Q(("is_public", True)),
                        fields=["checked_on", "position"],
                        name="positioncontact_to_check",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "checked_on__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="positioncontact_checked_on_shape",
                        violation_error_message="Write 2019, 2019-05 or 2019-05-31.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "check_method__in",
                                [
                                    "",
                                    "official-page",
                                    "published-page",
                                    "telephone",
                                    "letter",
                                    "e-mail",
                                    "public-register",
                                    "institution",
                                ],
                            )
                        ),
                        name="positioncontact_check_method_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("check_method", ""), ("checked_on", None)),
                            models.Q(("checked_on__isnull", False), models.Q(("check_method", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="positioncontact_check_is_whole",
                        violation_error_message="A check needs a date and a method.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value", ""), _negated=True),
                        name="positioncontact_value_given",
                        violation_error_message="Give the number, address or link.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "phone",
                                    "fax",
                                    "email",
                                    "website",
                                    "address",
                                    "telegram",
                                    "whatsapp",
                                    "instagram",
                                    "facebook",
                                    "youtube",
                                    "vk",
                                    "filmfreeway",
                                ],
                            )
                        ),
                        name="positioncontact_kind_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seen_on", None), ("seen_url", "")),
                            models.Q(("seen_on__isnull", False), models.Q(("seen_url", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="positioncontact_sighting_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("missed", 0), ("missed_since", None)),
                            models.Q(("missed__gt", 0), ("missed_since__isnull", False)),
                            _connector="OR",
                        ),
                        name="positioncontact_miss_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["phone", "fax", "whatsapp"]), _negated=True),
                            ("value__regex", "^\\+[1-9][0-9]{6,14}$"),
                            _connector="OR",
                        ),
                        name="positioncontact_telephone_shape",
                        violation_error_message="Write the number with + and the country code.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "email"), _negated=True),
                            ("value__regex", "^[a-z0-9._%+-]+@[a-z0-9-]+(\\.[a-z0-9-]+)+$"),
                            _connector="OR",
                        ),
                        name="positioncontact_email_shape",
                        violation_error_message="This is not an e-mail address.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "kind__in",
                                    ["website", "telegram", "instagram", "facebook", "youtube", "vk", "filmfreeway"],
                                ),
                                _negated=True,
                            ),
                            ("value__regex", "^https?://[^\\s/]+"),
                            _connector="OR",
                        ),
                        name="positioncontact_page_shape",
                        violation_error_message="Give the full address, with https://.",
                    ),
                    models.UniqueConstraint(
                        fields=("position", "kind", "value"),
                        name="positioncontact_once",
                        violation_error_message="The post already has this contact.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PositionSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "as_of",
                    languages.partial_dates.PartialDateField(
                        blank=True, db_collation="C", max_length=10, null=True, verbose_name="as of"
                    ),
                ),
                (
                    "position",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="older_sources", to="people.position"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sources.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "older source of a post",
                "verbose_name_plural": "older sources of a post",
                "ordering": [models.OrderBy(models.F("as_of"), descending=True, nulls_last=True), "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("position", "source"), name="positionsource_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "as_of__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="positionsource_as_of_shape",
                        violation_error_message="Write 2019, 2019-05 or 2019-05-31.",
                    ),
                ],
            },
        ),
    ]
