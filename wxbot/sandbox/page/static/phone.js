// The phone: the chat with the account, the account's card, and WeChat's list of chats.

import { row, summary } from "./bubbles.js";
import { avatar, button, byId, fill, h, icon } from "./dom.js";
import * as door from "./door.js";
import { askFor } from "./sheet.js";
import { trying } from "./toast.js";
import { minute, separator, span } from "./times.js";
import { t } from "./words.js";

const PAUSE_S = 300;
const NEAR_PX = 60;

export class Phone {
  #world;
  #people;
  #composer;
  #screen = "chat";
  #drawn = 0;
  #lastTime = 0;
  // Whether the end of the chat is in sight, and stays so whatever grows or shrinks.
  #atEnd = true;

  constructor(world, people, composer) {
    this.#world = world;
    this.#people = people;
    this.#composer = composer;
    people.onSelect(() => this.#open("chat"));
    world.on("chat", ({ openid }) => openid === people.openid && this.#grow());
    world.on("user typing", ({ openid }) => openid === people.openid && this.#follow());
    world.on("account", () => this.draw());
    byId("chat-back").addEventListener("click", () => this.#open("chats"));
    byId("chat-more").addEventListener("click", () => this.#open("profile"));
    byId("chat").addEventListener("scroll", ({ target }) => {
      this.#atEnd = target.scrollHeight - target.scrollTop - target.clientHeight < NEAR_PX;
    });
    byId("chat").addEventListener("load", () => this.#stay(), { capture: true });
    new ResizeObserver(() => this.#stay()).observe(byId("chat"));
  }

  /** Everything anew, in the language of now. */
  draw() {
    this.#drawn = 0;
    this.#lastTime = 0;
    this.#atEnd = true;
    fill(byId("chat"));
    this.#follow();
    this.#grow();
  }

  tick() {
    byId("phone-time").textContent = minute(this.#world.now());
  }

  #open(screen) {
    this.#screen = screen;
    this.draw();
    if (this.#people.openid) trying(() => this.#world.catchUp(this.#people.openid, "chat"));
  }

  #follow() {
    const user = this.#people.current;
    const screen = user && !user.following && this.#screen === "chat" ? "profile" : this.#screen;
    byId("chat-title").textContent = user?.typing ? t("chat.typing") : this.#world.account.name;
    for (const name of ["talk", "profile", "chats"]) byId(name).hidden = name !== (screen === "chat" ? "talk" : screen);
    if (!user) return;
    if (screen === "profile") this.#drawProfile(user);
    if (screen === "chats") this.#drawChats(user);
    this.#composer.show(user);
  }

  #grow() {
    const user = this.#people.current;
    if (!user) return;
    const fresh = this.#world.talk(user.openid, "chat").slice(this.#drawn);
    byId("chat").append(...fresh.flatMap((bubble) => this.#timed(bubble, user)));
    this.#drawn += fresh.length;
    this.#atEnd ||= fresh.some((bubble) => bubble.who === "user");
    this.#stay();
    if (this.#screen === "chats") this.#drawChats(user);
  }

  #stay() {
    const chat = byId("chat");
    if (this.#atEnd) chat.scrollTop = chat.scrollHeight;
  }

  #timed(bubble, user) {
    const cast = { user: user.name, account: this.#world.account.name, agent: (account) => this.#nick(account) };
    const element = row(bubble, cast, (tap) => this.#tap(tap));
    const paused = bubble.at - this.#lastTime > PAUSE_S || bubble.at < this.#lastTime;
    this.#lastTime = bubble.at;
    if (!paused) return [element];
    return [h("div", { class: "time" }, h("time", {}, separator(bubble.at, this.#world.now()))), element];
  }

  #nick(account) {
    return this.#world.agents.find((agent) => agent.account === account)?.nick ?? account;
  }

  #tap({ content, id }) {
    trying(() => this.#world.userDoes(this.#people.openid, "tap", { content, id }));
  }

  async #do(what, fields) {
    const done = await trying(() => this.#world.userDoes(this.#people.openid, what, fields));
    if (done) this.#open("chat");
  }

  #drawProfile(user) {
    const { account } = this.#world;
    const back = user.following
      ? button({ class: "plain", "aria-label": t("back"), on: { click: () => this.#open("chat") } }, icon("back"))
      : null;
    fill(
      byId("profile"),
      h("header", { class: "screen-head" }, back ?? h("span"), h("h2", {}, t("profile.title")), h("span")),
      h(
        "div",
        { class: "profile-card" },
        avatar(account.name, "account"),
        h("h3", {}, account.name, account.verified ? icon("verified") : null),
        h("p", { class: "small" }, t("profile.id", { id: account.alias || account.id })),
        user.following ? null : h("p", { class: "about" }, t("profile.about")),
        user.following ? this.#settled() : this.#invited(),
      ),
      user.following ? this.#facts(user) : null,
    );
  }

  #invited() {
    return h(
      "div",
      { class: "profile-acts" },
      button({ class: "primary wide", id: "follow", on: { click: () => this.#do("follow") } }, t("profile.follow")),
      button({ class: "quiet", on: { click: () => this.#composer.scan() } }, icon("scan"), t("profile.scan")),
    );
  }

  #settled() {
    return h(
      "div",
      { class: "profile-acts" },
      button({ class: "primary wide", on: { click: () => this.#open("chat") } }, t("profile.write")),
      button({ class: "quiet", id: "unfollow", on: { click: () => this.#do("unfollow") } }, t("profile.unfollow")),
    );
  }

  #facts(user) {
    const left = user.left === null ? t("profile.unlimited") : String(user.left);
    const closes = Math.max(0, ...user.windows.map((window) => window.closes));
    const rows = [
      [t("profile.name"), user.name],
      [t("profile.client"), t(`client.${user.client}`)],
      [t("profile.tags"), user.tags.map((tag) => tag.name).join(t("comma")) || t("none")],
      [t("profile.left"), closes ? t("profile.window", { left, span: span(closes - this.#world.now()) }) : t("none")],
    ];
    return h(
      "div",
      { class: "facts" },
      h("h4", {}, t("profile.facts")),
      h("dl", {}, rows.map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value)))),
      button({ class: "quiet", on: { click: () => this.#change(user) } }, t("profile.change")),
    );
  }

  #change(user) {
    const fields = [
      { name: "name", label: t("profile.name"), value: user.name, required: true, maxlength: 20 },
      { name: "client", label: t("profile.client"), value: user.client, choices: ["1", "2", "3"].map((one) => [one, t(`client.${one}`)]) },
      { name: "tags", label: t("profile.tags"), value: user.tags.map((tag) => tag.name).join(" "), placeholder: t("profile.tags.hint") },
    ];
    const save = ({ name, client, tags }) =>
      trying(() => door.changeUser(user.openid, { name, client, tags: tags.split(/[\s,，、]+/).filter(Boolean) }));
    askFor(t("profile.facts"), fields, save, { action: t("save") });
  }

  #drawChats(user) {
    const last = this.#world.talk(user.openid, "chat").findLast((bubble) => bubble.kind !== "note");
    fill(
      byId("chats"),
      h("header", { class: "screen-head" }, h("span"), h("h2", {}, t("chats.title")), h("span")),
      button(
        { class: "chat-line", on: { click: () => this.#open("chat") } },
        avatar(this.#world.account.name, "account"),
        h(
          "span",
          { class: "words" },
          h("strong", {}, this.#world.account.name),
          h("span", { class: "small" }, last ? summary(last) : t("chats.empty")),
        ),
        last ? h("time", { class: "small" }, separator(last.at, this.#world.now())) : null,
      ),
    );
  }
}
