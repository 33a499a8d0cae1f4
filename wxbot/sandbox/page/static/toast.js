// A short word about something that could not be done.

import { byId } from "./dom.js";
import { Refused } from "./door.js";
import { t } from "./words.js";

const SHOWN_MS = 3500;
let timer = 0;

export function toast(text) {
  const place = byId("toast");
  place.textContent = text;
  place.classList.add("shown");
  clearTimeout(timer);
  timer = setTimeout(() => place.classList.remove("shown"), SHOWN_MS);
}

/** Do it, and tell when the platform refuses or is away. Gives undefined then. */
export async function trying(action) {
  try {
    return await action();
  } catch (error) {
    if (error instanceof Refused) toast(t("refused", { reason: error.message }));
    else if (error instanceof TypeError) toast(t("lost"));
    else throw error;
    return undefined;
  }
}
