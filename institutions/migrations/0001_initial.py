import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import languages.partial_dates
import records.identifier_types


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cisfilm", "0001_extensions"),
        ("sources", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Country",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=2,
                        primary_key=True,
                        serialize=False,
                        validators=[django.core.validators.RegexValidator("^[A-Z]{2}$", "Two capital letters.")],
                        verbose_name="code",
                    ),
                ),
                (
                    "cis_status",
                    models.CharField(
                        choices=[
                            ("member", "member"),
                            ("associate", "associate member"),
                            ("leaving", "leaving"),
                            ("former", "former member"),
                            ("observer", "observer"),
                            ("none", "not a member"),
                        ],
                        default="none",
                        max_length=10,
                        verbose_name="status in the CIS",
                    ),
                ),
                (
                    "cis_since",
                    languages.partial_dates.PartialDateField(
                        blank=True, db_collation="C", max_length=10, null=True, verbose_name="in the CIS since"
                    ),
                ),
                (
                    "cis_until",
                    languages.partial_dates.PartialDateField(
                        blank=True, db_collation="C", max_length=10, null=True, verbose_name="in the CIS until"
                    ),
                ),
                ("film_law_en", models.TextField(blank=True, verbose_name="film law")),
                ("film_law_ru", models.TextField(blank=True, verbose_name="film law, in Russian")),
                (
                    "remarks_en",
                    models.TextField(
                        blank=True, help_text="Shown on the country's page.", verbose_name="remarks on the sources"
                    ),
                ),
                ("remarks_ru", models.TextField(blank=True, verbose_name="remarks on the sources, in Russian")),
                (
                    "editors_note",
                    models.TextField(blank=True, help_text="Not shown on the site.", verbose_name="editors' note"),
                ),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="last changed")),
            ],
            options={
                "verbose_name": "country",
                "verbose_name_plural": "countries",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Z]{2}$")), name="country_code_shape"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("cis_status__in", ["member", "associate", "leaving", "former", "observer", "none"])
                        ),
                        name="country_cis_status_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "cis_since__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="country_cis_since_shape",
                        violation_error_message="Write 2019, 2019-05 or 2019-05-31.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "cis_until__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="country_cis_until_shape",
                        violation_error_message="Write 2019, 2019-05 or 2019-05-31.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "cis_since__lte",
                                django.db.models.functions.text.Concat(
                                    models.F("cis_until"), models.Value("~"), output_field=models.CharField()
                                ),
                            )
                        ),
                        name="country_cis_period",
                        violation_error_message="The end is before the start.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="City",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        max_length=80,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$", "Use lower-case Latin letters, digits and single hyphens."
                            )
                        ],
                        verbose_name="key",
                    ),
                ),
                ("name_en", models.CharField(max_length=100, verbose_name="English name")),
                ("name_ru", models.CharField(blank=True, max_length=100, verbose_name="Russian name")),
                ("name_native", models.CharField(blank=True, max_length=100, verbose_name="native name")),
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
                        verbose_name="language of the native name",
                    ),
                ),
                (
                    "latitude",
                    models.DecimalField(blank=True, decimal_places=4, max_digits=7, null=True, verbose_name="latitude"),
                ),
                (
                    "longitude",
                    models.DecimalField(
                        blank=True, decimal_places=4, max_digits=7, null=True, verbose_name="longitude"
                    ),
                ),
                (
                    "other_spellings",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100),
                        blank=True,
                        default=list,
                        help_text="Former and foreign names by which people look for the city; not shown on the site.",
                        verbose_name="other spellings",
                    ),
                ),
                (
                    "geonames_id",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Where the coordinates come from.",
                        null=True,
                        unique=True,
                        verbose_name="GeoNames id",
                    ),
                ),
                ("sort_key_en", models.TextField(db_collation="C", editable=False)),
                ("sort_key_ru", models.TextField(db_collation="C", editable=False)),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cities",
                        to="institutions.country",
                        verbose_name="country",
                    ),
                ),
            ],
            options={
                "verbose_name": "city",
                "verbose_name_plural": "cities",
                "ordering": ["sort_key_en"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("key__regex", "^[a-z0-9]+(-[a-z0-9]+)*$")), name="city_key_shape"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name_en", ""), _negated=True),
                        name="city_name_en_given",
                        violation_error_message="Give the English name.",
                    ),
                    models.UniqueConstraint(fields=("country", "name_en"), name="city_once_a_country"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude", None), ("longitude", None)),
                            models.Q(
                                ("latitude__isnull", False),
                                ("longitude__isnull", False),
                                ("latitude__gte", -90),
                                ("latitude__lte", 90),
                                ("longitude__gte", -180),
                                ("longitude__lte", 180),
                            ),
                            _connector="OR",
                        ),
                        name="city_coordinates_whole_and_on_earth",
                        violation_error_message="Latitude must be -90 to 90, longitude -180 to 180; give both or neither.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CountrySource",
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
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="record_sources",
                        to="institutions.country",
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
                "verbose_name": "source of a country",
                "verbose_name_plural": "sources of a country",
                "ordering": ["order", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("supports__len__gt", 0)),
                        name="countrysource_supports_something",
                        violation_error_message="Select at least one fact that the source supports.",
                    ),
                    models.UniqueConstraint(fields=("country", "source"), name="countrysource_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Institution",
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
                            ("studio", "studio"),
                            ("agency", "agency"),
                            ("fund", "fund"),
                            ("ministry", "ministry"),
                            ("archive", "archive"),
                            ("centre", "centre"),
                            ("festival", "festival"),
                            ("school", "school"),
                            ("union", "union"),
                            ("commission", "film commission"),
                            ("museum", "museum"),
                            ("distributor", "distributor"),
                            ("broadcaster", "broadcaster"),
                            ("parliament", "parliament"),
                            ("intergovernmental", "intergovernmental body"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "is_international",
                    models.BooleanField(
                        default=False,
                        help_text="A body of several countries; it has no country of its own.",
                        verbose_name="international",
                    ),
                ),
                (
                    "ownership",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("state", "state"),
                            ("public", "public body"),
                            ("private", "private"),
                            ("mixed", "mixed"),
                        ],
                        max_length=10,
                        verbose_name="ownership",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("active", "active"),
                            ("closed", "closed"),
                            ("renamed", "renamed"),
                            ("merged", "merged"),
                            ("unknown", "not known"),
                        ],
                        default="unknown",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "founded",
                    languages.partial_dates.PartialDateField(
                        blank=True, db_collation="C", max_length=10, null=True, verbose_name="founded"
                    ),
                ),
                (
                    "closed",
                    languages.partial_dates.PartialDateField(
                        blank=True, db_collation="C", max_length=10, null=True, verbose_name="closed"
                    ),
                ),
                (
                    "edition_start",
                    languages.partial_dates.PartialDateField(
                        blank=True,
                        db_collation="C",
                        max_length=10,
                        null=True,
                        verbose_name="first day of the next edition",
                    ),
                ),
                (
                    "edition_end",
                    languages.partial_dates.PartialDateField(
                        blank=True,
                        db_collation="C",
                        max_length=10,
                        null=True,
                        verbose_name="last day of the next edition",
                    ),
                ),
                (
                    "submissions_open",
                    languages.partial_dates.PartialDateField(
                        blank=True, db_collation="C", max_length=10, null=True, verbose_name="opening of submissions"
                    ),
                ),
                (
                    "submissions_close",
                    languages.partial_dates.PartialDateField(
                        blank=True, db_collation="C", max_length=10, null=True, verbose_name="deadline of submissions"
                    ),
                ),
                (
                    "submission_url",
                    models.CharField(
                        blank=True,
                        max_length=500,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^https?://[^\\s/]+", "Give the full address, with https://."
                            )
                        ],
                        verbose_name="page for submissions",
                    ),
                ),
                (
                    "services",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("sound-stages", "sound stages"),
                                ("post-production", "post-production"),
                                ("animation", "animation"),
                                ("documentary", "documentary"),
                                ("costumes", "costumes"),
                                ("props", "props"),
                                ("backlot", "backlot"),
                                ("equipment-rental", "equipment rental"),
                                ("dubbing", "dubbing"),
                                ("laboratory", "laboratory"),
                                ("archive", "archive"),
                                ("location-services", "location services"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        verbose_name="services",
                    ),
                ),
                (
                    "address_local",
                    models.CharField(
                        blank=True,
                        help_text="As written on an envelope within the country.",
                        max_length=300,
                        verbose_name="postal address in local form",
                    ),
                ),
                (
                    "address_latin",
                    models.CharField(
                        blank=True,
                        help_text="For mail from abroad.",
                        max_length=300,
                        verbose_name="postal address in Latin letters",
                    ),
                ),
                ("postal_code", models.CharField(blank=True, max_length=12, verbose_name="postal code")),
                (
                    "latitude",
                    models.DecimalField(blank=True, decimal_places=6, max_digits=8, null=True, verbose_name="latitude"),
                ),
                (
                    "longitude",
                    models.DecimalField(
                        blank=True, decimal_places=6, max_digits=9, null=True, verbose_name="longitude"
                    ),
                ),
                ("description_en", models.TextField(blank=True, verbose_name="description")),
                ("description_ru", models.TextField(blank=True, verbose_name="description in Russian")),
                (
                    "identifiers",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="One in each line: the URL of the page in the register, or its name and the id.",
                        validators=[records.identifier_types.validate_identifiers],
                        verbose_name="ids in registers",
                    ),
                ),
                ("standing", models.PositiveSmallIntegerField(default=0, editable=False, serialize=False)),
                (
                    "city",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="institutions",
                        to="institutions.city",
                        verbose_name="city",
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty only for international bodies.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="institutions",
                        to="institutions.country",
                        verbose_name="country",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="institutions.institution",
                        verbose_name="part of",
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        blank=True,
                        help_text="The institution that took over its work.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="institutions.institution",
                        verbose_name="successor",
                    ),
                ),
            ],
            options={
                "verbose_name": "institution",
                "verbose_name_plural": "institutions",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search_words"], gin_pending_list_limit=256, name="institution_search_words"
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
                        name="institution_letters",
                    ),
                    models.Index(fields=["publication_state", "kind", "country"], name="institution_browsing"),
                    models.Index(
                        fields=["sort_key_en", "key"],
                        include=("id", "publication_state"),
                        name="institution_by_name_en",
                    ),
                    models.Index(
                        fields=["sort_key_ru", "key"],
                        include=("id", "publication_state"),
                        name="institution_by_name_ru",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("identifiers", name="jsonb_path_ops"),
                        fastupdate=False,
                        name="institution_identifiers",
                    ),
                    models.Index(
                        condition=models.Q(("publication_state", "published")),
                        fields=["country", "standing"],
                        name="institution_of_use",
                    ),
                    models.Index(
                        fields=["country", "publication_state"], include=("id", "status"), name="institution_counting"
                    ),
                    models.Index(
                        condition=models.Q(("name_ru", ""), ("publication_state", "published")),
                        fields=["sort_key_en"],
                        include=("country",),
                        name="institution_no_name_ru",
                    ),
                    models.Index(
                        condition=models.Q(("name_native", ""), ("publication_state", "published")),
                        fields=["sort_key_en"],
                        include=("country",),
                        name="institution_no_name_native",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("key__regex", "^[a-z0-9]+(-[a-z0-9]+)*$")),
                        name="institution_key_shape",
                        violation_error_message="Use lower-case Latin letters, digits and single hyphens.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("slug__regex", "^[a-z0-9]+(-[a-z0-9]+)*$")),
                        name="institution_slug_shape",
                        violation_error_message="Use lower-case Latin letters, digits and single hyphens.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name_en", ""), _negated=True),
                        name="institution_name_en_given",
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
                        name="institution_native_name_has_language",
                        violation_error_message="A native name needs its language, and a language its name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("publication_state__in", ["draft", "published", "archived"])),
                        name="institution_publication_state_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "studio",
                                    "agency",
                                    "fund",
                                    "ministry",
                                    "archive",
                                    "centre",
                                    "festival",
                                    "school",
                                    "union",
                                    "commission",
                                    "museum",
                                    "distributor",
                                    "broadcaster",
                                    "parliament",
                                    "intergovernmental",
                                ],
                            )
                        ),
                        name="institution_kind_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ownership__in", ["", "state", "public", "private", "mixed"])),
                        name="institution_ownership_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["active", "closed", "renamed", "merged", "unknown"])),
                        name="institution_status_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("country", None), ("is_international", True)),
                            models.Q(("country__isnull", False), ("is_international", False)),
                            _connector="OR",
                        ),
                        name="institution_has_country_unless_international",
                        violation_error_message="Give the country, or mark the institution as international.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "services__contained_by",
                                [
                                    "sound-stages",
                                    "post-production",
                                    "animation",
                                    "documentary",
                                    "costumes",
                                    "props",
                                    "backlot",
                                    "equipment-rental",
                                    "dubbing",
                                    "laboratory",
                                    "archive",
                                    "location-services",
                                ],
                            )
                        ),
                        name="institution_services_known",
                        violation_error_message="Unknown service.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parent", None), models.Q(("parent", models.F("pk")), _negated=True), _connector="OR"
                        ),
                        name="institution_not_its_own_parent",
                        violation_error_message="An institution can't be part of itself.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("successor", None), models.Q(("successor", models.F("pk")), _negated=True), _connector="OR"
                        ),
                        name="institution_not_its_own_successor",
                        violation_error_message="An institution can't be its own successor.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude", None), ("longitude", None)),
                            models.Q(
                                ("latitude__isnull", False),
                                ("longitude__isnull", False),
                                ("latitude__gte", -90),
                                ("latitude__lte", 90),
                                ("longitude__gte", -180),
                                ("longitude__lte", 180),
                            ),
                            _connector="OR",
                        ),
                        name="institution_coordinates_whole_and_on_earth",
                        violation_error_message="Latitude must be -90 to 90, longitude -180 to 180; give both or neither.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Func(
                                models.F("identifiers"),
                                models.Value(
                                    'strict $ ? (@.type() != "object" || exists(@.keyvalue() ? (@.value.type() != "string" || !((@.key == "wikidata" && @.value like_regex "^(Q[1-9][0-9]{0,11})$") || (@.key == "ror" && @.value like_regex "^(0[a-hj-km-np-tv-z0-9]{6}[0-9]{2})$") || (@.key == "isni" && @.value like_regex "^([0-9]{15}[0-9X])$") || (@.key == "viaf" && @.value like_regex "^([1-9][0-9]{1,21})$") || (@.key == "imdb" && @.value like_regex "^((co|ev)[0-9]{7,10})$") || (@.key == "tmdb" && @.value like_regex "^([1-9][0-9]{0,9})$") || (@.key == "filmfreeway" && @.value like_regex "^([A-Za-z0-9_-]{2,100})$") || (@.key == "ehri" && @.value like_regex "^([a-z]{2}-[0-9]{6})$") || (@.key == "mkrf" && @.value like_regex "^([a-z_]{2,40}/[0-9]{1,15})$") || (@.key == "ogrn" && @.value like_regex "^([0-9]{13}([0-9]{2})?)$") || (@.key == "inn" && @.value like_regex "^([0-9]{9,14})$") || (@.key == "bin" && @.value like_regex "^([0-9]{12})$") || (@.key == "tin" && @.value like_regex "^([0-9]{8,14})$")))))'
                                ),
                                function="jsonb_path_exists",
                                output_field=models.BooleanField(),
                            ),
                            _negated=True,
                        ),
                        name="institution_identifiers_shape",
                        violation_error_message="Write a register and an id, such as wikidata: Q1130457, or paste the URL of the page there.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "founded__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="institution_founded_shape",
                        violation_error_message="Write 2019, 2019-05 or 2019-05-31.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "closed__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="institution_closed_shape",
                        violation_error_message="Write 2019, 2019-05 or 2019-05-31.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "founded__lte",
                                django.db.models.functions.text.Concat(
                                    models.F("closed"), models.Value("~"), output_field=models.CharField()
                                ),
                            )
                        ),
                        name="institution_period",
                        violation_error_message="The end is before the start.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "edition_start__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="institution_edition_start_shape",
                        violation_error_message="Write 2019, 2019-05 or 2019-05-31.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "edition_end__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="institution_edition_end_shape",
                        violation_error_message="Write 2019, 2019-05 or 2019-05-31.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "edition_start__lte",
                                django.db.models.functions.text.Concat(
                                    models.F("edition_end"), models.Value("~"), output_field=models.CharField()
                                ),
                            )
                        ),
                        name="institution_edition_period",
                        violation_error_message="The end is before the start.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "submissions_open__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="institution_submissions_open_shape",
                        violation_error_message="Write 2019, 2019-05 or 2019-05-31.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "submissions_close__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="institution_submissions_close_shape",
                        violation_error_message="Write 2019, 2019-05 or 2019-05-31.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "submissions_open__lte",
                                django.db.models.functions.text.Concat(
                                    models.F("submissions_close"), models.Value("~"), output_field=models.CharField()
                                ),
                            )
                        ),
                        name="institution_submissions_period",
                        violation_error_message="The end is before the start.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("submission_url", ""), ("submission_url__regex", "^https?://[^\\s/]+"), _connector="OR"
                        ),
                        name="institution_submission_url_shape",
                        violation_error_message="Give the full address, with https://.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Agency",
            fields=[],
            options={
                "verbose_name": "agency",
                "verbose_name_plural": "agencies",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("institutions.institution",),
        ),
        migrations.CreateModel(
            name="Studio",
            fields=[],
            options={
                "verbose_name": "studio",
                "verbose_name_plural": "studios",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("institutions.institution",),
        ),
        migrations.CreateModel(
            name="InstitutionContact",
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
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="institutions.institution",
                        verbose_name="institution",
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
                "verbose_name": "contact of an institution",
                "verbose_name_plural": "contacts of institutions",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("value"), name="gin_trgm_ops"
                        ),
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("department"), name="gin_trgm_ops"
                        ),
                        name="institutioncontact_letters",
                    ),
                    models.Index(fields=["kind", "value"], name="institutioncontact_by_value"),
                    models.Index(
                        condition=models.Q(("is_public", True)),
                        fields=["checked_on", "institution"],
                        name="institutioncontact_to_check",
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
                        name="institutioncontact_checked_on_shape",
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
                        name="institutioncontact_check_method_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("check_method", ""), ("checked_on", None)),
                            models.Q(("checked_on__isnull", False), models.Q(("check_method", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="institutioncontact_check_is_whole",
                        violation_error_message="A check needs a date and a method.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value", ""), _negated=True),
                        name="institutioncontact_value_given",
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
                        name="institutioncontact_kind_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seen_on", None), ("seen_url", "")),
                            models.Q(("seen_on__isnull", False), models.Q(("seen_url", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="institutioncontact_sighting_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("missed", 0), ("missed_since", None)),
                            models.Q(("missed__gt", 0), ("missed_since__isnull", False)),
                            _connector="OR",
                        ),
                        name="institutioncontact_miss_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["phone", "fax", "whatsapp"]), _negated=True),
                            ("value__regex", "^\\+[1-9][0-9]{6,14}$"),
                            _connector="OR",
                        ),
                        name="institutioncontact_telephone_shape",
                        violation_error_message="Write the number with + and the country code.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "email"), _negated=True),
                            ("value__regex", "^[a-z0-9._%+-]+@[a-z0-9-]+(\\.[a-z0-9-]+)+$"),
                            _connector="OR",
                        ),
                        name="institutioncontact_email_shape",
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
                        name="institutioncontact_page_shape",
                        violation_error_message="Give the full address, with https://.",
                    ),
                    models.UniqueConstraint(
                        fields=("institution", "kind", "value"),
                        name="institutioncontact_once",
                        violation_error_message="The institution already has this contact.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InstitutionName",
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
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="other_names",
                        to="institutions.institution",
                        verbose_name="institution",
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
                "verbose_name": "other name of an institution",
                "verbose_name_plural": "other names of an institution",
                "ordering": ["kind", "since", "text"],
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("text"), name="gin_trgm_ops"
                        ),
                        name="institutionname_letters",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="institutionname_text_given",
                        violation_error_message="Give the name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["official", "short", "acronym", "spelling", "former", "automatic"])
                        ),
                        name="institutionname_kind_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "since__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="institutionname_since_shape",
                        violation_error_message="Write 2019, 2019-05 or 2019-05-31.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "until__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="institutionname_until_shape",
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
                        name="institutionname_period",
                        violation_error_message="The end is before the start.",
                    ),
                    models.UniqueConstraint(
                        fields=("institution", "text", "kind", "since"),
                        name="institutionname_once",
                        nulls_distinct=False,
                        violation_error_message="The institution already has this name.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InstitutionSource",
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
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="record_sources",
                        to="institutions.institution",
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
                "verbose_name": "source of an institution",
                "verbose_name_plural": "sources of an institution",
                "ordering": ["order", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("supports__len__gt", 0)),
                        name="institutionsource_supports_something",
                        violation_error_message="Select at least one fact that the source supports.",
                    ),
                    models.UniqueConstraint(fields=("institution", "source"), name="institutionsource_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Programme",
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
                            ("cash-rebate", "cash rebate"),
                            ("tax-relief", "tax relief"),
                            ("grant", "grant"),
                            ("state-commission", "state commission"),
                            ("co-production-fund", "co-production fund"),
                            ("script-lab", "script laboratory"),
                            ("exchange", "exchange"),
                            ("forum", "forum"),
                            ("treaty", "treaty"),
                            ("location-service", "location service"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "partners",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=300),
                        blank=True,
                        default=list,
                        help_text="Names of bodies that have no record of their own, one per line.",
                        verbose_name="other partners",
                    ),
                ),
                (
                    "rate_percent",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="rate, %",
                    ),
                ),
                ("minimum_spend", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="minimum spend")),
                ("cap", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="cap")),
                (
                    "currency",
                    models.CharField(
                        blank=True,
                        max_length=3,
                        validators=[django.core.validators.RegexValidator("^[A-Z]{3}$", "Three capital letters.")],
                        verbose_name="currency",
                    ),
                ),
                (
                    "since",
                    languages.partial_dates.PartialDateField(
                        blank=True, db_collation="C", max_length=10, null=True, verbose_name="in force since"
                    ),
                ),
                (
                    "until",
                    languages.partial_dates.PartialDateField(
                        blank=True, db_collation="C", max_length=10, null=True, verbose_name="until"
                    ),
                ),
                (
                    "call_opens",
                    languages.partial_dates.PartialDateField(
                        blank=True, db_collation="C", max_length=10, null=True, verbose_name="opening of the call"
                    ),
                ),
                (
                    "call_closes",
                    languages.partial_dates.PartialDateField(
                        blank=True, db_collation="C", max_length=10, null=True, verbose_name="deadline"
                    ),
                ),
                ("summary_en", models.TextField(blank=True, verbose_name="summary")),
                ("summary_ru", models.TextField(blank=True, verbose_name="summary in Russian")),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programmes",
                        to="institutions.country",
                        verbose_name="country",
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programmes",
                        to="institutions.institution",
                        verbose_name="run by",
                    ),
                ),
                (
                    "partner_institutions",
                    models.ManyToManyField(
                        blank=True,
                        related_name="partner_programmes",
                        to="institutions.institution",
                        verbose_name="partner institutions",
                    ),
                ),
            ],
            options={
                "verbose_name": "programme",
                "verbose_name_plural": "programmes",
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["search_words"], gin_pending_list_limit=256, name="programme_search_words"
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
                        name="programme_letters",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("key__regex", "^[a-z0-9]+(-[a-z0-9]+)*$")),
                        name="programme_key_shape",
                        violation_error_message="Use lower-case Latin letters, digits and single hyphens.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("slug__regex", "^[a-z0-9]+(-[a-z0-9]+)*$")),
                        name="programme_slug_shape",
                        violation_error_message="Use lower-case Latin letters, digits and single hyphens.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name_en", ""), _negated=True),
                        name="programme_name_en_given",
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
                        name="programme_native_name_has_language",
                        violation_error_message="A native name needs its language, and a language its name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("publication_state__in", ["draft", "published", "archived"])),
                        name="programme_publication_state_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "cash-rebate",
                                    "tax-relief",
                                    "grant",
                                    "state-commission",
                                    "co-production-fund",
                                    "script-lab",
                                    "exchange",
                                    "forum",
                                    "treaty",
                                    "location-service",
                                ],
                            )
                        ),
                        name="programme_kind_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rate_percent", None),
                            models.Q(("rate_percent__gte", 1), ("rate_percent__lte", 100)),
                            _connector="OR",
                        ),
                        name="programme_rate_is_a_percentage",
                        violation_error_message="The rate must be 1 to 100 per cent.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cap", None), ("currency", ""), ("minimum_spend", None)),
                            ("currency__regex", "^[A-Z]{3}$"),
                            _connector="OR",
                        ),
                        name="programme_amounts_have_currency",
                        violation_error_message="Amounts need a currency of three letters, such as USD.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "since__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="programme_since_shape",
                        violation_error_message="Write 2019, 2019-05 or 2019-05-31.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "until__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="programme_until_shape",
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
                        name="programme_period",
                        violation_error_message="The end is before the start.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "call_opens__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="programme_call_opens_shape",
                        violation_error_message="Write 2019, 2019-05 or 2019-05-31.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "call_closes__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="programme_call_closes_shape",
                        violation_error_message="Write 2019, 2019-05 or 2019-05-31.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "call_opens__lte",
                                django.db.models.functions.text.Concat(
                                    models.F("call_closes"), models.Value("~"), output_field=models.CharField()
                                ),
                            )
                        ),
                        name="programme_call_period",
                        violation_error_message="The end is before the start.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgrammeName",
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
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="other_names",
                        to="institutions.programme",
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
                "verbose_name": "other name of a programme",
                "verbose_name_plural": "other names of a programme",
                "ordering": ["kind", "since", "text"],
                "abstract": False,
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            django.db.models.functions.text.Upper("text"), name="gin_trgm_ops"
                        ),
                        name="programmename_letters",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="programmename_text_given",
                        violation_error_message="Give the name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["official", "short", "acronym", "spelling", "former", "automatic"])
                        ),
                        name="programmename_kind_known",
                        violation_error_message="Unknown value.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "since__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="programmename_since_shape",
                        violation_error_message="Write 2019, 2019-05 or 2019-05-31.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "until__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="programmename_until_shape",
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
                        name="programmename_period",
                        violation_error_message="The end is before the start.",
                    ),
                    models.UniqueConstraint(fields=("programme", "text", "kind"), name="programmename_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgrammeSource",
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
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="record_sources",
                        to="institutions.programme",
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
                "verbose_name": "source of a programme",
                "verbose_name_plural": "sources of a programme",
                "ordering": ["order", "pk"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("supports__len__gt", 0)),
                        name="programmesource_supports_something",
                        violation_error_message="Select at least one fact that the source supports.",
                    ),
                    models.UniqueConstraint(fields=("programme", "source"), name="programmesource_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Stage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_en", models.CharField(max_length=200, verbose_name="name")),
                ("name_ru", models.CharField(blank=True, max_length=200, verbose_name="name in Russian")),
                ("area_m2", models.PositiveIntegerField(blank=True, null=True, verbose_name="area, m²")),
                (
                    "height_m",
                    models.DecimalField(
                        blank=True, decimal_places=1, max_digits=4, null=True, verbose_name="height, m"
                    ),
                ),
                (
                    "note_en",
                    models.CharField(
                        blank=True, help_text="Shown on the institution's page.", max_length=300, verbose_name="details"
                    ),
                ),
                ("note_ru", models.CharField(blank=True, max_length=300, verbose_name="details in Russian")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stages",
                        to="institutions.institution",
                        verbose_name="institution",
                    ),
                ),
            ],
            options={
                "verbose_name": "sound stage",
                "verbose_name_plural": "sound stages",
                "ordering": ["order", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name_en", ""), _negated=True),
                        name="stage_name_given",
                        violation_error_message="Give the name.",
                    ),
                    models.UniqueConstraint(fields=("institution", "name_en"), name="stage_once"),
                    models.CheckConstraint(
                        condition=models.Q(("area_m2", None), ("area_m2__gt", 0), _connector="OR"),
                        name="stage_area_positive",
                        violation_error_message="The area must be more than zero.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("height_m", None), ("height_m__gt", 0), _connector="OR"),
                        name="stage_height_positive",
                        violation_error_message="The height must be more than zero.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Treaty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name_en", models.CharField(max_length=300, verbose_name="name")),
                ("name_ru", models.CharField(blank=True, max_length=300, verbose_name="name in Russian")),
                (
                    "date",
                    languages.partial_dates.PartialDateField(
                        blank=True,
                        db_collation="C",
                        help_text="Of signing, ratification or force: see note.",
                        max_length=10,
                        null=True,
                        verbose_name="date",
                    ),
                ),
                (
                    "note_en",
                    models.TextField(
                        blank=True, help_text="Shown on the country's page.", verbose_name="what the date means"
                    ),
                ),
                ("note_ru", models.TextField(blank=True, verbose_name="what the date means, in Russian")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                (
                    "country",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="treaties",
                        to="institutions.country",
                        verbose_name="country",
                    ),
                ),
            ],
            options={
                "verbose_name": "co-production treaty",
                "verbose_name_plural": "co-production treaties",
                "ordering": ["order", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name_en", ""), _negated=True),
                        name="treaty_name_given",
                        violation_error_message="Give the name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "date__regex",
                                "^((18|19|20)[0-9]{2}(-((0[1-9]|1[0-2])|(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31))?|((18|19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$",
                            )
                        ),
                        name="treaty_date_shape",
                        violation_error_message="Write 2019, 2019-05 or 2019-05-31.",
                    ),
                    models.UniqueConstraint(fields=("country", "name_en"), name="treaty_once"),
                ],
            },
        ),
    ]
