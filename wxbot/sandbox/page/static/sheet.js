// What slides up over the phone: a notice, or a few fields. One at a time; Escape closes it and the focus returns.

import { button, byId, fill, h } from "./dom.js";
import { t } from "./words.js";

let opener = null;

export function closeSheet() {
  const layer = byId("sheet");
  if (layer.hidden) return;
  layer.hidden = true;
  byId("stage").inert = false;
  opener?.focus({ preventScroll: true });
}

/** Show these elements under a title, as a dialog. */
export function openSheet(title, ...content) {
  const layer = byId("sheet");
  opener = document.activeElement;
  const sheet = h(
    "div",
    { class: "sheet", role: "dialog", "aria-modal": "true", "aria-label": title },
    h("h3", {}, title),
    content,
  );
  fill(layer, sheet);
  layer.hidden = false;
  byId("stage").inert = true;
  (sheet.querySelector("input, select, textarea") ?? sheet.querySelector("button"))?.focus({ preventScroll: true });
}

/** Something that a real phone would do now, and this one only tells. */
export function notice(title, ...lines) {
  openSheet(
    title,
    lines.filter(Boolean).map((line) => h("p", { class: "told" }, line)),
    h("div", { class: "sheet-row" }, button({ class: "primary", on: { click: closeSheet } }, t("fine"))),
  );
}

/** Ask for some values. fields: `{name, label, value?, type?, choices?, required?}`; done gets them by name. */
export function askFor(title, fields, done, { action = t("send") } = {}) {
  const form = h(
    "form",
    { autocomplete: "off" },
    fields.map(field),
    h(
      "div",
      { class: "sheet-row" },
      button({ on: { click: closeSheet } }, t("cancel")),
      h("button", { type: "submit", class: "primary" }, action),
    ),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(form));
    closeSheet();
    done(given);
  });
  openSheet(title, form);
}

function field({ name, label, value = "", type = "text", choices = null, required = false, ...more }) {
  if (type === "file") return fileField(name, label, more);
  const input = choices
    ? h("select", { name }, choices.map(([key, shown]) => h("option", { value: key, selected: key === value }, shown)))
    : h("input", { name, type, value, required, ...more });
  return h("label", { class: "field" }, h("span", {}, label), input);
}

/** The browser's own field speaks the browser's language, not the page's. */
function fileField(name, label, more) {
  const chosen = h("span", {}, t("file.none"));
  const input = h("input", { name, type: "file", class: "unseen", ...more });
  input.addEventListener("change", () => (chosen.textContent = input.files[0]?.name ?? t("file.none")));
  return h("label", { class: "file-field" }, input, h("span", { class: "mini" }, label), chosen);
}

export function listenForEscape() {
  byId("sheet").addEventListener("click", (event) => event.target === byId("sheet") && closeSheet());
  byId("screen").addEventListener("keydown", (event) => event.key === "Escape" && closeSheet());
  byId("sheet").addEventListener("keydown", keepFocusInside);
}

function keepFocusInside(event) {
  if (event.key !== "Tab") return;
  const stops = [...byId("sheet").querySelectorAll("button, input, select, textarea, video")];
  const [first, last] = [stops[0], stops.at(-1)];
  const leaving = event.shiftKey ? document.activeElement === first : document.activeElement === last;
  if (!leaving) return;
  event.preventDefault();
  (event.shiftKey ? last : first)?.focus();
}
