// What the page knows of the platform, kept true by its events.

import * as door from "./door.js";

const RETRY_MS = 1000;
const WIRE_KEPT = 300;
const FIRST_USER = { name: "小林" };
const FIRST_AGENTS = [
  { account: "kf2001", nick: "小美", online: false },
  { account: "kf2002", nick: "阿杰", online: false },
];

export class World {
  #listeners = new Map();
  #seen = 0;
  #drift = 0;
  #talks = { chat: new Map(), desk: new Map() };
  #loading = new Map();

  clock = { now: 0, offset: 0 };
  account = { name: "", mode: "", bot: "" };
  users = new Map();
  agents = [];
  queue = [];
  faults = [];
  wire = new Map();

  /** Call `listener(data)` whenever `name` happens: an event of the side door, `loaded`, `did` or `connection`. */
  on(name, listener) {
    for (const one of name.split(" ")) {
      if (!this.#listeners.has(one)) this.#listeners.set(one, []);
      this.#listeners.get(one).push(listener);
    }
  }

  emit(name, data) {
    for (const listener of this.#listeners.get(name) ?? []) listener(data);
  }

  /** Unix seconds on the platform's clock. */
  now() {
    return Date.now() / 1000 + this.#drift;
  }

  talk(openid, place) {
    return this.#talks[place].get(openid) ?? [];
  }

  async start() {
    await this.#load();
    await this.#invite();
    this.#listen();
  }

  /** Fetch what is missing of a chat or desk; calls for the same one share a request. */
  catchUp(openid, place) {
    const key = `${place} ${openid}`;
    if (!this.#loading.has(key)) {
      const loading = this.#fetchTalk(openid, place).finally(() => this.#loading.delete(key));
      this.#loading.set(key, loading);
    }
    return this.#loading.get(key);
  }

  /** Let the follower do something; listeners of `did` hear of it once the platform has agreed. */
  async userDoes(openid, what, fields) {
    const outcome = await door.userDoes(openid, what, fields);
    this.emit("did", { openid, what });
    return outcome;
  }

  async agentDoes(account, what, fields) {
    const agent = await door.agentDoes(account, what, fields);
    this.emit("did", { agent: account, what });
    return agent;
  }

  async #load() {
    const state = await door.state();
    this.#seen = state.last.events;
    this.#setClock(state.clock);
    this.account = state.account;
    this.users = new Map(state.users.map((user) => [user.openid, user]));
    this.agents = state.agents;
    this.queue = state.queue;
    this.faults = state.faults;
    this.#talks = { chat: new Map(), desk: new Map() };
    const entries = await door.wire(Math.max(0, state.last.wire - WIRE_KEPT));
    this.wire = new Map(entries.map((entry) => [entry.number, entry]));
    this.emit("loaded");
  }

  async #invite() {
    const quietly = (call) => call.catch(() => null);
    if (!this.users.size) await quietly(door.addUser(FIRST_USER));
    if (!this.agents.length) for (const agent of FIRST_AGENTS) await quietly(door.addAgent(agent));
  }

  #listen() {
    this.emit("connection", true);
    door.listen(this.#seen, (name, data, number) => this.#told(name, data, number), () => this.#again());
  }

  #again() {
    this.emit("connection", false);
    setTimeout(async () => {
      try {
        const state = await door.state();
        // Numbers that went back mean a platform that was started anew.
        if (state.last.events < this.#seen) {
          await this.#load();
          await this.#invite();
        }
        this.#listen();
      } catch {
        this.#again();
      }
    }, RETRY_MS);
  }

  #told(name, data, number) {
    if (number) this.#seen = number;
    this.#take[name]?.(data);
    if (name !== "chat" && name !== "desk") this.emit(name, data);
  }

  #take = {
    user: (user) => this.users.set(user.openid, user),
    typing: ({ openid, on }) => {
      const user = this.users.get(openid);
      if (user) user.typing = on;
    },
    agents: ({ agents }) => (this.agents = agents),
    queue: ({ queue }) => (this.queue = queue),
    clock: (clock) => this.#setClock(clock),
    account: (account) => (this.account = account),
    faults: ({ faults }) => (this.faults = faults),
    wire: (entry) => {
      this.wire.set(entry.number, entry);
      if (this.wire.size > WIRE_KEPT) this.wire.delete(this.wire.keys().next().value);
    },
    chat: ({ openid, bubble }) => this.#add(openid, "chat", bubble),
    desk: ({ openid, bubble }) => this.#add(openid, "desk", bubble),
    reset: () => this.#load().then(() => this.#invite()),
  };

  #add(openid, place, bubble) {
    const bubbles = this.talk(openid, place);
    if (bubble.number > bubbles.length + 1) {
      this.catchUp(openid, place);
    } else if (bubble.number === bubbles.length + 1) {
      this.#talks[place].set(openid, [...bubbles, bubble]);
      this.emit(place, { openid, bubbles: [bubble] });
    }
  }

  async #fetchTalk(openid, place) {
    const since = this.talk(openid, place).length;
    const fetched = await door.bubbles(openid, place, since);
    // Events may have been faster than this answer.
    const fresh = fetched.filter((bubble) => bubble.number > this.talk(openid, place).length);
    if (!fresh.length) return;
    this.#talks[place].set(openid, [...this.talk(openid, place), ...fresh]);
    this.emit(place, { openid, bubbles: fresh });
  }

  #setClock(clock) {
    this.clock = clock;
    this.#drift = clock.now - Date.now() / 1000;
  }
}
