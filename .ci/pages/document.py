"""What can be seen in the document alone: names of charts, tables and links, order of headings, ids, links that lead
somewhere, and nothing that is loaded from elsewhere."""

import os
from html.parser import HTMLParser
from urllib.parse import unquote


class Page(HTMLParser):
    def __init__(self, folder):
        super().__init__()
        self.folder = folder
        self.ids, self.wanted, self.faults, self.level = set(), [], [], 0
        self.open, self.texts = [], []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if "id" in attributes:
            if attributes["id"] in self.ids:
                self.faults.append(f"id {attributes['id']} occurs twice")
            self.ids.add(attributes["id"])
        if tag == "html" and not attributes.get("lang"):
            self.faults.append("the page has no language")
        if tag in ("script", "img", "iframe", "object", "base") or "src" in attributes:
            self.faults.append(f"<{tag}> asks for something")
        if any(name.startswith("on") for name in attributes):
            self.faults.append(f"<{tag}> has a handler")
        if tag == "svg":
            names = (attributes.get("aria-labelledby") or "").split()
            if attributes.get("role") != "img" or len(names) != 2:
                self.faults.append("a chart has no role or no name")
            self.wanted += names
        if attributes.get("role") == "region" and not attributes.get("aria-label"):
            self.faults.append("a region has no name")
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            if int(tag[1]) > self.level + 1:
                self.faults.append(f"<{tag}> follows a heading of level {self.level}")
            self.level = int(tag[1])
        if tag in ("a", "link"):
            self.link(tag, attributes.get("href") or "")
        if tag in ("caption", "a", "title", "desc", "th", "h1", "h2", "h3", "summary"):
            self.open.append(tag)
            self.texts.append("")

    def link(self, tag, href):
        if href.startswith("#"):
            self.wanted.append(href[1:])
        elif tag == "link" and href != "data:,":
            self.faults.append(f"{href} is asked for")
        elif tag == "a" and not os.path.exists(os.path.join(self.folder, unquote(href))):
            self.faults.append(f"{href} leads nowhere")

    def handle_data(self, data):
        self.texts = [text + data for text in self.texts]

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()
            if not self.texts.pop().strip():
                self.faults.append(f"<{tag}> says nothing")


def faults(html, folder):
    """The faults of a page whose links begin in a folder."""
    page = Page(folder)
    page.feed(html)
    return page.faults + [f"nothing has the id {name}" for name in page.wanted if name not in page.ids]
