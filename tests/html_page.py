"""Page as a tree, so that tests look for elements and not for pieces of markup."""

import re

from lxml import etree

VOID_TAGS = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/>]*)(?:"[^"]*"|'[^']*'|[^"'>])*?(/?)>""")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


class Element:
    """An element of lxml's, with attributes by name; one without a value, as `checked`, has its name for it."""

    def __init__(self, node):
        self.node, self.tag, self.attributes = node, node.tag, node.attrib

    def __repr__(self):
        return f"<{self.tag} {self.attributes}> {self.text}"

    @property
    def text(self):
        """Return all text within, with single spaces."""
        return " ".join(" ".join(self.node.itertext()).split())

    def all(self, tag=None, **attributes):
        """Return the elements below with this tag and these attributes; `class_` names one of the classes."""
        wanted_class = attributes.pop("class_", None)
        for node in self.node.iterdescendants(tag or etree.Element):
            if all(node.get(name) == value for name, value in attributes.items()) and (
                wanted_class is None or wanted_class in node.get("class", "").split()
            ):
                yield Element(node)

    def one(self, tag=None, **attributes):
        """Return the only such element."""
        (found,) = self.all(tag, **attributes)
        return found

    def texts(self, tag=None, **attributes):
        return [element.text for element in self.all(tag, **attributes)]

    def section(self, heading_id):
        """Return the section or aside whose heading has this id."""
        return self.one(**{"aria-labelledby": heading_id})


def html_page(response) -> Element:
    """The page of the response as a tree, parsed once. Fails when an element is left open or closed twice."""
    if not hasattr(response, "tree_of_tests"):
        text = COMMENT.sub("", response.content.decode())
        _assert_closed(text)
        document = etree.Element("document")
        document.append(etree.fromstring(text, etree.HTMLParser()))
        response.tree_of_tests = Element(document)
    return response.tree_of_tests


def _assert_closed(text):
    """libxml2 closes by itself what is left open."""
    still_open = []
    for closing, tag, closed_itself in TAG.findall(text):
        if closing:
            assert still_open, f"</{tag}> closes nothing"
            assert still_open.pop() == tag, f"</{tag}> closes another element"
        elif not closed_itself and tag not in VOID_TAGS:
            still_open.append(tag)
    assert not still_open, f"<{still_open[-1]}> is left open"
