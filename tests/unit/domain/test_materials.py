"""Which media the content refers to."""

from tests.factories import an_answer
from wxbot.domain.materials import materials_in
from wxbot.domain.menu import Button, ConditionalMenu, Menu
from wxbot.domain.reply import ImagePart, MiniProgramPart, TextPart, VideoPart, VoicePart
from wxbot.domain.script import Condition, Variant


def test_media_of_answers_and_their_variants_are_found_with_their_kinds() -> None:
    parts = (TextPart("看图"), ImagePart("i"), VoicePart("v"), VideoPart("f", thumb_media_id="t"), VideoPart("g"))
    answer = an_answer("a", "问", *parts, variants=(Variant(Condition(), (MiniProgramPart("m", "wx1", "p", "n"),)),))

    assert materials_in([answer], Menu()) == {
        "i": "image", "v": "voice", "f": "video", "t": "thumb", "g": "video", "n": "thumb",
    }  # fmt: skip


def test_material_of_any_button_is_found_and_published_articles_are_not() -> None:
    deep = Button("更多", items=(Button("图", material=("media_id", "a")), Button("文", material=("article_id", "x"))))
    menu = Menu((deep,), (ConditionalMenu((Button("图", material=("media_id", "b")),)),))

    assert materials_in([], menu) == {"a": "image", "b": "image"}
