"""Choices of an institution's fields."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class InstitutionKind(models.TextChoices):
    STUDIO = "studio", _("studio")
    AGENCY = "agency", _("agency")
    FUND = "fund", _("fund")
    MINISTRY = "ministry", _("ministry")
    ARCHIVE = "archive", _("archive")
    CENTRE = "centre", _("centre")
    FESTIVAL = "festival", _("festival")
    SCHOOL = "school", _("school")
    UNION = "union", _("union")
    COMMISSION = "commission", _("film commission")
    MUSEUM = "museum", _("museum")
    DISTRIBUTOR = "distributor", _("distributor")
    BROADCASTER = "broadcaster", _("broadcaster")
    PARLIAMENT = "parliament", _("parliament")
    INTERGOVERNMENTAL = "intergovernmental", _("intergovernmental body")


# Headings over several kinds of institutions.
KIND_HEADINGS = {
    InstitutionKind.STUDIO: _("Studios"),
    InstitutionKind.AGENCY: _("Agencies"),
    InstitutionKind.FUND: _("Funds"),
    InstitutionKind.MINISTRY: _("Ministries"),
    InstitutionKind.ARCHIVE: _("Archives"),
    InstitutionKind.CENTRE: _("Centres"),
    InstitutionKind.FESTIVAL: _("Festivals"),
    InstitutionKind.SCHOOL: _("Schools"),
    InstitutionKind.UNION: _("Unions"),
    InstitutionKind.COMMISSION: _("Film commissions"),
    InstitutionKind.MUSEUM: _("Museums"),
    InstitutionKind.DISTRIBUTOR: _("Distributors"),
    InstitutionKind.BROADCASTER: _("Broadcasters"),
    InstitutionKind.PARLIAMENT: _("Parliaments"),
    InstitutionKind.INTERGOVERNMENTAL: _("Intergovernmental bodies"),
}


# Of these, state bodies govern film; in lists they come first, and then the state bodies that people look for next.
GOVERNING_KINDS = [
    InstitutionKind.MINISTRY,
    InstitutionKind.AGENCY,
    InstitutionKind.FUND,
    InstitutionKind.COMMISSION,
    InstitutionKind.PARLIAMENT,
    InstitutionKind.INTERGOVERNMENTAL,
]
STATE_KINDS = [InstitutionKind.STUDIO, InstitutionKind.ARCHIVE, InstitutionKind.CENTRE]
# State bodies even where their ownership is not known.
STATE_BY_KIND = [InstitutionKind.MINISTRY, InstitutionKind.PARLIAMENT]


class Ownership(models.TextChoices):
    STATE = "state", _("state")
    PUBLIC = "public", _("public body")
    PRIVATE = "private", _("private")
    MIXED = "mixed", _("mixed")


class InstitutionStatus(models.TextChoices):
    ACTIVE = "active", _("active")
    CLOSED = "closed", _("closed")
    RENAMED = "renamed", _("renamed")
    MERGED = "merged", _("merged")
    UNKNOWN = "unknown", _("not known")


# Statuses of institutions that no longer exist under this entry.
ENDED = [InstitutionStatus.CLOSED, InstitutionStatus.RENAMED, InstitutionStatus.MERGED]


class Service(models.TextChoices):
    SOUND_STAGES = "sound-stages", _("sound stages")
    POST_PRODUCTION = "post-production", _("post-production")
    ANIMATION = "animation", _("animation")
    DOCUMENTARY = "documentary", _("documentary")
    COSTUMES = "costumes", _("costumes")
    PROPS = "props", _("props")
    BACKLOT = "backlot", _("backlot")
    EQUIPMENT_RENTAL = "equipment-rental", _("equipment rental")
    DUBBING = "dubbing", _("dubbing")
    LABORATORY = "laboratory", _("laboratory")
    ARCHIVE = "archive", _("archive")
    LOCATION_SERVICES = "location-services", _("location services")
