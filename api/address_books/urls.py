"""URLs of address books, in each language."""

from django.urls import path

from . import views

app_name = "address_books"
urlpatterns = [
    path("", views.root, name="root"),
    path("<slug:name>/", views.account, name="account"),
    path("<slug:account_name>/<slug:name>/", views.book, name="book"),
    path("<slug:account_name>/<slug:book_name>/<slug:name>.vcf", views.card, name="card"),
]
