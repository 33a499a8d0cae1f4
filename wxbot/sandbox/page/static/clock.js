// The platform's clock: shown, moved on, set.

import { byId } from "./dom.js";
import * as door from "./door.js";
import { day, local, second, span } from "./times.js";
import { trying } from "./toast.js";
import { t } from "./words.js";

const NOTED_S = 2;

export class Clock {
  #world;

  constructor(world) {
    this.#world = world;
    world.on("loaded clock", () => this.draw());
    for (const one of document.querySelectorAll("[data-advance]")) {
      one.addEventListener("click", () => trying(() => door.setClock({ advance: Number(one.dataset.advance) })));
    }
    byId("clock-real").addEventListener("click", () => trying(() => door.setClock({ real: true })));
    byId("clock-set").addEventListener("click", () => this.#toggle());
    byId("clock-form").addEventListener("submit", (event) => this.#set(event));
  }

  draw() {
    const { offset } = this.#world.clock;
    const moved = Math.abs(offset) >= NOTED_S;
    byId("clock-real").hidden = !moved;
    byId("clock").classList.toggle("moved", moved);
    byId("clock-offset").textContent = moved ? `${offset > 0 ? "+" : "−"}${span(Math.abs(offset))}` : t("clock.true");
    this.tick();
  }

  tick() {
    const now = this.#world.now();
    byId("clock-time").textContent = second(now);
    byId("clock-day").textContent = day(now);
  }

  #toggle() {
    const form = byId("clock-form");
    form.hidden = !form.hidden;
    byId("clock-set").setAttribute("aria-expanded", String(!form.hidden));
    if (form.hidden) return;
    byId("clock-value").value = local(this.#world.now());
    byId("clock-value").focus({ preventScroll: true });
  }

  async #set(event) {
    event.preventDefault();
    const given = byId("clock-value").value;
    if (given && (await trying(() => door.setClock({ set: given })))) this.#toggle();
  }
}
