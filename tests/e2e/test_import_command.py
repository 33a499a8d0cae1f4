"""`wxbot import` from what was set in the back office to the operators' files, over the platform's API."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from click.testing import CliRunner, Result

from tests.e2e.processes import REPOSITORY, Newcomer
from wxbot.adapters.content import load
from wxbot.entrypoints.cli import cli
from wxbot.sandbox.media import sample
from wxbot.sandbox.platform import Platform

Json = dict[str, Any]
APPID, SECRET = "wx0123456789abcdef", "0123456789abcdef0123456789abcdef"
CREDENTIALS = {"WECHAT_APPID": APPID, "WECHAT_APPSECRET": SECRET}
MEDIA = {"img": "image", "voice": "voice", "video": "video"}
MENUS = "# 我们的\nversion: 1\naccount: {name: 小店}   # 名字\n"


def a_rule(name: str, keywords: dict[str, str], *replies: Json, mode: str = "reply_all") -> Json:
    """keywords: how each has to match."""
    listed = [{"type": "text", "match_mode": match, "content": text} for text, match in keywords.items()]
    return {
        "rule_name": name,
        "create_time": 1423028166,
        "reply_mode": mode,
        "keyword_list_info": listed,
        "reply_list_info": list(replies),
    }


def a_text(content: str) -> Json:
    return {"type": "text", "content": content}


def an_article(title: str, url: str = "https://mp.weixin.qq.com/s/1") -> Json:
    return {
        "title": title,
        "author": "小店",
        "digest": "摘要",
        "show_cover": 1,
        "cover_url": "https://mmbiz.qpic.cn/1.jpg",
        "content_url": url,
        "source_url": "",
    }


@dataclass
class Operator:
    """At a terminal, with an account whose menu and replies were made by hand."""

    folder: Path
    platform: Platform

    def runs(self, *words: str, typed: str = "") -> Result:
        return CliRunner().invoke(cli, ["--content", str(self.folder), *words], input=typed)

    def imports(self, *words: str, typed: str = "") -> Result:
        return self.runs("import", *words, typed=typed)

    def has_replies(self, *rules: Json, **others: Any) -> None:
        replies = {"is_add_friend_reply_open": 1, "is_autoreply_open": 1, **others}
        self._arrange("autoreplies", {**replies, "keyword_autoreply_info": {"list": list(rules)}})

    def has_menu(self, *buttons: Json) -> None:
        self._arrange("menu", {"button": list(buttons)})

    def has_medium(self, kind: str) -> str:
        """Its temporary id."""
        return self.platform.world.media.keep(kind, sample(kind)).media_id

    def fails_to_store(self) -> None:
        """Once."""
        self._arrange("faults", {"path": "cgi-bin/material/add_material", "kind": "refuse", "value": 45009})

    @property
    def menus(self) -> str:
        return (self.folder / "menus.yaml").read_text("utf-8")

    @property
    def answers(self) -> str:
        path = self.folder / "answers/imported.yaml"
        return path.read_text("utf-8") if path.exists() else ""

    @property
    def by_id(self) -> Json:
        return {entry["id"]: entry for entry in yaml.safe_load(self.answers)["answers"]}

    def _arrange(self, what: str, body: Json) -> None:
        assert requests.post(f"{self.platform.url}/sandbox/{what}", json=body, timeout=5).ok


@pytest.fixture
def operator(tmp_path: Path, platform: Platform) -> Operator:
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "menus.yaml").write_text(MENUS, encoding="utf-8")
    return Operator(folder, platform)


class TestReplies:
    def test_keywords_become_phrasings_by_how_they_match(self, operator) -> None:
        operator.has_replies(
            a_rule("价格 规则", {"多少钱": "contain", "价格": "equal", "报价": "contain"}, a_text("十元。"))
        )

        result = operator.imports("--yes")

        assert result.exit_code == 0, result.output
        assert operator.answers == (
            "category: 常见问题\n\nanswers:\n"
            "  # 来自关键词规则“价格 规则”\n"
            "  - id: 价格-规则\n    question: 价格\n    similar:\n      - 多少钱\n      - 报价\n    answer: 十元。\n"
            "    exact:\n      - 价格\n    keywords:\n      - 多少钱\n      - 报价\n"
        )

    def test_greeting_and_default_reply_become_wordings(self, operator) -> None:
        operator.has_replies(
            add_friend_autoreply_info=a_text("欢迎！\r\n回复{1}看价格"),
            message_default_autoreply_info=a_text("没听懂{哦}"),
        )

        operator.imports("--yes")

        script = load(operator.folder).script
        assert operator.menus.startswith(MENUS)
        assert script.welcome.first.text == "欢迎！\n回复｛1｝看价格"
        assert script.say("miss_first") == "没听懂{哦}"

    def test_several_replies_of_every_kind_become_parts(self, operator) -> None:
        replies = [{"type": kind, "content": operator.has_medium(name)} for kind, name in MEDIA.items()]
        news = {"type": "news", "news_info": {"list": [an_article("甲"), an_article("乙")]}}
        operator.has_replies(a_rule("全部", {"资料": "contain"}, a_text("看这里："), *replies, news))

        result = operator.imports("--yes")

        assert result.exit_code == 0, result.output
        text, image, voice, video, first, second = operator.by_id["全部"]["answer"]
        assert text == "看这里："
        for part, kind in ((image, "image"), (voice, "voice"), (video, "video")):
            assert operator.platform.world.media.find(part[kind]).permanent
        assert (first["article"]["title"], second["article"]["title"]) == ("甲", "乙")
        assert first["article"]["picture"] == "https://mmbiz.qpic.cn/1.jpg"
        assert (operator.folder / "media/imported-image.png").read_bytes().startswith(b"\x89PNG")
        assert "# 图片存在 media/imported-image.png" in operator.answers

    def test_one_of_several_at_random_becomes_the_first_and_the_others_are_told(self, operator) -> None:
        operator.has_replies(a_rule("笑话", {"笑话": "equal"}, a_text("甲"), a_text("乙"), mode="random_one"))

        result = operator.imports("--yes")

        assert operator.by_id["笑话"]["answer"] == "甲"
        assert "请注意：关键词规则“笑话”：原来从 2 条里随机回一条，只用了第一条，其余请自己取舍：乙" in result.output

    def test_a_greeting_that_is_a_picture_becomes_an_option(self, operator) -> None:
        operator.has_replies(add_friend_autoreply_info={"type": "img", "content": operator.has_medium("image")})

        assert operator.imports("--yes").exit_code == 0
        (option,) = load(operator.folder).script.welcome.first.options
        assert (option.label, str(option.action)) == ("查看图片", "answer:关注时的图片")

    def test_what_is_switched_off_is_taken_only_on_request(self, operator) -> None:
        rule = a_rule("价格", {"价格": "equal"}, a_text("十元。"))
        operator.has_replies(
            rule, is_autoreply_open=0, is_add_friend_reply_open=0, add_friend_autoreply_info=a_text("好")
        )

        told = operator.imports("--yes").output
        assert (operator.answers, operator.menus, told.count("--closed")) == ("", MENUS, 2)

        operator.imports("--yes", "--closed")
        assert "十元" in operator.answers
        assert "好" in operator.menus

    def test_what_cannot_be_carried_over_is_told_with_the_cure(self, operator) -> None:
        operator.has_replies(
            a_rule("旧图", {"旧图": "equal"}, {"type": "img", "content": "expired"}),
            a_rule("文章", {"文章": "equal"}, {"type": "news", "news_info": {"list": [an_article("甲", "")]}}),
            a_rule("新鲜", {"新鲜": "equal"}, {"type": "finder", "content": "x"}),
            a_rule("表情", {"？": "equal"}, a_text("好")),
            message_default_autoreply_info={"type": "voice", "content": operator.has_medium("voice")},
        )

        told = operator.imports("--yes").output

        assert (operator.answers, operator.menus) == ("", MENUS)
        for sentence in (
            "关键词规则“旧图”：图片没有写入：文件取不到（media/get：media_id 无效或已过期",
            "图文“甲”没有可用的网址，没有写入：发表这篇文章后，用它的链接写一个 article",
            "不认识的回复类型 finder，没有写入",
            "关键词规则“表情”没有导入：关键词“？”里没有文字，机器人匹配不上",
            "收到消息的默认回复是语音，没有导入。听不懂时说的话只能是文字",
        ):
            assert sentence in told


class TestMenu:
    def test_buttons_of_every_kind_are_taken(self, operator) -> None:
        picture = operator.has_medium("image")
        operator.has_menu(
            {"name": "服务", "sub_button": [
                {"type": "view", "name": "官网", "url": "https://www.example.com/"},
                {"type": "text", "name": "地址", "value": "解放路 1 号"},
                {"type": "img", "name": "地图", "value": picture},
                {"type": "news", "name": "指南", "value": "m", "news_info": {"list": [an_article("入门")]}},
            ]},
            {"type": "click", "name": "旧键", "key": "V1001"},
            {"type": "miniprogram", "name": "商城", "appid": "wx0123456789", "pagepath": "home", "url": "https://m.cn/"},
        )  # fmt: skip

        result = operator.imports("--yes")

        assert result.exit_code == 0, result.output
        script = load(operator.folder).script
        assert [str(item.action) for item in script.menu.buttons[0].items] == [
            "url:https://www.example.com/",
            "answer:地址",
            "answer:地图",
            "answer:指南",
        ]
        assert (str(script.menu.buttons[1].action), script.menu.buttons[1].key) == ("browse", "V1001")
        assert str(script.menu.buttons[2].action) == "miniprogram:wx0123456789/home"
        assert operator.by_id["地址"]["answer"] == "解放路 1 号"
        assert operator.menus.startswith(MENUS)
        assert "按键值 V1001 不是 wxbot 的" in result.output

    def test_a_menu_made_by_api_is_taken_too(self, operator) -> None:
        operator.platform.menus.default = [{"type": "click", "name": "常见问题", "key": "browse"}]

        operator.imports("--yes")

        assert "- {name: 常见问题, action: browse}" in operator.menus

    def test_a_button_that_says_what_a_rule_says_leads_to_the_same_answer(self, operator) -> None:
        operator.has_replies(a_rule("地址", {"地址": "equal"}, a_text("解放路 1 号")))
        operator.has_menu({"type": "text", "name": "地址", "value": "解放路 1 号"})

        operator.imports("--yes")

        assert list(operator.by_id) == ["地址"]
        assert "answer:地址" in operator.menus

    def test_a_menu_that_is_there_is_replaced_only_on_request(self, operator) -> None:
        own = f"{MENUS}menu:\n  - {{name: 我的, action: browse}}   # 留着\n"
        (operator.folder / "menus.yaml").write_text(own, encoding="utf-8")
        operator.has_menu({"type": "text", "name": "地址", "value": "解放路 1 号"})

        kept = operator.imports("--yes")
        assert (operator.menus, operator.answers) == (own, "")
        assert "--replace menu" in kept.output

        operator.imports("--yes", "--replace", "menu")
        assert operator.menus == f"{MENUS}menu:\n  - {{name: 地址, action: 'answer:地址'}}\n"
        assert "解放路 1 号" in operator.answers

    def test_what_cannot_be_declared_is_told_and_kept_harmless(self, operator) -> None:
        operator.has_menu(
            {"type": "view", "name": "坏网址", "url": "example"},
            {"type": "miniprogram", "name": "小程序", "appid": "wx0123456789", "pagepath": ""},
            {"type": "finder", "name": "这个名字实在太长太长", "value": "x"},
        )

        result = operator.imports("--yes")

        assert result.exit_code == 0, result.output
        assert [str(button.action) for button in load(operator.folder).script.menu.buttons] == ["browse"] * 3
        for sentence in ("网址 example 不完整", "小程序缺少 pagepath、url", "超过 16 字节", "接口建不了"):
            assert sentence in result.output


class TestSafety:
    @pytest.fixture(autouse=True)
    def a_shop(self, operator) -> None:
        operator.has_menu({"type": "text", "name": "地址", "value": "解放路 1 号"})
        operator.has_replies(
            a_rule("价格", {"价格": "equal"}, a_text("十元。")),
            a_rule("图", {"看图": "equal"}, {"type": "img", "content": operator.has_medium("image")}),
            add_friend_autoreply_info=a_text("欢迎！"),
        )

    def test_everything_is_shown_and_nothing_written_without_a_yes(self, operator) -> None:
        result = operator.imports(typed="n\n")

        assert result.exit_code == 1
        assert "+    answer: 十元。" in result.output
        assert "并把 1 个图片、语音、视频存进公众号的永久素材吗？" in result.output
        assert (operator.menus, list(operator.folder.iterdir())) == (MENUS, [operator.folder / "menus.yaml"])
        assert [medium for medium in operator.platform.world.media.known.values() if medium.permanent] == []

    def test_the_result_passes_check(self, operator) -> None:
        operator.imports("--yes")

        assert operator.runs("check", "--strict").output.endswith("没有问题\n")

    def test_undo_brings_back_every_file(self, operator) -> None:
        operator.imports("--yes")

        undone = operator.imports("--undo", "--yes")

        assert undone.exit_code == 0, undone.output
        assert (operator.menus, operator.answers) == (MENUS, "")
        assert list((operator.folder / "media").iterdir()) == []
        assert operator.imports("--undo").output == "没有可以退回的导入。\n"

    def test_undo_never_takes_away_what_was_written_since(self, operator) -> None:
        operator.imports("--yes")
        later = operator.menus + "# 后来写的\n"
        (operator.folder / "menus.yaml").write_text(later, encoding="utf-8")

        refused = operator.imports("--undo", "--yes")

        assert (refused.exit_code, operator.menus) == (1, later)
        assert "menus.yaml 在导入以后又改过，没有退回" in refused.output

    def test_a_second_import_finds_nothing_new(self, operator) -> None:
        operator.imports("--yes")
        before = operator.menus, operator.answers

        again = operator.imports("--yes")

        assert (again.exit_code, (operator.menus, operator.answers)) == (0, before)
        assert "没有要写的" in again.output

    def test_answers_of_the_operators_win(self, operator) -> None:
        (operator.folder / "answers").mkdir()
        own = "category: 店\nanswers:\n  - {id: 价格, question: 价格, answer: 面议。}\n"
        (operator.folder / "answers/shop.yaml").write_text(own, encoding="utf-8")

        result = operator.imports("--yes")

        assert (operator.folder / "answers/shop.yaml").read_text("utf-8") == own
        assert "价格" not in operator.by_id
        assert "关键词规则“价格”没有导入：关键词“价格”已经由 价格 回答" in result.output

    def test_a_keyword_that_is_taken_is_left_out_of_its_rule(self, operator) -> None:
        operator.has_replies(
            a_rule("价格", {"价格": "equal"}, a_text("十元。")),
            a_rule("报价", {"价格": "equal", "报价单": "equal"}, a_text("看这里。")),
        )

        told = operator.imports("--yes").output

        assert operator.by_id["报价"]["exact"] == ["报价单"]
        assert "关键词规则“报价”：关键词“价格”已经由 价格 回答" in told

    def test_the_live_menu_is_backed_up_as_for_wxbot_menu(self, operator) -> None:
        operator.imports("--yes")

        assert operator.runs("menu", "rollback", "--list").output.strip()

    def test_without_uploading_files_are_kept_and_the_rest_is_left_to_people(self, operator) -> None:
        result = operator.imports("--yes", "--no-upload")

        assert result.exit_code == 0, result.output
        assert "图" not in operator.by_id
        assert (operator.folder / "media/imported-image.png").exists()
        assert "文件存在 media/imported-image.png，没有上传" in result.output

    def test_without_uploading_just_what_is_shown_is_written(self, operator) -> None:
        result = operator.imports("--no-upload", typed="y\n")

        shown = {line[1:] for line in result.output.splitlines() if line.startswith("+") and line[:3] != "+++"}
        written = {*operator.answers.splitlines(), *operator.menus.removeprefix(MENUS).splitlines()}
        assert shown == written
        assert "写进 menus.yaml、answers/imported.yaml、media/ 里的 1 个文件吗？" in result.output

    @pytest.mark.parametrize("words", [["--no-upload"], []])
    def test_with_nothing_but_a_picture_that_stays_here_the_file_is_kept_and_can_be_undone(
        self, operator, words
    ) -> None:
        operator.has_menu()
        operator.has_replies(a_rule("图", {"看图": "equal"}, {"type": "img", "content": operator.has_medium("image")}))
        operator.fails_to_store()

        result = operator.imports("--yes", *words)

        assert (result.exit_code, operator.menus, operator.answers) == (0, MENUS, ""), result.output
        assert "已写进 media/ 里的 1 个文件。" in result.output
        assert (operator.folder / "media/imported-image.png").exists()
        assert "media/ 里的 1 个文件 已退回" in operator.imports("--undo", "--yes").output
        assert list((operator.folder / "media").iterdir()) == []

    def test_an_upload_that_fails_leaves_the_file_and_says_so(self, operator) -> None:
        operator.fails_to_store()

        result = operator.imports("--yes")

        assert (result.exit_code, "图" in operator.by_id) == (0, False)
        assert "传进素材库没有成功（material/add_material：今天的接口调用次数用完了" in result.output

    def test_another_file_and_category_can_be_named(self, operator) -> None:
        operator.imports("--yes", "--file", "old.yaml", "--category", "旧的")

        assert (operator.folder / "answers/old.yaml").read_text("utf-8").startswith("category: 旧的\n")

    @pytest.mark.parametrize("name", ["../x.yaml", "a/b.yaml", "x.txt", "x.cases.yaml", ".x.yaml"])
    def test_a_bad_file_name_is_a_wrong_call(self, operator, name) -> None:
        assert operator.imports("--file", name).exit_code == 2

    @pytest.mark.parametrize("call", ["get_current_selfmenu_info", "get_current_autoreply_info"])
    def test_what_may_not_be_read_is_told_and_the_rest_is_taken(self, operator, call) -> None:
        self._refuse(operator, call)

        result = operator.imports("--yes")

        assert result.exit_code == 0, result.output
        assert "48001）：未认证的账号没有这个接口的权限" in result.output
        assert ("解放路" in operator.answers) == (call == "get_current_autoreply_info")

    def test_an_account_that_may_read_nothing_is_told_why(self, operator) -> None:
        self._refuse(operator, "")

        result = CliRunner().invoke(cli, ["--content", str(operator.folder), "import"])

        assert result.exit_code == 1
        assert "未认证的账号没有这个接口的权限" in str(result.exception)

    def test_an_unverified_account_is_imported(self, operator) -> None:
        requests.post(f"{operator.platform.url}/sandbox/account", json={"verified": False}, timeout=5)

        assert operator.imports("--yes").exit_code == 0
        assert "answer:地址" in operator.menus

    def _refuse(self, operator: Operator, call: str) -> None:
        for name in [call] if call else ["get_current_selfmenu_info", "get_current_autoreply_info"]:
            fault = {"path": f"cgi-bin/{name}", "kind": "refuse", "value": 48001, "times": None}
            assert requests.post(f"{operator.platform.url}/sandbox/faults", json=fault, timeout=5).ok


class TestAfterInit:
    """Step 4 of the first day, after step 1: the folder keeps a register, and nothing is in it yet."""

    SITE, PHONE = "看 https://www.example.com/a", "请拨打 400-123-4567"
    WORDS = ("--replace", "menu", "--replace", "welcome")

    @pytest.fixture(autouse=True)
    def an_old_account(self, operator) -> None:
        (operator.folder / "menus.yaml").unlink()
        assert operator.runs("init", str(operator.folder), "--yes").exit_code == 0
        operator.has_menu(
            {"type": "view", "name": "官网", "url": "https://www.example.com/"},
            {"type": "text", "name": "地址", "value": "解放路 1 号"},
        )
        news = {"type": "news", "news_info": {"list": [an_article("甲")]}}
        operator.has_replies(
            a_rule("帮助", {"帮助文档": "equal"}, a_text("请稍等。"), a_text(self.SITE)),
            a_rule("客服 400-123-4567", {"400-123-4567": "equal"}, a_text(self.PHONE)),
            a_rule("周刊", {"周刊": "equal"}, news),
            add_friend_autoreply_info=a_text(f"欢迎！{self.SITE}"),
            message_default_autoreply_info=a_text(f"没听懂，{self.PHONE}"),
        )

    def test_what_is_ours_is_asked_for_once_and_registered(self, operator) -> None:
        result = operator.imports(*self.WORDS, typed="y\ny\n")

        assert result.exit_code == 0, result.output
        for line in ("    链接 www.example.com\n", "    电话 400-123-4567\n", "    链接 mp.weixin.qq.com\n"):
            assert result.output.count(line) == 1
        self._is_whole(operator)

    def test_with_an_option_it_is_registered_without_a_question(self, operator) -> None:
        result = operator.imports(*self.WORDS, "--official", "--yes")

        assert result.exit_code == 0, result.output
        self._is_whole(operator)

    @pytest.mark.parametrize("call", [("--yes", ""), ("", "n\ny\n")])
    def test_what_nobody_vouches_for_is_left_out_and_told(self, operator, call) -> None:
        words, typed = call
        result = operator.imports(*self.WORDS, *words.split(), typed=typed)

        assert result.exit_code == 0, result.output
        assert operator.by_id["帮助"]["answer"] == "请稍等。"
        assert set(operator.by_id) == {"帮助", "地址"}
        assert [str(button.action) for button in load(operator.folder).script.menu.buttons] == ["browse", "answer:地址"]
        for sentence in (
            "文字“看 https://www.example.com/a”没有写入：链接「www.example.com」没有登记为官方。核对后登记进",
            "菜单“官网”暂时改成打开问题分类：链接「www.example.com」没有登记为官方",
            "图文“甲”没有写入：链接「mp.weixin.qq.com」没有登记为官方",
            "收到消息的默认回复“没听懂，请拨打 400-123-4567”没有导入：电话「400-123-4567」没有登记为官方",
        ):
            assert sentence in result.output
        assert operator.runs("check").exit_code == 0

    def test_what_was_left_out_comes_once_it_is_registered(self, operator) -> None:
        operator.imports("--yes")
        assert operator.imports("--undo", "--yes").exit_code == 0

        assert operator.imports(*self.WORDS, "--yes", "--official").exit_code == 0

        self._is_whole(operator)

    def test_a_menu_name_that_gives_a_phone_away_is_changed(self, operator) -> None:
        operator.has_menu({"type": "text", "name": "400-123-4567", "value": "您好"})

        result = operator.imports(*self.WORDS, "--yes")

        assert "菜单名“400-123-4567”改成了“…”" in result.output
        assert operator.runs("check").exit_code == 0

    def test_an_address_that_no_register_takes_is_left_out_in_any_case(self, operator) -> None:
        operator.has_menu({"type": "view", "name": "内网", "url": "http://10.0.0.1/"})

        result = operator.imports(*self.WORDS, "--yes", "--official")

        assert (result.exit_code, "链接 10.0.0.1" in result.output) == (0, False), result.output
        assert "菜单“内网”暂时改成打开问题分类" in result.output

    def _is_whole(self, operator: Operator) -> None:
        script = load(operator.folder).script
        assert operator.runs("check").exit_code == 0
        assert str(script.menu.buttons[0].action) == "url:https://www.example.com/"
        assert script.welcome.first.text == f"欢迎！{self.SITE}"
        assert script.say("miss_first") == f"没听懂，{self.PHONE}"
        assert operator.by_id["帮助"]["answer"] == ["请稍等。", self.SITE]
        assert operator.by_id["周刊"]["answer"][0]["article"]["title"] == "甲"
        assert script.official.domains >= {"www.example.com", "mp.weixin.qq.com"}


def test_an_account_with_nothing_is_said_to_have_nothing(operator) -> None:
    result = operator.imports("--yes")

    assert (result.exit_code, operator.menus) == (0, MENUS)
    assert "没有菜单，也没有自动回复" in result.output


class TestProcesses:
    """The platform and the command as processes of their own."""

    @pytest.fixture
    def platform(self) -> Iterator[str]:
        """Its URL."""
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), **CREDENTIALS}
        command = [sys.executable, "-m", "wxbot.sandbox", "--attached"]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe) as process:
            yield json.loads(process.stdout.readline())["url"]
            process.stdin.close()
            process.wait(10)

    def test_what_was_set_at_the_side_door_ends_in_files_that_pass_check(self, platform, tmp_path) -> None:
        account = Remote(home=tmp_path, folder=tmp_path, content=tmp_path / "content", url=platform)
        account.content.mkdir()
        (account.content / "menus.yaml").write_text(MENUS, encoding="utf-8")
        picture = account.has_picture()
        rule = a_rule("价格", {"价格": "equal"}, a_text("十元。"), {"type": "img", "content": picture})
        account.arrange("autoreplies", {"is_autoreply_open": 1, "keyword_autoreply_info": {"list": [rule]}})
        account.arrange("menu", {"button": [{"type": "text", "name": "地址", "value": "解放路 1 号"}]})

        imported = account.run("import", "--yes")
        checked = account.run("check", "--strict")
        asked = account.run("ask", "价格")
        account.stop()

        assert imported.returncode == 0, imported.stderr
        assert (checked.returncode, checked.stdout.count("没有问题")) == (0, 1), checked.stdout
        assert "价格「价格」" in asked.stdout


@dataclass(kw_only=True)
class Remote(Newcomer):
    """An account on a platform in another process. url: the platform's."""

    url: str

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | CREDENTIALS | {"WECHAT_API_BASE": self.url}

    def arrange(self, what: str, body: Json) -> None:
        assert requests.post(f"{self.url}/sandbox/{what}", json=body, timeout=5).ok

    def has_picture(self) -> str:
        query = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET}
        token = requests.get(f"{self.url}/cgi-bin/token", params=query, timeout=5).json()["access_token"]
        answer = requests.post(
            f"{self.url}/cgi-bin/media/upload",
            params={"access_token": token, "type": "image"},
            files={"media": ("a.png", sample("image"))},
            timeout=5,
        )
        return str(answer.json()["media_id"])
