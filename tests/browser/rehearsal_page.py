"""The page as a person uses it, at any width."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import requests
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from wxbot.entrypoints import stage
from wxbot.entrypoints.rehearsal import Address
from wxbot.entrypoints.vitals import Vitals

ARTEFACTS = Path(__file__).parents[2] / "build/browser"
"""Screenshots of the tests; not in git."""
NARROW_PX = 900
HEIGHTS = {1440: 900, 390: 844}
PATIENCE_MS = 15_000

expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Rehearsal:
    """
    One browser window on the page.

    url: of the page. bot: of the bot, without a path; '' where it does not matter.
    strayed: addresses of other hosts that something asked for; none of these requests got out.
    complaints: what the browser's console said of errors.
    """

    page: Page
    url: str
    bot: str = ""
    strayed: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    # ---- the window

    def open(self) -> "Rehearsal":
        self.page.goto(self.url)
        expect(self.page.locator("body[data-ready]")).to_be_visible()
        return self

    def show(self, tab: str) -> None:
        """phone, desk or data; all are in sight on a wide window."""
        if self.is_narrow:
            self.page.locator(f"#tab-{tab}").click()

    @property
    def is_narrow(self) -> bool:
        return self.width < NARROW_PX

    @property
    def width(self) -> int:
        assert self.page.viewport_size
        return self.page.viewport_size["width"]

    def picture(self, name: str) -> None:
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=ARTEFACTS / f"{name}-{self.width}.png")

    def overflow_px(self) -> int:
        """How far the page could be scrolled sideways."""
        width: int = self.page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
        return max(0, width)

    def at(self, selector: str) -> Locator:
        return self.page.locator(selector)

    # ---- the account

    def set_account(self, select: str, choice: str) -> None:
        """Choose something in the account's settings, by its label; opens and closes them."""
        self.at("#account-open").click()
        self.page.get_by_label(select).select_option(label=choice)
        self.at("#account-open").click()
        expect(self.at("#account-form")).to_be_hidden()

    # ---- the phone

    @property
    def bubbles(self) -> Locator:
        return self.at("#chat .row")

    @property
    def heard(self) -> Locator:
        """What the account or an agent said last."""
        return self.at("#chat .row.theirs").last

    def follow(self) -> None:
        self.show("phone")
        self.at("#follow").click()
        expect(self.at("#talk")).to_be_visible()
        expect(self.heard).to_be_visible()

    def choose(self, column: str, item: str) -> None:
        """Open a column of the bottom menu and tap an item."""
        self.show("phone")
        if self.at("#write").is_visible():
            self.at("#to-menu").click()
        self._awaiting_more(lambda: self._tap_menu(column, item), theirs=1)

    def say(self, words: str, answers: int = 1) -> None:
        """Type it and send it; answers: bubbles to wait for."""
        self.show("phone")
        if self.at("#menu-bar").is_visible():
            self.at("#to-keyboard").click()
        self.at("#words").fill(words)
        self._awaiting_more(lambda: self.at("#words").press("Enter"), theirs=answers, mine=1)

    def tap(self, label: str) -> None:
        """Tap the latest link of that name."""
        self.show("phone")
        link = self.at("#chat .tap").filter(has_text=label).last
        self._awaiting_more(link.click, theirs=1, mine=1)

    def send(self, tile: str) -> None:
        """Send something from the "+" panel, as it is proposed."""
        self.show("phone")
        if self.at("#menu-bar").is_visible():
            self.at("#to-keyboard").click()
        self.at("#plus").click()
        self.at(".tile").filter(has_text=tile).click()
        sheet = self.at("#sheet .sheet")
        if sheet.is_visible():
            sheet.locator("button[type=submit]").click()

    def _tap_menu(self, column: str, item: str) -> None:
        self.at(".menu-name").filter(has_text=column).click()
        self.page.get_by_role("menuitem", name=item, exact=True).click()

    def _awaiting_more(self, act: Callable[[], None], *, theirs: int, mine: int = 0) -> None:
        before = {name: self.at(f"#chat .row.{name}").count() for name in ("theirs", "mine")}
        act()
        expect(self.at("#chat .row.mine")).to_have_count(before["mine"] + mine)
        if theirs:
            expect(self.at("#chat .row.theirs").nth(before["theirs"] + theirs - 1)).to_be_visible()

    # ---- the desk

    def go_online(self, agent: str) -> None:
        """And be seen there by the bot, which transfers to nobody it does not know of."""
        self.show("desk")
        switch = self.page.get_by_role("switch", name=f"{agent} 在线")
        switch.click()
        expect(switch).to_have_attribute("aria-checked", "true")
        Vitals(self.bot).await_seen(stage.SideDoor(self.url))

    def accept(self, user: str) -> None:
        self.show("desk")
        self.page.get_by_role("button", name=f"接待 {user}").click()
        expect(self.at("#conversation")).to_be_visible()
        expect(self.at("#words-of-agent")).to_be_enabled()

    def answer(self, words: str) -> None:
        self.show("desk")
        self.at("#words-of-agent").fill(words)
        self.at("#answer-send").click()
        expect(self.at("#transcript .by-agent").last).to_contain_text(words)

    def close_session(self) -> None:
        self.show("desk")
        self.at("#close-session").click()
        expect(self.at("#words-of-agent")).to_be_disabled()

    # ---- the wire

    @property
    def wire(self) -> Locator:
        return self.at("#wire .wire-entry")

    def switch_fault(self, label: str) -> None:
        self.show("data")
        if self.at("#faults").is_hidden():
            self.at("#faults-open").click()
        self.page.get_by_role("switch", name=label).click()
        expect(self.at("#faults-count")).to_be_visible()


def window(browser: Browser, url: str, width: int, *, bot: str = "") -> tuple[BrowserContext, Rehearsal]:
    """A fresh window that lets no request leave this platform and this bot."""
    context = browser.new_context(viewport={"width": width, "height": HEIGHTS[width]}, locale="zh-CN")
    context.set_default_timeout(PATIENCE_MS)
    rehearsal = Rehearsal(context.new_page(), url, bot)

    def stay_here(route: Route) -> None:
        if route.request.url.startswith((f"{url}/", f"{bot or url}/")):
            route.continue_()
        else:
            rehearsal.strayed.append(route.request.url)
            route.abort()

    context.route("**/*", stay_here)
    # Of every page, those that links open too.
    context.on("console", lambda message: message.type == "error" and rehearsal.complaints.append(message.text))
    context.on("weberror", lambda problem: rehearsal.complaints.append(str(problem.error)))
    return context, rehearsal


@dataclass(frozen=True, slots=True)
class SideDoor:
    """What a test arranges beside the page: as anybody (docs/rehearsal.md), or as the account by WeChat's own API."""

    address: Address

    @property
    def url(self) -> str:
        return self.address.platform

    @property
    def bot(self) -> str:
        return self.address.bot

    def get(self, path: str) -> dict:
        return requests.get(f"{self.url}/sandbox/{path}", timeout=10).json()

    def post(self, path: str, /, **fields: object) -> dict:
        response = requests.post(f"{self.url}/sandbox/{path}", json=fields, timeout=30)
        response.raise_for_status()
        return response.json()

    def call(self, path: str, /, **fields: object) -> None:
        """A call of the account's."""
        names = {"grant_type": "client_credential", "appid": self.address.appid, "secret": self.address.appsecret}
        token = requests.post(f"{self.url}/cgi-bin/stable_token", json=names, timeout=10).json()["access_token"]
        body = json.dumps(fields, ensure_ascii=False).encode()
        answer = requests.post(f"{self.url}/{path}", params={"access_token": token}, data=body, timeout=10).json()
        assert answer["errcode"] == 0, answer

    def start_over(self) -> None:
        """Nobody follows, no agent is online, nothing goes wrong."""
        self.post("reset")
        for agent in self.get("state")["agents"]:
            self.post(f"agents/{agent['account']}/do", what="offline")

    def only_user(self) -> str:
        """Their openid."""
        (user,) = self.get("state")["users"]
        return str(user["openid"])
