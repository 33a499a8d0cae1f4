// One bubble of a chat as elements. docs/rehearsal.md lists the kinds.

import { avatar, button, byId, h, icon, isHere, ownAddress } from "./dom.js";
import { closeSheet, notice, openSheet } from "./sheet.js";
import { t } from "./words.js";

/**
 * A row of the chat: avatar and bubble, or a note in the middle.
 *
 * @param bubble as the side door gives it.
 * @param cast `{user, account, agent(account)}`: names to show.
 * @param tap called with `{content, id}` when a tap link or a menu entry is tapped; null where nothing can be.
 */
export function row(bubble, cast, tap) {
  if (bubble.kind === "note") return note(bubble);
  const mine = bubble.who === "user";
  const agent = bubble.who === "agent" ? cast.agent(bubble.agent) : "";
  const face = mine ? avatar(cast.user) : agent ? avatar(agent, "agent") : avatar(cast.account, "account");
  const speaker = mine ? cast.user : agent || cast.account;
  return h(
    "div",
    { class: `row ${mine ? "mine" : "theirs"} by-${bubble.who}`, "data-number": bubble.number },
    face,
    h(
      "div",
      { class: "said" },
      h("span", { class: agent ? "speaker" : "unseen" }, speaker),
      content(bubble, tap),
      bubble.ai ? h("span", { class: "small" }, t("bubble.ai")) : null,
    ),
  );
}

/** One line that stands for the bubble in lists. */
export function summary(bubble) {
  if (bubble.text) return bubble.text.replace(/<[^>]*>/g, "").replace(/\s+/g, " ");
  if (bubble.kind === "msgmenu") return bubble.head.map((part) => part.text).join("");
  return `[${t(`kind.${bubble.kind}`)}] ${bubble.title ?? bubble.label ?? ""}`;
}

function note(bubble) {
  const read = bubble.code === "failed" ? "failed" : "aside";
  return h("div", { class: `note ${read}`, "data-code": bubble.code }, h("span", {}, bubble.text));
}

function content(bubble, tap) {
  return (KINDS[bubble.kind] ?? unknown)(bubble, tap);
}

const KINDS = {
  text: (bubble, tap) => h("div", { class: "bubble" }, parts(bubble.parts, tap)),
  image: (bubble) => picture(bubble),
  voice,
  video,
  music: (bubble) => card("music", bubble.title, bubble.description, () => openPage(bubble.url)),
  news: (bubble) => h("div", { class: "news" }, bubble.articles.map(article)),
  miniprogram: (bubble) =>
    card("mini", bubble.title, t("kind.miniprogram"), () => openMiniProgram(bubble.appid, bubble.path), bubble.picture),
  msgmenu: menu,
  card: (bubble) => card("card", t("kind.card"), bubble.card_id, () => notice(t("kind.card"), bubble.card_id)),
  template,
  location: (bubble) => h("div", { class: "card place" }, h("strong", {}, bubble.label || t("kind.location")), map(bubble)),
  link: (bubble) => card("link", bubble.title, bubble.description, () => openPage(bubble.url)),
  file: (bubble) => card("file", bubble.title, t("kind.file"), () => notice(t("kind.file"), bubble.title)),
  sticker: () => h("div", { class: "sticker", role: "img", "aria-label": t("kind.sticker") }, "🐱"),
};

function unknown(bubble) {
  return h("div", { class: "bubble" }, `[${bubble.kind}]`);
}

export function parts(given, tap) {
  return given.map((part) => {
    if (part.tap && tap) return link(part.text, () => tap(part.tap), "tap");
    if (part.miniprogram) return link(part.text, () => openMiniProgram(part.miniprogram.appid, part.miniprogram.path));
    if (part.url) return link(part.text, () => openPage(part.url));
    return part.tap ? h("span", { class: "tapped" }, part.text) : part.text;
  });
}

function link(label, action, kind = "") {
  return button({ class: `textlink ${kind}`, on: { click: action } }, label);
}

function menu(bubble, tap) {
  const entries = bubble.entries.map((entry) =>
    h("li", {}, tap ? link(entry.content, () => tap(entry), "tap") : h("span", { class: "tapped" }, entry.content)),
  );
  return h(
    "div",
    { class: "bubble menu" },
    h("p", {}, parts(bubble.head, tap)),
    h("ul", {}, entries),
    bubble.tail.length ? h("p", {}, parts(bubble.tail, tap)) : null,
  );
}

function picture(bubble) {
  const missing = () => h("span", { class: "missing" }, icon("image"), h("span", {}, t("kind.image")));
  const address = ownAddress(bubble.url);
  if (!address) return h("div", { class: "picture" }, missing());
  const image = h("img", { src: address, alt: t("kind.image"), loading: "lazy" });
  const frame = button(
    {
      class: "picture",
      "aria-label": t("kind.image"),
      on: { click: () => openSheet(t("kind.image"), h("img", { class: "large", src: address, alt: "" }), closing()) },
    },
    image,
  );
  image.addEventListener("error", () => image.replaceWith(missing()));
  return frame;
}

function voice(bubble) {
  const play = button(
    { class: "bubble voice", "aria-label": t("bubble.play"), on: { click: () => listenTo(bubble.url, play) } },
    icon("voice"),
    h("span", {}, "3″"),
  );
  return [play, bubble.recognition ? h("span", { class: "recognised" }, bubble.recognition) : null];
}

function listenTo(url, play) {
  const address = ownAddress(url);
  play.classList.add("playing");
  const ended = () => play.classList.remove("playing");
  if (!address) return void setTimeout(ended, 1500);
  const audio = new Audio(address);
  audio.addEventListener("ended", ended);
  // Most samples are AMR, which WeChat plays and browsers do not.
  audio.play().catch(() => setTimeout(ended, 1500));
}

function video(bubble) {
  const play = () =>
    openSheet(
      bubble.title || t("kind.video"),
      h("video", { class: "large", src: ownAddress(bubble.url) || null, controls: true, preload: "none" }),
      bubble.description ? h("p", { class: "told" }, bubble.description) : null,
      closing(),
    );
  return h(
    "div",
    { class: "film" },
    button({ class: "frame", "aria-label": t("bubble.play"), on: { click: play } }, icon("play")),
    bubble.title ? h("strong", {}, bubble.title) : null,
  );
}

function closing() {
  return h("div", { class: "sheet-row" }, button({ class: "primary", on: { click: closeSheet } }, t("fine")));
}

function article(one, index) {
  const address = ownAddress(one.picture);
  return button(
    { class: index ? "article" : "article lead", on: { click: () => openPage(one.url) } },
    one.picture || !index
      ? h("span", { class: "cover" }, address ? h("img", { src: address, alt: "" }) : icon("article"))
      : null,
    h("strong", {}, one.title),
    one.description && !index ? h("span", { class: "small" }, one.description) : null,
  );
}

function template(bubble) {
  const open = bubble.miniprogram
    ? () => openMiniProgram(bubble.miniprogram.appid, bubble.miniprogram.path)
    : bubble.url
      ? () => openPage(bubble.url)
      : null;
  return h(
    "div",
    { class: "card template" },
    h("strong", {}, bubble.title),
    bubble.lines.map((line) => templateLine(line)),
    open ? button({ class: "more", on: { click: open } }, t("bubble.details"), icon("next")) : null,
  );
}

function templateLine(line) {
  const [label, ...rest] = line.split("：");
  if (!rest.length) return h("p", {}, line);
  return h("p", {}, h("span", { class: "label" }, label), h("span", {}, rest.join("：")));
}

function card(symbol, title, description, open, picture = "") {
  const address = ownAddress(picture);
  return button(
    { class: `card ${symbol}`, on: { click: open } },
    h("span", { class: "words" }, h("strong", {}, title), description ? h("span", { class: "small" }, description) : null),
    h("span", { class: "symbol" }, address ? h("img", { src: address, alt: "" }) : icon(symbol)),
  );
}

function map(bubble) {
  const place = `${Number(bubble.latitude).toFixed(4)}, ${Number(bubble.longitude).toFixed(4)}`;
  return [h("span", { class: "small" }, place), h("span", { class: "map", "aria-hidden": "true" }, icon("location"))];
}

/** Pages of the bot are opened for real, as whoever holds the phone; others are only told. */
export function openPage(url) {
  notice(t("opens.page"), url || t("opens.nothing"), isHere(url) ? newTab(url) : t("opens.harmless"));
}

function newTab(url) {
  const opened = new URLSearchParams({ user: byId("screen").dataset.user, url });
  return h(
    "a",
    { class: "textlink", href: `/connect/open?${opened}`, target: "_blank", rel: "noopener", on: { click: closeSheet } },
    t("opens.now"),
  );
}

export function openMiniProgram(appid, path) {
  notice(t("opens.miniprogram"), [appid, path].filter(Boolean).join(" · "), t("opens.harmless"));
}
