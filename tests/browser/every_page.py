"""One URL for every kind of page, for records of the real data set with much content."""

# Of every address that only somebody knows who was told it.
SECRET = "a-secret-for-the-tests"

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
    "check": "/check/",
    "countries": "/countries/",
    "country": "/countries/uz/",
    "people": "/people/",
    "person": "/people/nazim-huseynov/",
    "programmes": "/programmes/",
    "rebates": "/rebates/?country=UZ",
    "programme": "/programmes/film-in-moldova-cash-rebate/",
    "events": "/events/",
    "event": "/events/international-film-forum-living-history/",
    "films": "/films/",
    "film": "/films/khodja-nasreddin/",
    "changes": "/changes/",
    "for-programs": "/for-programs/",
    "address-books": "/address-books/",
    "my-list": "/my-list/",
    "correction": "/corrections/new/?record=institution/by-belarusfilm&fact=founded",
    "suggestion": "/corrections/new/?country=TM&kind=archive",
    "this-is-us": "/this-is-us/ge-mestia/",
    "this-is-us-sent": "/this-is-us/by-belarusfilm/sent/",
    "correction-answered": f"/corrections/{SECRET}/",
    "saved-list": f"/lists/{SECRET}/",
    "saved-list-of-its-owner": f"/lists/{SECRET}/owner/{SECRET}/",
    "confirmation": f"/confirm/{SECRET}/",
    "confirmation-answered": f"/confirm/{SECRET}-answered/",
    "no-more-letters": f"/confirm/{SECRET}/stop/",
    "login": "/account/login/",
    "new-password": "/account/password/forgotten/",
    "not-found": "/institutions/nobody/",
    "bad-request": "/corrections/new/?fact=founded",
}
# Chromium reports every answer that is an error.
ERROR_PAGES = {"not-found", "bad-request"}
LANGUAGES = ["en", "ru"]
PHONE, DESK = 360, 1280


def in_language(path, language):
    return path if language == "en" else f"/{language}{path}"
