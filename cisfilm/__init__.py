"""The project: settings, URLs, WSGI, checks of the database, the embedded database server, the demo."""
