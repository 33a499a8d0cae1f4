"""What is served, read without a browser."""

import json
import re
from pathlib import Path

import pytest
from flask import Flask

from wxbot.sandbox import page as package

HERE = Path(package.__file__).parent
SCRIPTS = {path.name: path.read_text(encoding="utf-8") for path in (HERE / "static").glob("*.js")}
SHOWN = (HERE / "templates/page.html").read_text(encoding="utf-8")
WORDS = json.loads((HERE / "static/words.json").read_text(encoding="utf-8"))
EVERYTHING = "\n".join([*SCRIPTS.values(), SHOWN])


@pytest.fixture(scope="module")
def client():
    app = Flask(__name__)
    app.register_blueprint(package.page())
    return app.test_client()


@pytest.mark.parametrize("path", ["/", "/page/page.css", "/page/main.js", "/page/words.json"])
def test_every_answer_carries_the_strict_policy(client, path: str):
    answer = client.get(path)
    answer.close()

    policy = answer.headers["Content-Security-Policy"]
    assert answer.status_code == 200
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_no_script_or_style_stands_in_the_page(client):
    html = client.get("/").get_data(as_text=True)

    assert re.findall(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", html) == []


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_no_script_reads_markup_or_names_another_host(name: str):
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function|https?://(?!example\.com|www\.w3\.org)"

    assert re.findall(forbidden, SCRIPTS[name]) == []


def test_every_word_that_is_used_is_there():
    used = set(re.findall(r"""\bt\((?:key=)?["']([\w.-]+)["']|label\("([\w.-]+)"\)|words\["([\w.-]+)"\]""", EVERYTHING))

    assert {key for keys in used for key in keys if key} - set(WORDS) == set()


def test_every_word_is_in_both_languages_with_the_same_places():
    for key, (chinese, english) in WORDS.items():
        assert chinese, key
        assert english, key
        assert sorted(re.findall(r"\{\w+\}", chinese)) == sorted(re.findall(r"\{\w+\}", english)), key


def test_no_word_is_left_over():
    built = ("kind.", "plus.", "mode.", "type.", "client.", "fault.", "verdict.", "tour.", "wire.")

    unused = [key for key in WORDS if f'"{key}"' not in EVERYTHING and not key.startswith(built)]
    assert unused == ["title"] or unused == []
