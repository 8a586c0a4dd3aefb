"""Languages by country and by script."""

# Languages of a country's own names, the preferred one first. Russia's list holds the languages of all its regions.
NATIVE_LANGUAGES = {
    "AM": ("hy",),
    "AZ": ("az",),
    "BY": ("be",),
    "GE": ("ka",),
    "KG": ("ky",),
    "KZ": ("kk",),
    "MD": ("ro",),
    "RU": ("ba", "sah", "tt", "cv", "ce", "os", "udm", "tyv", "bua", "xal"),
    "TJ": ("tg",),
    "TM": ("tk",),
    "TR": ("tr",),
    "UA": ("uk",),
    "UZ": ("uz", "uz-Cyrl"),
}


# Scripts that only one language of the region uses.
LANGUAGE_OF_SCRIPT = {"Armn": "hy", "Geor": "ka"}

# Names by country and language that replace an outdated name in CLDR.
COUNTRY_NAMES = {("KG", "ru"): "Кыргызстан"}
