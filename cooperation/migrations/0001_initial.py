import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import languages.partial_dates


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cisfilm", "0001_extensions"),
        ("institutions", "0001_initial"),
        ("people", "0001_initial"),
        ("sources", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Film",
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
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Of release; the planned year for a film not yet released.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1895),
                            django.core.validators.MaxValueValidator(2099),
                        ],
                        verbose_name="year",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("announced", "announced"),
                            ("in-production", "in production"),
                            ("post-production", "in post-production"),
                            ("released", "released"),
                        ],
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                (
                    "directors",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200),
                        blank=True,
                        default=list,
                        help_text="One name per line.",
                        verbose_name="directors",
                    ),
                ),
                (
                    "other_partners",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=300),
                        blank=True,
                        default=list,
                        help_text="Names of bodies that have no record of their own, one per line.",
                        verbose_name="other partners",
                    ),
                ),
                ("summary_en", models.TextField(blank=True, verbose_name="summary")),
                ("summary_ru", models.TextField(blank=True, verbose_name="summary in Russian")),
            ],
            options={
                "verbose_name": "film",
                "verbose_name_plural": "films",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search_words"], gin_pending_list_limit=256, name="film_search_words"
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
                        name="film_letters",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("key__regex", "^[a-z0-9]+(-[a-z0-9]+)*$")),
                        name="film_key_shape",
                        violation_error_message="Use lower-case Latin letters, digits and single hyphens.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("slug__regex", "^[a-z0-9]+(-[a-z0-9]+)*$")),
                        name="film_slug_shape",
                        violation_error_message="Use lower-case Latin letters, digits and single hyphens.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name_en", ""), _negated=True),
                        name="film_name_en_given",
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
                        name="film_native_name_has_language",
                        violation_error_message="A native name needs its language, and a language its name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("publication_state__in", ["draft", "published", "archived"])),
                        name="film_publication_state_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["", "announced", "in-production", "post-production", "released"])
                        ),
                        name="film_status_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("year", None), models.Q(("year__gte", 1895), ("year__lte", 2099)), _connector="OR"
                        ),
                        name="film_year_plausible",
                        violation_error_message="Write the year with four digits.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("round-table", "round table"),
                            ("forum", "forum"),
                            ("festival", "festival"),
                            ("film-days", "film days"),
                            ("market", "film market"),
                            ("signing", "signing"),
                            ("meeting", "meeting"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "start",
                    languages.partial_dates.PartialDateField(
                        blank=True, db_collation="C", max_length=10, null=True, verbose_name="first day"
                    ),
                ),
                (
                    "end",
                    languages.partial_dates.PartialDateField(
                        blank=True, db_collation="C", max_length=10, null=True, verbose_name="last day"
                    ),
                ),
                ("summary_en", models.TextField(blank=True, verbose_name="summary")),
                ("summary_ru", models.TextField(blank=True, verbose_name="summary in Russian")),
                (
                    "city",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="institutions.city",
                        verbose_name="city",
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="institutions.country",
                        verbose_name="country",
                    ),
                ),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search_words"], gin_pending_list_limit=256, name="event_search_words"
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
                        name="event_letters",
                    ),
                    models.Index(
                        models.OrderBy(models.F("start"), descending=True, nulls_last=True), name="event_newest_first"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("key__regex", "^[a-z0-9]+(-[a-z0-9]+)*$")),
                        name="event_key_shape",
                        violation_error_message="Use lower-case Latin letters, digits and single hyphens.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("slug__regex", "^[a-z0-9]+(-[a-z0-9]+)*$")),
                        name="event_slug_shape",
                        violation_error_message="Use lower-case Latin letters, digits and single hyphens.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name_en", ""), _negated=True),
                        name="event_name_en_given",
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
                        name="event_native_name_has_language",
                        violation_error_message="A native name needs its language, and a language its name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("publication_state__in", ["draft", "published", "archived"])),
                        name="event_publication_state_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["round-table", "forum", "festival", "film-days", "market", "signing", "meeting"],
                            )
                        ),
                        name="event_kind_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "start__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="event_start_shape",
                        violation_error_message="Write 2019, 2019-05 or 2019-05-31.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "end__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="event_end_shape",
                        violation_error_message="Write 2019, 2019-05 or 2019-05-31.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "start__lte",
                                django.db.models.functions.text.Concat(
                                    models.F("end"), models.Value("~"), output_field=models.CharField()
                                ),
                            )
                        ),
                        name="event_period",
                        violation_error_message="The end is before the start.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EventName",
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
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="other_names", to="cooperation.event"
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
                "verbose_name": "other name of an event",
                "verbose_name_plural": "other names of an event",
                "ordering": ["kind", "since", "text"],
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("text"), name="gin_trgm_ops"
                        ),
                        name="eventname_letters",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="eventname_text_given",
                        violation_error_message="Give the name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["official", "short", "acronym", "spelling", "former", "automatic"])
                        ),
                        name="eventname_kind_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "since__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="eventname_since_shape",
                        violation_error_message="Write 2019, 2019-05 or 2019-05-31.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "until__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="eventname_until_shape",
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
                        name="eventname_period",
                        violation_error_message="The end is before the start.",
                    ),
                    models.UniqueConstraint(fields=("event", "text", "kind"), name="eventname_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="EventSource",
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
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="record_sources",
                        to="cooperation.event",
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
                "verbose_name": "source of an event",
                "verbose_name_plural": "sources of an event",
                "ordering": ["order", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("supports__len__gt", 0)),
                        name="eventsource_supports_something",
                        violation_error_message="Select at least one fact that the source supports.",
                    ),
                    models.UniqueConstraint(fields=("event", "source"), name="eventsource_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FilmCountry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="film_countries",
                        to="institutions.country",
                        verbose_name="country",
                    ),
                ),
                (
                    "film",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="film_countries",
                        to="cooperation.film",
                    ),
                ),
            ],
            options={
                "verbose_name": "country of a film",
                "verbose_name_plural": "countries of a film",
                "ordering": ["order", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("film", "country"), name="filmcountry_once"),
                ],
            },
        ),
        migrations.AddField(
            model_name="film",
            name="countries",
            field=models.ManyToManyField(
                related_name="films",
                through="cooperation.FilmCountry",
                to="institutions.country",
                verbose_name="countries",
            ),
        ),
        migrations.CreateModel(
            name="FilmInstitution",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role_en", models.CharField(blank=True, max_length=100, verbose_name="part in the film")),
                ("role_ru", models.CharField(blank=True, max_length=100, verbose_name="part in the film, in Russian")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "film",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="film_institutions",
                        to="cooperation.film",
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="film_institutions",
                        to="institutions.institution",
                        verbose_name="institution",
                    ),
                ),
            ],
            options={
                "verbose_name": "partner in a film",
                "verbose_name_plural": "partners in a film",
                "ordering": ["order", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("film", "institution"), name="filminstitution_once"),
                ],
            },
        ),
        migrations.AddField(
            model_name="film",
            name="institutions",
            field=models.ManyToManyField(
                related_name="films", through="cooperation.FilmInstitution", to="institutions.institution"
            ),
        ),
        migrations.CreateModel(
            name="FilmName",
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
                    "film",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="other_names", to="cooperation.film"
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
                "verbose_name": "other title of a film",
                "verbose_name_plural": "other titles of a film",
                "ordering": ["kind", "since", "text"],
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("text"), name="gin_trgm_ops"
                        ),
                        name="filmname_letters",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="filmname_text_given",
                        violation_error_message="Give the name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["official", "short", "acronym", "spelling", "former", "automatic"])
                        ),
                        name="filmname_kind_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "since__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="filmname_since_shape",
                        violation_error_message="Write 2019, 2019-05 or 2019-05-31.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "until__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="filmname_until_shape",
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
                        name="filmname_period",
                        violation_error_message="The end is before the start.",
                    ),
                    models.UniqueConstraint(fields=("film", "text", "kind"), name="filmname_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FilmSource",
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
                    "film",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="record_sources",
                        to="cooperation.film",
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
                "verbose_name": "source of a film",
                "verbose_name_plural": "sources of a film",
                "ordering": ["order", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("supports__len__gt", 0)),
                        name="filmsource_supports_something",
                        violation_error_message="Select at least one fact that the source supports.",
                    ),
                    models.UniqueConstraint(fields=("film", "source"), name="filmsource_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Participation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        blank=True,
                        help_text="Only for a person or institution without a record.",
                        max_length=200,
                        verbose_name="name",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("moderator", "moderator"),
                            ("speaker", "speaker"),
                            ("signatory", "signatory"),
                            ("participant", "participant"),
                        ],
                        default="participant",
                        max_length=12,
                        verbose_name="role",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participations",
                        to="cooperation.event",
                        verbose_name="event",
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participations",
                        to="institutions.institution",
                        verbose_name="institution",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        limit_choices_to={"withheld": False},
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participations",
                        to="people.person",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "participation",
                "verbose_name_plural": "participations",
                "ordering": ["order", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("person__isnull", False),
                            ("institution__isnull", False),
                            models.Q(("name", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="participation_names_somebody",
                        violation_error_message="Give a person, an institution or a name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("person", None), ("name", ""), _connector="OR"),
                        name="participation_name_only_without_person",
                        violation_error_message="A person with a record is named by the record.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["moderator", "speaker", "signatory", "participant"])),
                        name="participation_role_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.UniqueConstraint(
                        fields=("event", "person", "institution", "name", "role"),
                        name="participation_once",
                        nulls_distinct=False,
                        violation_error_message="This participation is already entered.",
                    ),
                ],
            },
        ),
    ]
