// The platform's side door (docs/rehearsal.md), call by call.

const ROOT = "/sandbox";

/** The platform said no; `message` is its reason in English. */
export class Refused extends Error {
  constructor(status, reason) {
    super(reason);
    this.status = status;
  }
}

async function call(method, path, body) {
  const response = await fetch(ROOT + path, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, answer.error ?? response.statusText);
  return answer;
}

const user = (openid) => `/users/${encodeURIComponent(openid)}`;
const agent = (account) => `/agents/${encodeURIComponent(account)}`;

export const state = () => call("GET", "/state");
export const bubbles = (openid, place, since) =>
  call("GET", `${user(openid)}/${place}?since=${since}`).then((answer) => answer.bubbles);
export const wire = (since) => call("GET", `/wire?since=${since}`).then((answer) => answer.entries);
export const addUser = (fields) => call("POST", "/users", fields);
export const changeUser = (openid, fields) => call("POST", user(openid), fields);
export const userDoes = (openid, what, fields = {}) => call("POST", `${user(openid)}/do`, { what, ...fields });
export const addAgent = (fields) => call("POST", "/agents", fields);
export const agentDoes = (account, what, fields = {}) => call("POST", `${agent(account)}/do`, { what, ...fields });
export const setClock = (fields) => call("POST", "/clock", fields);
export const addFault = (fault) => call("POST", "/faults", fault);
export const endFault = (id) => call("DELETE", `/faults/${id}`);
export const changeAccount = (fields) => call("POST", "/account", fields);
export const reset = () => call("POST", "/reset", {});

export const EVENTS = ["chat", "desk", "typing", "user", "agents", "queue", "menu", "clock", "account", "faults", "wire", "reset"];

/** The stream after event `since`; `told` is called with name, data and number of each. */
export function listen(since, told, broken) {
  const source = new EventSource(`${ROOT}/events?since=${since}`);
  for (const name of EVENTS) {
    source.addEventListener(name, (event) => told(name, JSON.parse(event.data), Number(event.lastEventId)));
  }
  // The browser would try again by itself, but not notice that the platform has started anew.
  source.addEventListener("error", () => {
    source.close();
    broken();
  });
  return source;
}
