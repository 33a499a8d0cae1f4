// The page's words: Chinese first, English on request, remembered.

const REMEMBERED = "wxbot.language";
const LANGUAGES = { zh: { place: 0, tag: "zh-CN" }, en: { place: 1, tag: "en" } };

let words = {};
let language = localStorage.getItem(REMEMBERED) in LANGUAGES ? localStorage.getItem(REMEMBERED) : "zh";

export async function loadWords() {
  words = await (await fetch("/page/words.json")).json();
}

/** The wording of that name, its `{placeholders}` filled in. */
export function t(key, values = {}) {
  const wording = words[key]?.[LANGUAGES[language].place] ?? key;
  return wording.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function known(key) {
  return key in words;
}

export function tag() {
  return LANGUAGES[language].tag;
}

export function switchLanguage() {
  language = language === "zh" ? "en" : "zh";
  localStorage.setItem(REMEMBERED, language);
}

/** Put the language's words where the page was served with Chinese ones. */
export function translatePage() {
  document.documentElement.lang = tag();
  document.title = t("title");
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-t-label]")) {
    element.setAttribute("aria-label", t(element.dataset.tLabel));
    if (element.matches("button")) element.title = t(element.dataset.tLabel);
  }
  for (const element of document.querySelectorAll("[data-t-hint]")) element.placeholder = t(element.dataset.tHint);
}
