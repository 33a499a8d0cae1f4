// The account: its state at the top, and what its owner may change in the back office.

import { byId, h, refill } from "./dom.js";
import * as door from "./door.js";
import { trying } from "./toast.js";
import { t } from "./words.js";

const MODES = ["plain", "compatible", "safe"];
// The words of each are in words.json as type.<name>.
const TYPES = {
  service: { type: "service", verified: true },
  subscription: { type: "subscription", verified: true },
  unverified: { verified: false },
};

export class Account {
  #world;
  #sure = false;

  constructor(world) {
    this.#world = world;
    world.on("loaded account clock", () => this.draw());
    byId("account-open").addEventListener("click", () => this.#toggle());
    byId("account-form").addEventListener("keydown", (event) => event.key === "Escape" && this.#toggle());
    byId("account-modes").addEventListener("change", ({ target }) => this.#change({ mode: target.value }));
    byId("account-types").addEventListener("change", ({ target }) => this.#change(TYPES[target.value]));
    byId("account-reset").addEventListener("click", () => this.#reset());
  }

  draw() {
    const { account } = this.#world;
    const [key, kind] = this.#state(account);
    byId("account-name").textContent = account.name;
    byId("account-mode").textContent = t(`mode.${account.mode || "safe"}`);
    byId("account-state").className = `state ${kind}`;
    byId("account-state").textContent = t(key);
    choices("account-modes", MODES, "mode", account.mode);
    choices("account-types", Object.keys(TYPES), "type", account.verified ? account.type : "unverified");
    byId("account-reset").textContent = t(this.#sure ? "account.reset.sure" : "account.reset");
  }

  #state(account) {
    if (account.paused_until > this.#world.now()) return ["account.paused", "bad"];
    if (!account.bot) return ["account.alone", "idle"];
    return account.url_checked ? ["account.fine", "good"] : ["account.unchecked", "idle"];
  }

  #toggle() {
    const form = byId("account-form");
    form.hidden = !form.hidden;
    byId("account-open").setAttribute("aria-expanded", String(!form.hidden));
    this.#sure = false;
    this.draw();
    (form.hidden ? byId("account-open") : byId("account-modes")).focus({ preventScroll: true });
  }

  async #change(fields) {
    await trying(() => door.changeAccount(fields));
    // What the platform did not agree to is taken back.
    this.draw();
  }

  async #reset() {
    if (this.#sure && (await trying(() => door.reset()))) return this.#toggle();
    this.#sure = true;
    return this.draw();
  }
}

function choices(id, names, words, chosen) {
  refill(byId(id), names.map((name) => h("option", { value: name, selected: name === chosen }, t(`${words}.${name}`))));
  byId(id).value = chosen;
}
