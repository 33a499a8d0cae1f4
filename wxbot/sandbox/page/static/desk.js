// WeChat's customer-service desk: agents, who waits for them, and the talks they have.

import { row, summary } from "./bubbles.js";
import { avatar, button, byId, fill, h, icon, refill } from "./dom.js";
import * as door from "./door.js";
import { separator, span } from "./times.js";
import { toast, trying } from "./toast.js";
import { t } from "./words.js";

const LAPSE_S = 30 * 60;
const PAUSE_S = 300;
const NICKS = ["小美", "阿杰", "小雨", "思琪", "老陈", "安安"];

export class Desk {
  #world;
  #openid = "";
  #drawn = 0;
  #lastTime = 0;
  #taker = "";

  constructor(world) {
    this.#world = world;
    world.on("loaded", () => this.#open(""));
    world.on("agents queue user", () => this.draw());
    world.on("desk", ({ openid }) => (openid === this.#openid ? this.#grow() : this.#drawRoster()));
    byId("add-agent").addEventListener("click", () => this.#addAgent());
    byId("answer").addEventListener("submit", (event) => this.#answer(event));
    byId("close-session").addEventListener("click", () => this.#act("close"));
    byId("half-hour").addEventListener("click", () => trying(() => door.setClock({ advance: LAPSE_S + 1 })));
    byId("transfer").addEventListener("change", (event) => this.#transfer(event.target));
    byId("desk-back").addEventListener("click", () => this.#open(""));
    byId("words-of-agent").addEventListener("keydown", sendOnEnter);
  }

  draw() {
    this.#drawRoster();
    this.#drawHead();
  }

  /** The talk anew too, in the language of now. */
  redraw() {
    this.draw();
    this.#restart();
  }

  tick() {
    for (const element of byId("desk").querySelectorAll("[data-since]")) {
      element.textContent = span(this.#world.now() - Number(element.dataset.since));
    }
    for (const element of byId("desk").querySelectorAll("[data-until]")) {
      element.textContent = span(Number(element.dataset.until) - this.#world.now());
    }
  }

  get #online() {
    return this.#world.agents.filter((agent) => agent.online);
  }

  get #sessions() {
    return this.#world.agents.flatMap((agent) => agent.serving.map((session) => ({ ...session, agent })));
  }

  get #session() {
    return this.#sessions.find((session) => session.openid === this.#openid);
  }

  // ---- agents, queue, sessions

  #drawRoster() {
    const { agents, queue } = this.#world;
    const open = this.#sessions;
    const known = new Set([...open.map((session) => session.openid), ...queue.map((one) => one.openid)]);
    const past = [...this.#world.users.values()].filter((user) => user.desk && !known.has(user.openid));
    refill(byId("agents"), agents.length ? agents.map((agent) => this.#agent(agent)) : empty(t("desk.agents.none")));
    refill(byId("queue"), queue.length ? queue.map((one) => this.#waiting(one)) : empty(t("desk.queue.none")));
    refill(byId("sessions"), open.length ? open.map((one) => this.#line(one)) : empty(t("desk.sessions.none")));
    refill(byId("past"), past.map((user) => this.#line(user)));
    byId("past-part").hidden = !past.length;
    this.#drawTaker();
    for (const badge of document.querySelectorAll(".queue-count")) {
      badge.textContent = queue.length;
      badge.hidden = !queue.length;
    }
    this.tick();
  }

  #agent(agent) {
    const label = t(agent.online ? "desk.online" : "desk.offline");
    return h(
      "li",
      { class: agent.online ? "agent online" : "agent" },
      avatar(agent.nick, "agent"),
      h("span", { class: "words" }, h("strong", {}, agent.nick), h("span", { class: "small" }, this.#load(agent))),
      agent.bound ? null : this.#bind(agent),
      h(
        "button",
        {
          type: "button",
          class: "switch",
          role: "switch",
          "aria-checked": String(agent.online),
          "aria-label": t("desk.switch", { nick: agent.nick }),
          title: label,
          "data-key": `switch ${agent.account}`,
          on: { click: () => trying(() => this.#world.agentDoes(agent.account, agent.online ? "offline" : "online")) },
        },
        h("span", { class: "knob" }),
      ),
    );
  }

  #load(agent) {
    const name = agent.account.split("@")[0];
    if (!agent.online) return `${name} · ${t("desk.offline")}`;
    return `${name} · ${t("desk.serving", { number: agent.serving.length })}`;
  }

  #bind(agent) {
    if (!agent.invited) return h("span", { class: "small" }, t("desk.unbound"));
    return button({ class: "mini", on: { click: () => trying(() => this.#world.agentDoes(agent.account, "bind")) } }, t("desk.bind"));
  }

  #waiting(one) {
    const accept = button(
      {
        class: "mini primary",
        "data-key": `accept ${one.openid}`,
        "aria-label": t("desk.accept.whom", { name: one.name }),
        on: { click: () => this.#accept(one) },
      },
      t("desk.accept"),
    );
    return h(
      "li",
      { class: "line waiting", "aria-current": String(one.openid === this.#openid) },
      button(
        { class: "open", "data-key": `waiting ${one.openid}`, on: { click: () => this.#open(one.openid) } },
        avatar(one.name),
        h(
          "span",
          { class: "words" },
          h("strong", {}, one.name),
          h("span", { class: "small" }, t("desk.waits"), " ", h("span", { "data-since": one.since }), this.#meant(one)),
        ),
      ),
      accept,
    );
  }

  #meant(one) {
    const agent = this.#world.agents.find((known) => known.account === one.agent);
    return agent ? ` · ${t("desk.meant", { nick: agent.nick })}` : "";
  }

  #line(one) {
    const last = this.#world.talk(one.openid, "desk").findLast((bubble) => bubble.kind !== "note");
    const said = last ? summary(last) : "";
    return h(
      "li",
      { class: "line", "aria-current": String(one.openid === this.#openid) },
      button(
        { class: "open", "data-key": `talk ${one.openid}`, on: { click: () => this.#open(one.openid) } },
        avatar(one.name),
        h(
          "span",
          { class: "words" },
          h("strong", {}, one.name),
          h("span", { class: "small" }, [one.agent?.nick, said].filter(Boolean).join(" · ")),
        ),
      ),
    );
  }

  #drawTaker() {
    const online = this.#online;
    const taker = byId("taker");
    if (!online.some((agent) => agent.account === this.#taker)) this.#taker = online[0]?.account ?? "";
    byId("taker-part").hidden = online.length < 2;
    fill(taker, online.map((agent) => h("option", { value: agent.account, selected: agent.account === this.#taker }, agent.nick)));
    taker.onchange = () => (this.#taker = taker.value);
  }

  async #accept(one) {
    const account = one.agent || this.#taker;
    if (!account) return toast(t("desk.nobody"));
    const agent = await trying(() => this.#world.agentDoes(account, "accept", { openid: one.openid }));
    if (!agent) return undefined;
    this.#open(one.openid);
    return byId("words-of-agent").focus({ preventScroll: true });
  }

  #addAgent() {
    const { agents } = this.#world;
    const nick = NICKS.find((one) => !agents.some((agent) => agent.nick === one)) ?? `${NICKS[0]}${agents.length}`;
    const number = Math.max(2000, ...agents.map((agent) => Number(agent.account.match(/\d+/)?.[0] ?? 0))) + 1;
    return trying(() => door.addAgent({ account: `kf${number}`, nick, online: false }));
  }

  // ---- one talk

  #open(openid) {
    this.#openid = openid;
    byId("desk").classList.toggle("talking", Boolean(openid));
    this.draw();
    this.#restart();
    if (openid) trying(() => this.#world.catchUp(openid, "desk"));
  }

  #restart() {
    this.#drawn = 0;
    this.#lastTime = 0;
    fill(byId("transcript"));
    this.#grow();
  }

  #grow() {
    const user = this.#world.users.get(this.#openid);
    byId("desk-empty").hidden = Boolean(user);
    byId("conversation").hidden = !user;
    if (!user) return;
    const fresh = this.#world.talk(user.openid, "desk").slice(this.#drawn);
    this.#drawn += fresh.length;
    const transcript = byId("transcript");
    transcript.append(...fresh.flatMap((bubble) => this.#timed(bubble, user)));
    transcript.scrollTop = transcript.scrollHeight;
    this.#drawRoster();
  }

  #timed(bubble, user) {
    const nick = (account) => this.#world.agents.find((agent) => agent.account === account)?.nick ?? account;
    const element = row(bubble, { user: user.name, account: this.#world.account.name, agent: nick }, null);
    const paused = Math.abs(bubble.at - this.#lastTime) > PAUSE_S;
    this.#lastTime = bubble.at;
    if (!paused) return [element];
    return [h("div", { class: "time" }, h("time", {}, separator(bubble.at, this.#world.now()))), element];
  }

  #drawHead() {
    const user = this.#world.users.get(this.#openid);
    if (!user) return;
    const session = this.#session;
    const waiting = this.#world.queue.find((one) => one.openid === user.openid);
    refill(byId("conversation-who"), avatar(user.name), h("span", { class: "words" }, h("strong", {}, user.name), status(session, waiting)));
    for (const name of ["half-hour", "transfer-part", "close-session"]) byId(name).hidden = !session;
    byId("words-of-agent").disabled = byId("answer-send").disabled = !session;
    byId("words-of-agent").placeholder = session ? t("desk.answer.as", { nick: session.agent.nick }) : t("desk.answer.closed");
    const others = this.#online.filter((agent) => agent.account !== session?.agent.account);
    fill(
      byId("transfer"),
      h("option", { value: "" }, t(others.length ? "desk.transfer" : "desk.transfer.none")),
      others.map((agent) => h("option", { value: agent.account }, agent.nick)),
    );
    byId("transfer").disabled = !others.length;
    this.tick();
  }

  #act(what, fields = {}) {
    const session = this.#session;
    if (!session) return undefined;
    return trying(() => this.#world.agentDoes(session.agent.account, what, { openid: session.openid, ...fields }));
  }

  async #transfer(select) {
    const to = select.value;
    select.value = "";
    if (to) await this.#act("transfer", { to });
  }

  async #answer(event) {
    event.preventDefault();
    const words = byId("words-of-agent");
    const text = words.value.trim();
    if (!text) return;
    words.value = "";
    if (!(await this.#act("send", { text })) && !words.value) words.value = text;
  }
}

function status(session, waiting) {
  if (session) {
    return h(
      "span",
      { class: "small" },
      t("desk.served", { nick: session.agent.nick }), " · ", t("desk.lapses"), " ", h("span", { "data-until": session.lapses }),
    );
  }
  if (waiting) return h("span", { class: "small" }, t("desk.waits"), " ", h("span", { "data-since": waiting.since }));
  return h("span", { class: "small" }, t("desk.over"));
}

function empty(text) {
  return h("li", { class: "empty" }, text);
}

function sendOnEnter(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  event.target.form.requestSubmit();
}
