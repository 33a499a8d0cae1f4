// Elements from values. Strings become text nodes; nothing here ever reads markup.

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element. `given` holds attributes; `on` its listeners by event. true sets an attribute empty,
 * false, null and undefined leave it out. Children may be nested in arrays; null and false are skipped.
 */
export function h(tag, given = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== false && child !== undefined));
  return element;
}

/** One of the symbols in the page's own sprite; silent for screen readers. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

export function button(given, ...children) {
  return h("button", { type: "button", ...given }, ...children);
}

export function byId(id) {
  return document.getElementById(id);
}

export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter(Boolean));
}

/** Put new children in place without taking the focus away from whoever works there. */
export function refill(element, ...children) {
  const active = element.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  fill(element, ...children);
  if (active) element.querySelector(`[data-key="${CSS.escape(active)}"]`)?.focus({ preventScroll: true });
}

/** A coloured square with the first letter of a name; the same name always looks the same. */
export function avatar(name, kind = "user") {
  if (kind === "account") return h("span", { class: "avatar of-account", "aria-hidden": "true" }, icon("leaf"));
  const hue = [...name].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 8;
  return h("span", { class: `avatar of-${kind} hue-${hue}`, "aria-hidden": "true" }, [...name].at(-1) ?? "");
}

/** An address as far as this page may load it: on this host, else ''. */
export function ownAddress(url) {
  if (!url) return "";
  try {
    const address = new URL(url, location.href);
    return address.origin === location.origin ? address.pathname + address.search : "";
  } catch {
    return "";
  }
}

/** Whether an address leads to this machine, where the bot of a rehearsal is. */
export function isHere(url) {
  try {
    return new URL(url).hostname === location.hostname;
  } catch {
    return false;
  }
}
