// Switches for what can go wrong between WeChat and a bot.

import { byId, h, refill } from "./dom.js";
import * as door from "./door.js";
import { trying } from "./toast.js";
import { t } from "./words.js";

const SEND = "cgi-bin/message/custom/send";
// The words of each are in words.json as fault.<name>.
const SWITCHES = {
  push: {
    slow: { path: "push", kind: "slow", value: 3 },
    late: { path: "push", kind: "slow", value: 6 },
    lost: { path: "push", kind: "drop", after: true },
    cut: { path: "push", kind: "drop", after: false },
    twice: { path: "push", kind: "duplicate" },
    reorder: { path: "push", kind: "reorder" },
    events: { path: "push", kind: "duplicate", name: "event" },
    ending: { path: "push", kind: "lose", name: "kf_close_session" },
  },
  api: {
    busy: { path: "", kind: "refuse", value: -1 },
    token: { path: "", kind: "refuse", value: 40001 },
    used: { path: SEND, kind: "refuse", value: 45047 },
    quota: { path: SEND, kind: "refuse", value: 45009 },
    apislow: { path: "", kind: "slow", value: 3 },
    answer: { path: SEND, kind: "drop", after: true },
    html: { path: "", kind: "html" },
    gone: { path: "cgi-bin/customservice/getonlinekflist", kind: "offline" },
    session: { path: "customservice/kfsession/create", kind: "refuse", value: 65415 },
  },
};

export class Faults {
  #world;

  constructor(world) {
    this.#world = world;
    world.on("loaded faults", () => this.draw());
    byId("faults-open").addEventListener("click", () => this.#toggle());
  }

  draw() {
    const { faults } = this.#world;
    const left = new Set(faults);
    for (const [group, switches] of Object.entries(SWITCHES)) {
      refill(byId(`faults-${group}`), Object.entries(switches).map(([name, fault]) => this.#switch(name, fault, left)));
    }
    refill(byId("faults-other"), [...left].map((fault) => this.#line(describe(fault), fault, () => this.#end(fault))));
    byId("faults-count").textContent = faults.length;
    byId("faults-count").hidden = !faults.length;
  }

  #toggle() {
    const panel = byId("faults");
    panel.hidden = !panel.hidden;
    byId("faults-open").setAttribute("aria-expanded", String(!panel.hidden));
  }

  #switch(name, wanted, left) {
    const on = [...left].find((fault) => same(fault, wanted));
    left.delete(on);
    return this.#line(t(`fault.${name}`), on, () => (on ? this.#end(on) : this.#begin(wanted)), name);
  }

  #line(label, on, act, key = label) {
    const times = on && on.times !== null ? t("fault.times", { number: on.times }) : "";
    return h(
      "li",
      {},
      h("span", {}, label, times ? h("span", { class: "small" }, ` ${times}`) : null),
      h(
        "button",
        {
          type: "button",
          class: "switch danger",
          role: "switch",
          "aria-checked": String(Boolean(on)),
          "aria-label": label,
          "data-key": key,
          on: { click: act },
        },
        h("span", { class: "knob" }),
      ),
    );
  }

  #begin(fault) {
    const times = byId("faults-once").checked ? 1 : null;
    return trying(() => door.addFault({ ...fault, times }));
  }

  #end(fault) {
    return trying(() => door.endFault(fault.id));
  }
}

function same(fault, wanted) {
  const whole = { openid: "", name: "", agent: "", until: null, ...wanted };
  return Object.entries(whole).every(([name, value]) => fault[name] === value);
}

function describe(fault) {
  return [fault.path || "API", fault.kind, fault.value, fault.name, fault.openid].filter((part) => part !== "").join(" ");
}
