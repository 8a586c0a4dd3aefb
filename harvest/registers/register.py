"""Interface of a register, and the body that it describes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from institutions.models import Country, Institution
from search.models import NamedText

from .client import RegisterClient


@dataclass(frozen=True)
class Said:
    """One fact as a register says it; `harvest.facts` tells the shapes of values."""

    fact: str
    value: dict
    # The statement as the register has it.
    quotation: str = ""


@dataclass
class Body:
    """Body of a register, and what the register says of it."""

    # Of the register itself first.
    identifiers: dict[str, str]
    # Page or answer of the register about it, for editors to look at.
    url: str
    # Ids that the body had in the register before.
    former_ids: tuple[str, ...] = ()
    # The likeliest first in each language. Tags are those of records; "" where the register has none.
    names: list[NamedText] = field(default_factory=list)
    official_names: list[NamedText] = field(default_factory=list)
    acronyms: list[NamedText] = field(default_factory=list)
    # Further spellings, by which it is recognised and which are not proposed.
    aliases: list[NamedText] = field(default_factory=list)
    # Kind of an institution; "" where the register does not tell, and then it is never proposed as a new one.
    kind: str = ""
    # Whether it does not exist any more.
    has_ended: bool = False
    websites: list[str] = field(default_factory=list)
    # Names of its city.
    city: list[NamedText] = field(default_factory=list)
    # Ids of its parent in registers.
    parent: dict[str, str] = field(default_factory=dict)
    facts: list[Said] = field(default_factory=list)

    @property
    def own(self) -> tuple[str, str]:
        """Return the register and the id of the body there."""
        return next(iter(self.identifiers.items()))

    @property
    def all_names(self) -> list[NamedText]:
        return list(dict.fromkeys([*self.names, *self.official_names, *self.acronyms, *self.aliases]))

    @property
    def name(self) -> str:
        by_language = {name.language: name.text for name in reversed(self.names)}
        return by_language.get("en") or by_language.get("ru") or next((name.text for name in self.names), "")


class Register(Protocol):
    """Register of bodies. `name` is that of its origin in `harvest.origins`."""

    name: str
    # ISO codes of the countries that it covers; None for all.
    countries: frozenset[str] | None

    def ask(self, client: RegisterClient, country: Country, ours: Iterable[Institution]) -> Iterator[Body]:
        """Return bodies in the country that may be film institutions. Raise RegisterError.

        `ours` are the records there, with names and contacts, to ask for them by name, website or id.
        """
