// The page: one world, and the panes that show it.

import { Account } from "./account.js";
import { Clock } from "./clock.js";
import { Composer } from "./composer.js";
import { Desk } from "./desk.js";
import { button, byId, fill } from "./dom.js";
import { Faults } from "./faults.js";
import { People } from "./people.js";
import { Phone } from "./phone.js";
import { listenForEscape } from "./sheet.js";
import { Tour } from "./tour.js";
import { Wire } from "./wire.js";
import { loadWords, switchLanguage, t, translatePage } from "./words.js";
import { World } from "./world.js";

const TABS = ["phone", "desk", "data"];
const TICK_MS = 1000;

function showTab(name) {
  document.body.dataset.tab = name;
  for (const tab of TABS) byId(`tab-${tab}`).setAttribute("aria-selected", String(tab === name));
}

function listenToTabs() {
  for (const [index, tab] of TABS.entries()) {
    byId(`tab-${tab}`).addEventListener("click", () => showTab(tab));
    byId(`tab-${tab}`).addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = TABS[(index + step + TABS.length) % TABS.length];
      showTab(next);
      byId(`tab-${next}`).focus();
    });
  }
}

async function start() {
  await loadWords();
  translatePage();
  const world = new World();
  const people = new People(world);
  const composer = new Composer(world, people);
  const phone = new Phone(world, people, composer);
  const desk = new Desk(world);
  const wire = new Wire(world);
  const account = new Account(world);
  const clock = new Clock(world);
  const faults = new Faults(world);
  const tour = new Tour(world, showTab);

  listenToTabs();
  listenForEscape();
  showTab("phone");
  world.on("connection", (connected) => (byId("connection").hidden = connected));
  byId("language").addEventListener("click", () => {
    switchLanguage();
    translatePage();
    account.draw();
    people.draw();
    composer.draw();
    phone.draw();
    desk.redraw();
    wire.draw();
    clock.draw();
    faults.draw();
    tour.draw();
  });
  tour.draw();
  setInterval(() => {
    phone.tick();
    desk.tick();
    clock.tick();
  }, TICK_MS);
  await world.start();
  phone.tick();
  document.body.dataset.ready = "true";
}

start().catch((error) => {
  // Without the platform there is nothing to show but this.
  byId("connection").hidden = false;
  fill(byId("connection"), String(error.message), " ", button({ on: { click: () => location.reload() } }, "↻"));
});
