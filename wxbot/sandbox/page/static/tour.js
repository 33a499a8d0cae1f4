// Six things to try. Each ticks itself off when it has happened; all of it is remembered.

import { button, byId, h, icon, refill } from "./dom.js";
import { t } from "./words.js";

const REMEMBERED = "wxbot.tour";
// What to look at for each step, in which tab.
const STEPS = [
  { name: "follow", tab: "phone", at: ["#follow", "#composer"] },
  { name: "menu", tab: "phone", at: ["#menu-bar:not([hidden])", "#to-menu", "#composer"] },
  { name: "ask", tab: "phone", at: ["#words", "#to-keyboard"] },
  { name: "tap", tab: "phone", at: ["#chat .row:last-of-type .tap", "#chat"] },
  { name: "human", tab: "phone", at: ["#words", "#to-keyboard"] },
  { name: "answer", tab: "desk", at: ["#answer:not([hidden])", "#agents .switch", "#desk"] },
];
const SPOT_MS = 2200;

export class Tour {
  #done;
  #closed;
  #showTab;

  /** showTab: brings a tab forward where only one is seen at a time. */
  constructor(world, showTab) {
    const kept = JSON.parse(localStorage.getItem(REMEMBERED) ?? "{}");
    this.#done = new Set(kept.done ?? []);
    this.#closed = kept.closed ?? false;
    this.#showTab = showTab;
    world.on("did", ({ agent, what }) => this.#did(agent ? `agent ${what}` : what));
    world.on("user", (user) => (user.queued || user.agent) && this.#tick("human"));
    byId("tour-close").addEventListener("click", () => this.#close(true));
    byId("tour-open").addEventListener("click", () => this.#close(!this.#closed));
  }

  draw() {
    const next = STEPS.find((step) => !this.#done.has(step.name));
    byId("tour").hidden = this.#closed;
    byId("tour-open").setAttribute("aria-expanded", String(!this.#closed));
    byId("tour-end").hidden = Boolean(next);
    refill(byId("tour-steps"), STEPS.map((step, index) => this.#step(step, index, step === next)));
  }

  #step(step, index, isNext) {
    const done = this.#done.has(step.name);
    return h(
      "li",
      { class: done ? "done" : isNext ? "next" : "", "data-step": step.name, "aria-current": isNext ? "step" : null },
      button(
        { "data-key": step.name, on: { click: () => this.#point(step) } },
        h("span", { class: "dot" }, done ? icon("tick") : String(index + 1)),
        h("span", { class: "words" }, h("strong", {}, t(`tour.${step.name}`)), h("span", { class: "small" }, t(`tour.${step.name}.how`))),
        done ? h("span", { class: "unseen" }, t("tour.done")) : null,
      ),
    );
  }

  #did(what) {
    const step = { follow: "follow", scan: "follow", menu: "menu", text: "ask", tap: "tap", "agent send": "answer" }[what];
    if (step) this.#tick(step);
  }

  #tick(name) {
    if (this.#done.has(name)) return;
    this.#done.add(name);
    this.#keep();
  }

  #close(closed) {
    this.#closed = closed;
    // Whoever opens it again when all is done wants to go through it again.
    if (!closed && this.#done.size === STEPS.length) this.#done.clear();
    this.#keep();
    if (closed) byId("tour-open").focus({ preventScroll: true });
  }

  #keep() {
    localStorage.setItem(REMEMBERED, JSON.stringify({ done: [...this.#done], closed: this.#closed }));
    this.draw();
  }

  #point(step) {
    this.#showTab(step.tab);
    const target = step.at.map((selector) => document.querySelector(selector)).find((found) => found?.offsetParent);
    if (!target) return;
    target.classList.add("spot");
    target.focus({ preventScroll: true });
    setTimeout(() => target.classList.remove("spot"), SPOT_MS);
  }
}
