"""Sites of institutions in the styles of the region, served on this machine under fictitious host names.

A site is a YAML file in `sites/`: its country, names, pages, the state and the facts expected of it.
"""

import gzip
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import yaml

from web.site_client import SiteClient

SITES_FOLDER = Path(__file__).parent / "sites"
HOME = "https://cisfilm.example/harvest/"


@dataclass
class StoredSite:
    """A site with what is expected of it. `pages` are by path, or by URL for other hosts."""

    name: str
    country: str
    names: list[str]
    pages: dict
    facts: dict = field(default_factory=dict)
    state: str = "ok"
    departments: dict = field(default_factory=dict)
    left_out: dict = field(default_factory=dict)
    # More than the facts expected is taken rightly, such as the same address in a second language.
    also: dict = field(default_factory=dict)

    @property
    def host(self):
        return f"{self.name}.example"

    def hosts(self):
        return {self.host, *(path.split("/")[2] for path in self.pages if "://" in path)}


def stored_sites(*names) -> list[StoredSite]:
    """Return all sites of the folder, or those of these names."""
    files = sorted(file for file in SITES_FOLDER.glob("*.yaml") if not names or file.stem in names)
    return [StoredSite(file.stem, **yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)) for file in files]


class SiteServer(ThreadingHTTPServer):
    """Server of many sites on one port, told apart by their host names."""

    daemon_threads = True
    request_queue_size = 100

    def __init__(self, sites):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages = {}
        self.hosts = set()
        self.asked = []
        for site in sites:
            self.hosts |= site.hosts()
            for path, page in site.pages.items():
                host, path = (path.split("/")[2], "/" + path.split("/", 3)[3]) if "://" in path else (site.host, path)
                self.pages[host, path] = page if isinstance(page, dict) else {"body": page}
        threading.Thread(target=self.serve_forever, args=[0.01], daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    def client(self, agent="CISFilm-reader", **options) -> SiteClient:
        """Return a client for which these hosts stand here, and which does not pause."""
        pins = {(host, self.port): ["127.0.0.1"] for host in self.hosts}
        return SiteClient(agent, home=HOME, pins=pins, **{"pause": 0, "step_seconds": 5} | options)

    def close(self):
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        # Clients break connections off on purpose.
        pass


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        host = self.headers["Host"].partition(":")[0]
        self.server.asked.append((host, self.path))
        page = self.server.pages.get((host, self.path), {"status": 404, "body": "Not found"})
        if callable(page):
            page(self)
        elif "redirect" in page:
            self._say(302, b"", {"Location": page["redirect"].replace("PORT", str(self.server.port))})
        else:
            body = page["body"].replace(":PORT", f":{self.server.port}").encode(page.get("charset", "utf-8"), "replace")
            headers = {"Content-Type": page.get("type", "text/html; charset=utf-8")}
            if page.get("gzip"):
                body, headers["Content-Encoding"] = gzip.compress(body), "gzip"
            self._say(page.get("status", 200), body, headers)

    def _say(self, status, body, headers):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass
