"""The registers, by the name of their origin. A further one is a module and an entry here: see docs/extending.md."""

from .mkrf import Mkrf
from .register import Register
from .ror import Ror
from .wikidata import Wikidata

REGISTERS: dict[str, type[Register]] = {
    register.name: register
    for register in (
        Wikidata,
        Ror,
        Mkrf,
    )
}
