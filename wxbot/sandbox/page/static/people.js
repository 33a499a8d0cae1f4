// The people with a phone: who is shown, who wrote meanwhile, who is new.

import { avatar, button, byId, h, icon, refill } from "./dom.js";
import * as door from "./door.js";
import { trying } from "./toast.js";
import { t } from "./words.js";

const REMEMBERED = "wxbot.person";
const NAMES = ["小林", "陈晨", "阿梅", "老周", "Lily", "王磊", "小鹿", "赵敏", "大刘", "Kevin", "思思", "阿强"];

export class People {
  #world;
  #unread = new Map();
  #listeners = [];
  openid = "";

  constructor(world) {
    this.#world = world;
    world.on("loaded", () => this.#settle());
    world.on("user", (user) => {
      if (!this.#world.users.has(this.openid)) this.select(user.openid);
      this.#draw();
    });
    world.on("chat", ({ openid, bubbles }) => this.#count(openid, bubbles));
  }

  /** The one whose phone is shown; undefined while there is nobody. */
  get current() {
    return this.#world.users.get(this.openid);
  }

  onSelect(listener) {
    this.#listeners.push(listener);
  }

  select(openid) {
    this.openid = openid;
    this.#unread.delete(openid);
    byId("screen").dataset.user = openid;
    sessionStorage.setItem(REMEMBERED, openid);
    this.#draw();
    for (const listener of this.#listeners) listener();
  }

  draw() {
    this.#draw();
  }

  #settle() {
    const remembered = this.openid || sessionStorage.getItem(REMEMBERED);
    const found = this.#world.users.has(remembered) ? remembered : this.#world.users.keys().next().value;
    this.#unread.clear();
    this.select(found ?? "");
  }

  #count(openid, bubbles) {
    const heard = bubbles.filter((bubble) => bubble.who === "account" || bubble.who === "agent").length;
    if (openid === this.openid || !heard) return;
    this.#unread.set(openid, (this.#unread.get(openid) ?? 0) + heard);
    this.#draw();
  }

  #draw() {
    refill(byId("people"), [...this.#world.users.values()].map((user) => this.#tab(user)), this.#newcomer());
  }

  #tab(user) {
    const unread = this.#unread.get(user.openid) ?? 0;
    return button(
      {
        class: "person",
        "data-key": user.openid,
        "aria-pressed": String(user.openid === this.openid),
        on: { click: () => this.select(user.openid) },
      },
      avatar(user.name),
      h("span", {}, user.name),
      unread ? h("span", { class: "badge", "aria-label": t("people.unread", { number: unread }) }, unread) : null,
    );
  }

  #newcomer() {
    const label = t("people.new");
    return button(
      { class: "person new", id: "new-person", "aria-label": label, title: label, on: { click: () => this.#add() } },
      icon("plus"),
      this.#world.users.size < 2 ? h("span", {}, label) : null,
    );
  }

  async #add() {
    const taken = new Set([...this.#world.users.values()].map((user) => user.name));
    const name = NAMES.find((one) => !taken.has(one)) ?? `${NAMES[0]}${taken.size}`;
    const user = await trying(() => door.addUser({ name }));
    if (!user) return;
    this.#world.users.set(user.openid, user);
    this.select(user.openid);
  }
}
