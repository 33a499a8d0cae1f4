"""Files come down whole or not at all, and go up for good (protocol 6.2)."""

from collections.abc import Iterator

import pytest
from flask import Flask, Response

from wxbot.adapters.wechat.transport import MEDIA_LIMIT_BYTES, File, Transport
from wxbot.errors import WeChatError
from wxbot.sandbox.media import sample
from wxbot.sandbox.server import LocalServer

TYPES = {"image": "image/png", "voice": "audio/amr", "video": "video/mp4"}


@pytest.mark.parametrize("kind", TYPES)
def test_a_file_is_fetched_by_its_id_also_where_that_leads_to_an_address(api, platform, kind) -> None:
    medium = platform.world.media.keep(kind, sample(kind))

    assert api.media(medium.media_id) == File(medium.content, TYPES[kind])


def test_a_file_is_fetched_by_its_address(api, platform) -> None:
    medium = platform.world.media.keep("video", sample("video"))

    assert api.media(f"{platform.url}/sandbox/media/{medium.media_id}").content == medium.content


def test_a_file_that_has_expired_is_told_by_its_code(api) -> None:
    with pytest.raises(WeChatError, match="media_id 无效或已过期") as caught:
        api.media("gone")

    assert caught.value.code == 40007


def test_a_rejected_token_is_renewed_for_a_download_too(api, platform, vault) -> None:
    medium = platform.world.media.keep("image", sample("image"))
    vault.put("stale", 7000)

    assert api.media(medium.media_id).content == medium.content


@pytest.mark.parametrize("kind", TYPES)
def test_a_file_that_is_stored_stays(api, platform, kind) -> None:
    media_id = api.material_add(kind, f"a.{kind}", sample(kind), "标题")

    assert platform.world.media.find(media_id).permanent


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """A host that sends too much, or sends away."""
    app = Flask("elsewhere")
    pieces = (b"\x00" * 1024 * 1024 for _ in range(MEDIA_LIMIT_BYTES // 1024 // 1024 + 1))
    app.add_url_rule("/big", "big", lambda: Response(pieces, mimetype="video/mp4"))
    app.add_url_rule("/away", "away", lambda: Response(status=302, headers={"Location": "/big"}))
    server = LocalServer(app)
    server.start()
    yield server.url
    server.stop()


@pytest.mark.parametrize(("path", "why"), [("big", "超过 20 MB"), ("away", "HTTP 302")])
def test_too_much_and_detours_are_refused(elsewhere, path, why) -> None:
    with pytest.raises(WeChatError, match=why):
        Transport("http://127.0.0.1:9").download(f"{elsewhere}/{path}")
