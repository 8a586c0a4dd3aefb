"""Stand-ins of the three registers with fictitious bodies, to try `manage.py harvest` on this machine.

    uv run python -m tests.harvest.sample_registers

serves them until Ctrl-C, and prints the command for each.
"""

import sys
import threading
from contextlib import suppress

from .register_servers import (
    RegisterSite,
    claim,
    cultural_body,
    entity,
    item,
    mkrf_site,
    organization,
    place,
    ror_site,
    text_in,
    time,
    wikidata_site,
)

KEY = "sample"
ASTANA = entity("Q1520", {"en": "Astana", "ru": "Астана", "kk": "Астана"}, kind="")
HEAD = entity("Q900010", {"en": "Dana Fictitious", "ru": "Дана Вымышленная", "kk": "Дана Қиялова"}, kind="", country="")
DEAD = entity("Q900011", {"en": "Old Director"}, claim("P570", time("+1990-01-01T00:00:00Z")), kind="", country="")
STUDIO = entity(
    "Q900001",
    {"en": "Steppe Film Studio", "ru": "Киностудия «Степь»", "kk": "«Дала» киностудиясы", "ja": "ステップ"},
    claim("P856", "https://www.stepfilm.example/en", **{"P407": item("Q1860")}),
    claim("P856", "https://www.stepfilm.example"),
    claim("P856", "https://old.example", **{"P582": time("+2015-00-00T00:00:00Z", 9)}),
    claim("P968", "mailto:info@stepfilm.example"),
    claim("P1329", "+7-727-250-00-01"),
    claim("P1329", "+7-727-250-00-02", "deprecated"),
    claim("P2900", "+7-727-250-00-03", **{"P518": item("Q1520")}),
    claim("P281", None),
    claim("P571", time("+1961-05-00T00:00:00Z", 10)),
    claim("P625", place(51.128201, 71.4306711)),
    claim("P159", item("Q1520"), **{"P6375": text_in("ru", "ул. Вымышленная, 1")}),
    claim("P1037", item("Q900010"), **{"P580": time("+2019-03-01T00:00:00Z")}),
    claim("P1037", item("Q900011"), **{"P580": time("+1961-00-00T00:00:00Z", 9)}),
    claim("P2013", "steppe-film.studio"),
    claim("P2397", "UCqj8k5LTqIeRMW1fGLsPDsA"),
    claim("P1813", text_in("ru", "СФС")),
    claim("P213", "0000 0001 2265 2171"),
    claim("P345", "co0900001"),
)


def sample_wikidata() -> RegisterSite:
    return wikidata_site(STUDIO, ASTANA, HEAD, DEAD)


def sample_ror() -> RegisterSite:
    names = [("Steppe Academy of Cinema", "en", "ror_display"), ("Дала кино академиясы", "kk", "label")]
    website = {"type": "website", "value": "https://stepacademy.example"}
    return ror_site(organization("0zzzzzz99", names, established=1978, links=[website]))


def sample_mkrf() -> RegisterSite:
    phones = [("74950000001", "касса"), ("74950000002", "пресс-служба")]
    contacts = {"website": "https://kinomuzey.example", "email": "info@kinomuzey.example"}
    return mkrf_site(KEY, museums=[cultural_body(1, "Вымышленный музей кино", phones=phones, **contacts)])


def main():
    for name, site in [("wikidata", sample_wikidata()), ("ror", sample_ror()), ("mkrf", sample_mkrf())]:
        key = f"OPENDATA_MKRF_KEY={KEY} " if name == "mkrf" else ""
        command = f"{key}uv run manage.py harvest {name} --base {site.base} --resolve {site.resolve} --pause 0"
        sys.stdout.write(f"{command}\n")
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):
        threading.Event().wait()


if __name__ == "__main__":
    main()
