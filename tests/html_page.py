"""Page as a tree, so that tests look for elements and not for pieces of markup."""

from html.parser import HTMLParser

VOID_TAGS = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Element:
    def __init__(self, tag, attributes):
        self.tag = tag
        self.attributes = attributes
        self.children = []

    def __repr__(self):
        return f"<{self.tag} {self.attributes}> {self.text}"

    @property
    def text(self):
        """Return all text within, with single spaces."""
        parts = (child if isinstance(child, str) else child.text for child in self.children)
        return " ".join(" ".join(parts).split())

    def all(self, tag=None, **attributes):
        """Return the elements below with this tag and these attributes; `class_` names one of the classes."""
        wanted_class = attributes.pop("class_", None)
        for child in self.children:
            if isinstance(child, str):
                continue
            if (
                tag in (None, child.tag)
                and all(child.attributes.get(name) == value for name, value in attributes.items())
                and (wanted_class is None or wanted_class in child.attributes.get("class", "").split())
            ):
                yield child
            yield from child.all(tag, **attributes | ({"class_": wanted_class} if wanted_class else {}))

    def one(self, tag=None, **attributes):
        """Return the only such element."""
        (found,) = self.all(tag, **attributes)
        return found

    def texts(self, tag=None, **attributes):
        return [element.text for element in self.all(tag, **attributes)]

    def section(self, heading_id):
        """Return the section or aside whose heading has this id."""
        return self.one(**{"aria-labelledby": heading_id})


class _Builder(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = [Element("document", {})]

    def handle_starttag(self, tag, attrs):
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID_TAGS:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        # The admin writes <meta … />.
        self.handle_starttag(tag, attrs)
        if tag not in VOID_TAGS:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data):
        self.open[-1].children.append(data)


def html_page(response) -> Element:
    """Return the page of the response as a tree. Fail if an element is left open or closed twice."""
    builder = _Builder()
    builder.feed(response.content.decode())
    builder.close()
    assert len(builder.open) == 1, f"<{builder.open[-1].tag}> is left open"
    return builder.open[0]
