"""Sites on this machine for tests of clients of other people's sites."""

import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Site(ThreadingHTTPServer):
    """Site whose pages are functions of the request, and the requests it received."""

    daemon_threads = True

    def __init__(self, address="127.0.0.1"):
        super().__init__((address, 0), _Handler)
        self.pages, self.asked, self.headers = {}, [], []
        self.under_way = self.most_at_once = 0
        self.counting = threading.Lock()
        threading.Thread(target=self.serve_forever, args=[0.01], daemon=True).start()

    def url(self, path="/"):
        return f"http://{self.server_address[0]}:{self.server_address[1]}{path}"

    def handle_error(self, request, client_address):
        # The checker breaks connections off on purpose.
        pass


class _Handler(BaseHTTPRequestHandler):
    def answer(self):
        site = self.server
        with site.counting:
            site.under_way += 1
            site.most_at_once = max(site.most_at_once, site.under_way)
        site.asked.append((self.command, self.path))
        site.headers.append(self.headers)
        page = site.pages.get(self.path, 404 if self.path == "/robots.txt" else 200)
        if callable(page):
            page(self)
        else:
            self.say(page)

    do_GET = do_HEAD = answer

    def say(self, status, body=b"", **headers):
        # Before the answer leaves, since the client may then ask again at once.
        with self.server.counting:
            self.server.under_way -= 1
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *args):
        pass


def closing_site(server):
    server.close = lambda: (server.shutdown(), server.server_close())
    return closing(server)


def redirect(to, status=302):
    return lambda handler: handler.say(status, Location=to)
