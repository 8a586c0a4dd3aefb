"""Choosing and loading of institutions."""

from collections.abc import Iterable

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce

from records.base import (
    NameKind,
    RecordQuerySet,
)
from records.contact_types import ContactKind
from records.identifier_types import (
    Identifier,
)

from .choices import ENDED
from .countries import RUSSIA, Country
from .programmes import Programme
from .rows import ANSWERED_KINDS, InstitutionContact, InstitutionName, InstitutionSource, Stage
from .standing import GOVERNING_AND_REACHED

WITH_ADDRESS = ~Q(address_local="") | ~Q(address_latin="")


class InstitutionQuerySet(RecordQuerySet):
    def without_public_contact(self):
        """Return published, active institutions without any public contact."""
        contacts = InstitutionContact.objects.public().filter(institution=OuterRef("pk"))
        return self.published().exclude(status__in=ENDED).filter(~Exists(contacts))

    def without_phone_and_email(self):
        """Return published, active institutions without telephone and e-mail, whatever other contacts they have."""
        answered = InstitutionContact.objects.public().filter(institution=OuterRef("pk"), kind__in=ANSWERED_KINDS)
        return self.published().exclude(status__in=ENDED).filter(~Exists(answered))

    def with_russian_name(self):
        return self.exclude(name_ru="")

    def without_russian_name(self):
        return self.published().filter(name_ru="")

    def with_romanised_name(self):
        """Return published institutions whose English name was only romanised by rule."""
        automatic = InstitutionName.objects.filter(institution=OuterRef("pk"), kind=NameKind.AUTOMATIC)
        return self.published().filter(Exists(automatic.filter(text=OuterRef("name_en"))))

    def without_native_name(self):
        """Return published institutions without a native name, in countries whose own language is not Russian."""
        return self.published().filter(name_native="", country__isnull=False).exclude(country=RUSSIA)

    def without_source(self):
        """Return published institutions without any source."""
        return self.published().filter(~Exists(InstitutionSource.objects.filter(institution=OuterRef("pk"))))

    def with_latest_check(self):
        """Add `latest_check`: when a public contact of the institution was last confirmed."""
        # A subquery and not a join: a join groups the whole list before its first page can be cut off.
        checked = InstitutionContact.objects.public().filter(institution=OuterRef("pk"), checked_on__isnull=False)
        return self.annotate(latest_check=Subquery(checked.order_by("-checked_on").values("checked_on")[:1]))

    def with_public_contact_count(self):
        """Add `public_contact_count`."""
        # A subquery and not a join, for the same reason.
        contacts = InstitutionContact.objects.public().filter(institution=OuterRef("pk")).order_by()
        number = contacts.values("institution").annotate(number=Count("pk")).values("number")
        return self.annotate(public_contact_count=Coalesce(Subquery(number), 0))

    def with_public_contact(self, kinds):
        """Return institutions with a public contact of one of these kinds."""
        return self.filter(
            Exists(InstitutionContact.objects.public().filter(institution=OuterRef("pk"), kind__in=kinds))
        )

    def identified_by(self, identifiers: Iterable[Identifier]):
        """Return institutions with one of these ids in a register."""
        same = [Q(identifiers__contains={register: number}) for register, number in identifiers]
        return self.filter(Q(*same, _connector=Q.OR)) if same else self.none()

    def for_matching(self):
        """Load everything by which a record is recognised in what others say."""
        return self.select_related("country", "city").prefetch_related("other_names", "contacts")

    def with_own_postal_address(self):
        """Return institutions with a postal address that is not a contact."""
        return self.filter(WITH_ADDRESS)

    def with_postal_address(self):
        written = Exists(
            InstitutionContact.objects.public().filter(institution=OuterRef("pk"), kind=ContactKind.ADDRESS)
        )
        return self.filter(WITH_ADDRESS | written)

    def reachable_by(self, ways):
        """Return institutions with at least one of these public contacts; "address" is a postal address."""
        reachable = self.none()
        for way in ways:
            reachable |= self.with_postal_address() if way == ContactKind.ADDRESS else self.with_public_contact([way])
        return reachable

    def checked_within(self, months):
        """Return institutions with a public contact that was confirmed in the last `months` months."""
        checked = InstitutionContact.objects.public().checked_within(months)
        return self.filter(Exists(checked.filter(institution=OuterRef("pk"))))

    def seen_within(self, months):
        """Return institutions with a public contact that their website showed in the last `months` months."""
        seen = InstitutionContact.objects.public().seen_within(months)
        return self.filter(Exists(seen.filter(institution=OuterRef("pk"))))

    def speaking(self, languages):
        """Return institutions with a public contact that answers in one of these languages."""
        contacts = InstitutionContact.objects.public().filter(languages__overlap=languages)
        return self.filter(Exists(contacts.filter(institution=OuterRef("pk"))))

    def with_stage(self, area_m2=0, height_m=0):
        """Return institutions with a sound stage of at least this area and height; what is not known is not counted."""
        stages = Stage.objects.filter(area_m2__gte=area_m2) if area_m2 else Stage.objects.all()
        stages = stages.filter(height_m__gte=height_m) if height_m else stages
        return self.filter(Exists(stages.filter(institution=OuterRef("pk"))))

    def in_country_order(self):
        """Order by country in the reader's language, international bodies last, then by name."""
        names = self.in_name_order().query.order_by
        return self.order_by(Country.objects.rank_by_name("country"), *names)

    def in_order_of_use(self):
        """Order state bodies first, then those that are reached best and were checked last, then by name."""
        return self.order_by("standing", *self.in_name_order().query.order_by)

    def governing(self):
        """Return the state bodies that govern film and can be reached, the best first."""
        return self.filter(standing__lt=GOVERNING_AND_REACHED).in_order_of_use()

    def last_checked_first(self):
        return self.with_latest_check().order_by(
            F("latest_check").desc(nulls_last=True), *self.in_name_order().query.order_by
        )

    def with_public_contacts(self, *, sources=True):
        contacts = InstitutionContact.objects.public().in_reading_order()
        contacts = contacts.select_related("source") if sources else contacts
        return self.prefetch_related(Prefetch("contacts", contacts, to_attr="public_contacts"))

    def for_search(self):
        """Load everything that the search finds an institution by."""
        facts = ["kind", "ownership", "services", "description_en", "description_ru"]
        return self.only_for_search("publication_state", "country", "city", *facts).prefetch_related("city")

    def for_search_results(self):
        """Load everything that a search result shows."""
        return self.select_related("country", "city").prefetch_related("other_names")

    def with_heads(self):
        """Load `heads`: the posts of those who head each institution today."""
        # People stand above institutions.
        posts = self.model._meta.get_field("positions").related_model.objects
        return self.prefetch_related(Prefetch("positions", posts.heads_today(), to_attr="heads"))

    def for_list(self):
        """Load everything that a row of a list shows, with a fixed number of queries."""
        return self.select_related("country", "city").with_public_contacts(sources=False).with_heads()

    def for_comparison(self):
        """Load everything that the comparison of institutions shows."""
        programmes = Programme.objects.published().in_name_order()
        return (
            self.select_related("country", "city")
            .with_public_contacts()
            .prefetch_related("stages", Prefetch("programmes", programmes))
        )

    def for_detail(self):
        """Load everything about the institution itself that its page shows."""
        # Of all kinds, whatever kind a section of the list holds.
        institutions = self.model._meta.concrete_model.objects
        return (
            self.select_related("country", "city")
            .with_public_contacts()
            .prefetch_related(
                # Few institutions have them, and their columns are many.
                "parent",
                "successor",
                Prefetch("other_names", InstitutionName.objects.select_related("source")),
                "stages",
                Prefetch("record_sources", InstitutionSource.objects.select_related("source")),
                Prefetch("programmes", Programme.objects.published().in_name_order()),
                Prefetch("partner_programmes", Programme.objects.published().in_name_order()),
                Prefetch("parts", institutions.published().in_name_order()),
                Prefetch("predecessors", institutions.published().in_name_order()),
            )
        )
