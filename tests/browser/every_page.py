"""One address of every kind of page, about records of the real data set that have much to show."""

KINDS_OF_PAGES = {
    "start": "/",
    "about": "/about/",
    "coverage": "/coverage/",
    "search": "/search/?q=film",
    "nothing-found": "/search/?q=zzzzqqqq",
    "institutions": "/institutions/?country=UZ&kind=studio",
    "studios": "/studios/",
    "agencies": "/agencies/",
    "institution": "/institutions/azerbaijanfilm-film-studio-named-after-jafar-jabbarly/",
    "institution-with-stages": "/institutions/national-film-studio-belarusfilm/",
    "compare": "/compare/?record=institution/by-belarusfilm&record=institution/am-armenfilm",
    "countries": "/countries/",
    "country": "/countries/uz/",
    "people": "/people/",
    "person": "/people/nazim-huseynov/",
    "programmes": "/programmes/",
    "programme": "/programmes/film-in-moldova-cash-rebate/",
    "events": "/events/",
    "event": "/events/international-film-forum-living-history/",
    "films": "/films/",
    "film": "/films/khodja-nasreddin/",
    "changes": "/changes/",
    "my-list": "/my-list/",
    "correction": "/corrections/new/?record=institution/by-belarusfilm&fact=founded",
    "suggestion": "/corrections/new/?country=TM&kind=archive",
    "not-found": "/institutions/nobody/",
}
LANGUAGES = ["en", "ru"]
PHONE, DESK = 360, 1280


def in_language(path, language):
    return path if language == "en" else f"/{language}{path}"
