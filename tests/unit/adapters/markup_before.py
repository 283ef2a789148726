"""The same parser with nothing counted: what ordinary texts must look like."""

import nh3
from markdown_it import MarkdownIt

from adapters.markup.html import ATTRIBUTES, SCHEMES, TAGS

_markdown = (
    MarkdownIt("zero", {"html": False, "linkify": True, "breaks": True, "maxNesting": 100})
    .enable(["emphasis", "strikethrough", "backticks", "fence", "blockquote", "list"])
    .enable(["link", "autolink", "linkify", "newline", "escape", "entity"])
)
assert _markdown.linkify is not None
_markdown.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})


def uncounted_html(text: str) -> str:
    return nh3.clean(
        _markdown.render(text),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    ).strip()
