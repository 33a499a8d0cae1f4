"""What is read without a parser is what a parser reads."""

from xml.parsers.expat import ExpatError

import pytest
import xmltodict
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.wechat.factories import a_text
from wxbot.adapters.wechat.markup import _flat, elements, legal

_PIECES = st.sampled_from(
    [
        *(
            "<xml>",
            "</xml>",
            "<a>",
            "</a>",
            "<a >",
            "</a >",
            "<a b='1'>",
            "<a/>",
            "<b>",
            "</b>",
            "<爱>",
            "</爱>",
            "<1>",
        ),
        *("<![CDATA[", "]]>", "]", "]]", ">", "&amp;", "&#65;", "&", "<", "<!-- - -->", "<?p?>", "\ufeff", "<?xml?>"),
        *(" ", "\n", "\r\n", "\t", "\u3000", "\x00", "\x1c", "\x85", "\ud800", "爱", "😀", "x", "<![CDATA[爱]x]]>"),
    ]
)
_SOUP = st.lists(_PIECES, max_size=12).map("".join)
_WORDS = st.text(st.characters(exclude_categories=()), max_size=12) | _SOUP
_ELEMENT = st.builds(
    "{1}<{0}>{2}</{0}>".format,
    st.sampled_from(["a", "b", "Content", "_c", "xml"]),
    st.sampled_from(["", "\n", " "]),
    _WORDS | _WORDS.map("<![CDATA[{}]]>".format),
)
_DOCUMENTS = _SOUP.map("<xml>{}</xml>".format) | st.lists(_ELEMENT, max_size=4).map("".join).map("<xml>{}</xml>".format)


def by_parser(xml):
    try:
        found = xmltodict.parse(legal(xml))["xml"]
    except ExpatError:
        return None
    return found if isinstance(found, dict) else None


def by_us(xml):
    try:
        return elements(xml)
    except ValueError:
        return None


@settings(max_examples=1500)
@given(xml=_DOCUMENTS)
def test_any_document_is_read_as_a_parser_reads_it(xml):
    assert by_us(xml) == by_parser(xml)


@pytest.mark.parametrize("content", ["你好 [捂脸] ]] <a>&", "", " \n", "]]]]"])
def test_a_message_as_wechat_writes_it_needs_no_parser(content):
    assert _flat(a_text(content)) == by_parser(a_text(content))
