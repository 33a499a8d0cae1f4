// What went over the wire, newest first; a line opens to its request and response.

import { button, byId, fill, h, icon } from "./dom.js";
import { second } from "./times.js";
import { known, t } from "./words.js";

const SHOWN = 200;
// A bot asks these every few seconds; only what goes wrong is worth a line.
const POLLS = new Set(["cgi-bin/customservice/getonlinekflist", "customservice/kfsession/getwaitcase"]);
const FINE = new Set(["reply", "silence", "transfer", "ai", "checked", "ok"]);

export class Wire {
  #world;
  #only = "all";
  #opened = new Set();
  #raw = new Set();

  constructor(world) {
    this.#world = world;
    world.on("loaded", () => this.draw());
    world.on("wire", (entry) => this.#add(entry));
    for (const one of byId("wire-filter").querySelectorAll("button")) {
      one.addEventListener("click", () => this.#filter(one.dataset.only));
    }
  }

  draw() {
    for (const one of byId("wire-filter").querySelectorAll("button")) {
      one.setAttribute("aria-pressed", String(one.dataset.only === this.#only));
    }
    const shown = [...this.#world.wire.values()].filter((entry) => this.#wanted(entry)).slice(-SHOWN);
    fill(byId("wire"), shown.reverse().map((entry) => this.#entry(entry)));
    this.#count();
  }

  #filter(only) {
    this.#only = only;
    this.draw();
  }

  #wanted(entry) {
    const poll = POLLS.has(entry.name) && ["", "ok"].includes(entry.verdict);
    return !poll && (this.#only === "all" || entry.direction === this.#only);
  }

  #add(entry) {
    if (!this.#wanted(entry)) return;
    const list = byId("wire");
    const standing = list.querySelector(`[data-number="${entry.number}"]`);
    const element = this.#entry(entry);
    if (standing) {
      const focused = standing.contains(document.activeElement);
      standing.replaceWith(element);
      if (focused) element.querySelector("button").focus({ preventScroll: true });
    } else {
      element.classList.add("fresh");
      list.prepend(element);
      if (list.childElementCount > SHOWN) list.lastElementChild.remove();
    }
    this.#count();
  }

  #count() {
    byId("wire-none").hidden = byId("wire").childElementCount > 0;
  }

  #entry(entry) {
    const opened = this.#opened.has(entry.number);
    const head = button(
      { class: "wire-line", "aria-expanded": String(opened), on: { click: () => this.#toggle(entry.number) } },
      h("span", { class: "at" }, second(entry.at)),
      h("span", { class: `way ${entry.direction}` }, icon(entry.direction === "push" ? "in" : "out"), t(`wire.${entry.direction}`)),
      h("span", { class: "what" }, h("span", { class: "name" }, entry.name), this.#whose(entry)),
      h("span", { class: "tries" }, entry.try > 1 ? t("wire.try", { number: entry.try }) : ""),
      h("span", { class: "ms" }, entry.response || entry.verdict ? `${entry.ms} ms` : "…"),
      verdict(entry),
    );
    const item = h("li", { class: "wire-entry", "data-number": entry.number }, head);
    if (opened) item.append(this.#body(entry));
    return item;
  }

  #whose(entry) {
    const user = this.#world.users.get(entry.openid);
    return user ? h("span", { class: "whose" }, user.name) : null;
  }

  #toggle(number, set = this.#opened) {
    if (!set.delete(number)) set.add(number);
    const element = this.#entry(this.#world.wire.get(number));
    const standing = byId("wire").querySelector(`[data-number="${number}"]`);
    standing.replaceWith(element);
    element.querySelector(set === this.#raw ? ".form button[aria-pressed=true]" : "button").focus({ preventScroll: true });
  }

  #body(entry) {
    const raw = this.#raw.has(entry.number);
    const form = (wanted, label) =>
      button({ "aria-pressed": String(raw === wanted), on: { click: () => raw !== wanted && this.#toggle(entry.number, this.#raw) } }, label);
    const told = [entry.reason, entry.fault && t("wire.fault", { fault: entry.fault })].filter(Boolean);
    return h(
      "div",
      { class: "wire-body" },
      h("div", { class: "form segmented", role: "group" }, form(false, t("wire.open")), form(true, t("wire.raw"))),
      told.length ? h("p", { class: "reason" }, told.join(" · ")) : null,
      h("div", { class: "sides" }, request(entry.request, raw), response(entry.response, raw)),
    );
  }
}

function verdict(entry) {
  if (!entry.verdict) return h("span", { class: "verdict pending" }, t("verdict.pending"));
  const label = known(`verdict.${entry.verdict}`) ? t(`verdict.${entry.verdict}`) : entry.verdict;
  const kind = FINE.has(entry.verdict) ? entry.verdict : "bad";
  return h("span", { class: `verdict ${kind}`, title: entry.reason || null }, label);
}

function request(side, raw) {
  const query = Object.entries(side.query ?? {}).map(([name, value], index) => `${index ? "&" : "?"}${name}=${value}`);
  const address = `${side.method} ${side.url.split("?")[0]}`;
  return half(t("wire.request"), raw ? [address, ...query].join("\n") : address, side, raw);
}

function response(side, raw) {
  if (!side) return half(t("wire.response"), t("wire.nothing"), { raw: "", open: "" }, raw);
  return half(t("wire.response"), `HTTP ${side.status}`, side, raw);
}

function half(title, head, side, raw) {
  const body = raw ? side.raw : readable(side.open);
  return h(
    "div",
    { class: "side" },
    h("h4", {}, title),
    h("pre", { class: "head", tabindex: "0" }, head),
    h("pre", { class: raw ? "raw" : "", tabindex: "0" }, body || t("wire.empty")),
  );
}

/** XML one element a line; anything else as it is. */
function readable(text) {
  if (!text?.trimStart().startsWith("<xml")) return text;
  let depth = 0;
  const pieces = text.match(/<!\[CDATA\[[\s\S]*?\]\]>|<[^>]+>|[^<]+/g) ?? [];
  let out = "";
  for (const [index, piece] of pieces.entries()) {
    const tag = piece.startsWith("<") && !piece.startsWith("<![");
    if (!tag) {
      out += piece.trim() ? piece : "";
    } else if (piece.startsWith("</")) {
      depth -= 1;
      const parent = index && /^<\//.test(previous(pieces, index));
      out += parent ? `\n${"  ".repeat(depth)}${piece}` : piece;
    } else {
      out += `${out ? "\n" : ""}${"  ".repeat(depth)}${piece}`;
      if (!piece.endsWith("/>")) depth += 1;
    }
  }
  return out;
}

/** The last piece before this one that is not blank. */
function previous(pieces, index) {
  return pieces.slice(0, index).findLast((piece) => piece.trim()) ?? "";
}
