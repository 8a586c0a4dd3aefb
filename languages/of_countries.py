"""Languages by country and by script."""

# The languages of a country's own names, the preferred one first. Russia's are all that its regions use.
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


# Scripts that only one language of the region is written in.
LANGUAGE_OF_SCRIPT = {"Armn": "hy", "Geor": "ka"}

# Names by country and language where CLDR has an older one than the country itself uses.
COUNTRY_NAMES = {("KG", "ru"): "Кыргызстан"}
