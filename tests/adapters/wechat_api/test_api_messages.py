"""What the bot sends, as it arrives (protocol 4.4)."""

import pytest

from tests.adapters.wechat_api.conftest import FOLLOWER
from wxbot.domain.reply import ArticlePart, ImagePart, MiniProgramPart, TextPart, VideoPart, VoicePart
from wxbot.domain.staffing import OnlineAgent
from wxbot.errors import WeChatError

PARTS = {
    "text": (
        TextPart('第一行\n<a href="https://e.com">链接</a> 😀'),
        {"content": '第一行\n<a href="https://e.com">链接</a> 😀'},
    ),
    "image": (ImagePart("M"), {"media_id": "M"}),
    "voice": (VoicePart("M"), {"media_id": "M"}),
    "video": (
        VideoPart("M", "标题", "说明", "M"),
        {"media_id": "M", "thumb_media_id": "M", "title": "标题", "description": "说明"},
    ),
    "news": (
        ArticlePart("标题", "https://e.com", "说明", "https://e.com/a.jpg"),
        {
            "articles": [
                {"title": "标题", "description": "说明", "url": "https://e.com", "picurl": "https://e.com/a.jpg"}
            ]
        },
    ),
    "miniprogrampage": (
        MiniProgramPart("标题", "wx1", "pages/a?x=1", "M"),
        {"title": "标题", "appid": "wx1", "pagepath": "pages/a?x=1", "thumb_media_id": "M"},
    ),
}


@pytest.mark.parametrize(("kind", "part", "content"), [(kind, *row) for kind, row in PARTS.items()], ids=PARTS)
def test_every_part_arrives_as_its_type(api, platform, kind, part, content):
    platform.messages.media.add("M")

    api.send(FOLLOWER, part)

    assert platform.inbox(FOLLOWER)[0].body == {"touser": FOLLOWER, "msgtype": kind, kind: content}


def test_a_video_without_thumb_is_sent_without_one(api, platform):
    platform.messages.media.add("M")

    api.send(FOLLOWER, VideoPart("M"))

    assert platform.inbox(FOLLOWER)[0].body["video"] == {"media_id": "M"}


def test_control_characters_are_left_out_and_backslashes_kept(api, platform):
    api.send(FOLLOWER, TextPart("a\x08b\x1f C:\\u0041\n"))

    assert platform.inbox(FOLLOWER)[0].body["text"]["content"] == "ab C:\\u0041\n"


def test_a_used_up_window_is_told_with_its_code(api):
    for _ in range(5):
        api.send(FOLLOWER, TextPart("您好"))

    with pytest.raises(WeChatError, match="条数用完") as raised:
        api.send(FOLLOWER, TextPart("您好"))

    assert (raised.value.code, raised.value.retryable, raised.value.delivered) == (45047, False, "no")


def test_typing_twice_is_no_error(api, platform):
    api.typing(FOLLOWER)
    api.typing(FOLLOWER)

    assert platform.followers.get(FOLLOWER).typing_since > 0


def test_typing_for_somebody_who_is_away_is_refused(api, platform):
    platform.followers.get(FOLLOWER).last_exchange = 0

    with pytest.raises(WeChatError, match="45080"):
        api.typing(FOLLOWER)


def test_online_agents_come_with_their_load(api, platform):
    platform.agents.hire("kf1@shop")
    platform.agents.hire("kf2@shop", online=False)
    platform.desk.accept(FOLLOWER, "kf1@shop")

    assert api.desk.online_agents() == [OnlineAgent("kf1@shop", serving=1)]
