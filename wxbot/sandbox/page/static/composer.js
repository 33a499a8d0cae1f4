// What stands below the chat: the account's menu, or the keyboard with emoji and the "+" panel.

import { openMiniProgram, openPage } from "./bubbles.js";
import { button, byId, fill, h, icon } from "./dom.js";
import { askFor, notice } from "./sheet.js";
import { toast, trying } from "./toast.js";
import { t } from "./words.js";

const EMOJI = [..."😀😄😂🤣😊😍😘😜🤔😏😴😭😡😱🥺😅🙄😎🤝👍👎👏🙏💪👌✌👋❤💔🌹🎉🎁🔥✨☀🌙🍉☕🐶🐱"];
const LARGEST_FILE = 10 * 1024 * 1024;
const SCANS = ["scancode_push", "scancode_waitmsg"];

export class Composer {
  #world;
  #people;
  #mode = "";
  #panel = "";
  #menu = "";
  #openid = "";

  constructor(world, people) {
    this.#world = world;
    this.#people = people;
    byId("to-menu").addEventListener("click", () => this.#switch("menu"));
    byId("to-keyboard").addEventListener("click", () => this.#switch("keyboard"));
    byId("emoji").addEventListener("click", () => this.#toggle("emoji"));
    byId("plus").addEventListener("click", () => this.#toggle("plus"));
    byId("write").addEventListener("submit", (event) => this.#send(event));
    byId("words").addEventListener("input", () => this.#weigh());
    byId("composer").addEventListener("keydown", (event) => event.key === "Escape" && this.#fold());
    byId("chat").addEventListener("pointerdown", () => this.#fold());
  }

  /** Show what this follower has below the chat; whoever has no menu types. */
  show(user) {
    const menu = JSON.stringify([user.openid, user.menu]);
    if (user.openid !== this.#openid) this.#mode = "";
    this.#openid = user.openid;
    if (!user.menu.length) this.#mode = "keyboard";
    else if (!this.#mode || this.#menu === JSON.stringify([user.openid, []])) this.#mode = "menu";
    byId("to-menu").hidden = !user.menu.length;
    byId("menu-bar").hidden = this.#mode !== "menu";
    byId("write").hidden = this.#mode === "menu";
    if (menu !== this.#menu) this.#drawMenu(user.menu);
    this.#menu = menu;
    this.#weigh();
  }

  /** Everything anew, in the language of now. */
  draw() {
    this.#menu = "";
    this.#fold();
    if (this.#people.current) this.show(this.#people.current);
  }

  scan() {
    const fields = [{ name: "scene", label: t("scan.scene"), value: "", placeholder: t("scan.hint"), required: true }];
    askFor(t("plus.scan"), fields, ({ scene }) => this.#do("scan", { scene }), { action: t("scan.action") });
  }

  #switch(mode) {
    this.#mode = mode;
    this.#fold();
    this.show(this.#people.current);
    (mode === "menu" ? byId("to-keyboard") : byId("words")).focus({ preventScroll: true });
  }

  #do(what, fields) {
    return trying(() => this.#world.userDoes(this.#people.openid, what, fields));
  }

  #fold() {
    this.#panel = "";
    byId("panel").hidden = true;
    for (const name of ["emoji", "plus"]) byId(name).setAttribute("aria-expanded", "false");
    this.#closeMenus();
  }

  #weigh() {
    const empty = !byId("words").value;
    byId("send").hidden = empty;
    byId("plus").hidden = !empty;
  }

  async #send(event) {
    event.preventDefault();
    const words = byId("words");
    const content = words.value.trim();
    if (!content) return;
    words.value = "";
    this.#weigh();
    words.focus({ preventScroll: true });
    if (!(await this.#do("text", { content })) && !words.value) {
      words.value = content;
      this.#weigh();
    }
  }

  // ---- the panels

  #toggle(name) {
    const opened = this.#panel === name ? "" : name;
    this.#fold();
    if (!opened) return;
    this.#panel = opened;
    byId(opened).setAttribute("aria-expanded", "true");
    fill(byId("panel"), opened === "emoji" ? this.#emoji() : this.#plus());
    byId("panel").hidden = false;
  }

  #emoji() {
    const insert = (one) => {
      byId("words").value += one;
      this.#weigh();
    };
    const keys = EMOJI.map((one) => button({ class: "key", on: { click: () => insert(one) } }, one));
    return h("div", { class: "emoji-keys", role: "group", "aria-label": t("chat.emoji") }, keys);
  }

  #plus() {
    const tiles = {
      image: () => this.#askFile("image", "image/*"),
      voice: () => this.#askVoice(),
      video: () => this.#askFile("video", "video/*"),
      location: () => this.#askLocation(),
      link: () => this.#askLink(),
      file: () => this.#askTitle(),
      sticker: () => this.#do("sticker"),
      scan: () => this.scan(),
    };
    return h(
      "div",
      { class: "tiles" },
      Object.entries(tiles).map(([name, act]) =>
        button({ class: "tile", on: { click: () => this.#pick(act) } }, icon(name), h("span", {}, t(`plus.${name}`))),
      ),
    );
  }

  #pick(act) {
    this.#fold();
    act();
  }

  #askFile(what, accept) {
    const fields = [{ name: "file", label: t("file.own"), type: "file", accept }];
    const send = async ({ file }) => {
      if (!file.size) return this.#do(what);
      if (file.size > LARGEST_FILE) return toast(t("file.large"));
      return this.#do(what, { data: await base64(file), filename: file.name });
    };
    askFor(t(`plus.${what}`), fields, send);
  }

  #askVoice() {
    const fields = [{ name: "recognition", label: t("voice.heard"), value: t("voice.sample") }];
    askFor(t("plus.voice"), fields, ({ recognition }) => this.#do("voice", { recognition }));
  }

  #askLocation() {
    const fields = [
      { name: "label", label: t("location.label"), value: t("location.sample"), required: true },
      { name: "latitude", label: t("location.latitude"), type: "number", step: "any", min: -90, max: 90, value: "31.2304", required: true },
      { name: "longitude", label: t("location.longitude"), type: "number", step: "any", min: -180, max: 180, value: "121.4737", required: true },
    ];
    const send = (given) =>
      this.#do("location", { label: given.label, latitude: Number(given.latitude), longitude: Number(given.longitude) });
    askFor(t("plus.location"), fields, send);
  }

  #askLink() {
    const fields = [
      { name: "title", label: t("link.title"), value: t("link.sample"), required: true },
      { name: "url", label: t("link.url"), type: "url", value: "https://example.com/article", required: true },
      { name: "description", label: t("link.description") },
    ];
    askFor(t("plus.link"), fields, (given) => this.#do("link", given));
  }

  #askTitle() {
    const fields = [{ name: "title", label: t("file.name"), value: t("file.title"), required: true }];
    askFor(t("plus.file"), fields, (given) => this.#do("file", given));
  }

  // ---- the account's menu

  #drawMenu(buttons) {
    fill(byId("menu-columns"), buttons.map((one, index) => this.#column(one, index)));
  }

  #column(one, index) {
    const items = one.sub_button ?? [];
    if (!items.length) {
      return h("div", { class: "column" }, button({ class: "menu-name", on: { click: () => this.#choose(one, [index]) } }, one.name));
    }
    const list = h(
      "div",
      { class: "sub-menu", id: `sub-menu-${index}`, role: "menu", "aria-label": one.name, hidden: true },
      items.map((item, place) =>
        button({ role: "menuitem", on: { click: () => this.#choose(item, [index, place]) } }, item.name),
      ),
    );
    const name = button(
      { class: "menu-name", "aria-haspopup": "menu", "aria-expanded": "false", "aria-controls": list.id },
      icon("lines"),
      one.name,
    );
    name.addEventListener("click", () => this.#openMenu(name, list));
    list.addEventListener("keydown", (event) => walk(event, list, name));
    return h("div", { class: "column" }, list, name);
  }

  #openMenu(name, list) {
    const opening = list.hidden;
    this.#closeMenus();
    if (!opening) return;
    list.hidden = false;
    name.setAttribute("aria-expanded", "true");
    list.querySelector("button").focus({ preventScroll: true });
  }

  #closeMenus() {
    for (const list of byId("menu-columns").querySelectorAll(".sub-menu")) list.hidden = true;
    for (const name of byId("menu-columns").querySelectorAll("[aria-expanded]")) name.setAttribute("aria-expanded", "false");
  }

  async #choose(chosen, path) {
    this.#closeMenus();
    if (SCANS.includes(chosen.type)) {
      const fields = [{ name: "result", label: t("scan.result"), value: "https://example.com/code", required: true }];
      askFor(chosen.name, fields, ({ result }) => this.#do("menu", { path, result }), { action: t("scan.action") });
    } else if (chosen.type === "location_select") {
      const fields = [{ name: "label", label: t("location.label"), value: t("location.sample"), required: true }];
      askFor(chosen.name, fields, ({ label }) => this.#do("menu", { path, label }));
    } else if (await this.#do("menu", { path })) {
      this.#show(chosen);
    }
  }

  /** What the phone itself would open besides telling the account. */
  #show(chosen) {
    if (chosen.type === "view") openPage(chosen.url);
    else if (chosen.type === "miniprogram") openMiniProgram(chosen.appid, chosen.pagepath);
    else if (["media_id", "view_limited", "article_id", "article_view_limited"].includes(chosen.type)) {
      notice(chosen.name, t("opens.published"));
    }
  }
}

/** Arrow keys within a menu; Escape goes back to its name. */
function walk(event, list, name) {
  const items = [...list.querySelectorAll("button")];
  const place = items.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) items[(place + step + items.length) % items.length].focus({ preventScroll: true });
  else if (event.key === "Home") items[0].focus({ preventScroll: true });
  else if (event.key === "End") items.at(-1).focus({ preventScroll: true });
  else if (event.key === "Escape") name.focus({ preventScroll: true });
  else return;
  event.preventDefault();
}

async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let letters = "";
  for (let start = 0; start < bytes.length; start += 0x8000) {
    letters += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  }
  return btoa(letters);
}
