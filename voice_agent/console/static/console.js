// What every page has: the keyboard, the help, and a way to post and to tell.

import { forget, restored, sent, unsent } from "./drafts.js";

/** The session's token, which every POST carries. */
export const csrf = document.querySelector('meta[name="csrf"]')?.content ?? "";

/** Say something in the corner, and to screen readers; it goes by itself. */
export function say(text) {
  const box = document.getElementById("said");
  if (!box) return;
  box.textContent = text;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { box.textContent = ""; }, 5000);
}

/** Tell of what went wrong. Who has to sign in, or whose page is too old, is led there and back. */
export function fault(error) {
  const does = { "signed-out": "Sign in", "bad-token": "Reload" }[error.code];
  say(does ? `${error.message} What you typed is kept. ` : error.message);
  if (!does) return;
  clearTimeout(say.timer);
  const button = document.createElement("button");
  button.textContent = does;
  button.onclick = () => location.reload();
  document.getElementById("said").append(button);
}

/** The Error that a refused answer stands for, with the server's words and code. */
export async function refusal(response) {
  const { error } = await response.json().catch(() => ({}));
  return Object.assign(new Error(error?.message ?? `The server answered ${response.status}.`), { code: error?.code });
}

/** fetch, whose fault says what it means to who reads it. */
export function reach(url, options) {
  return fetch(url, options).catch(() => {
    throw new Error("The server cannot be reached just now. Try again in a moment.");
  });
}

/** GET what a page keeps fresh by itself: nobody asked, so it keeps no session awake. Null where nothing answers. */
export function unasked(url, accept = "text/html") {
  return fetch(url, { headers: { Accept: accept, "X-Unasked": "yes" } }).catch(() => null);
}

/** POST a JSON object; the answer's JSON. Throws an Error with what the server said. */
export async function post(url, body = {}) {
  const response = await reach(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf, Accept: "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw await refusal(response);
  return response.json().catch(() => ({}));
}

/** Resolves once the page has been on the screen: what takes long waits for that. */
export const seen = document.hidden
  ? Promise.resolve()
  : new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

const keys = new Map();

/** Do something on a key, unless somebody types. `key` is KeyboardEvent.key, "shift+" before it if held. */
export function onKey(key, act) {
  keys.set(key, act);
}

/** Whether keys belong to what has the focus. */
export function typing(event) {
  const at = event.target;
  return at.isContentEditable || at.matches?.("input:not([type=checkbox]):not([type=radio]), textarea, select");
}

const MENUS = "details.who[open], details.filter[open]";
let going = 0;
function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    const menu = event.target.closest?.(MENUS) ?? document.querySelector(MENUS);
    if (menu) {
      menu.open = false;
      return menu.querySelector("summary").focus();
    }
    if (typing(event)) return event.target.blur();
  }
  if (typing(event) || document.querySelector("dialog[open]")) return;
  if (Date.now() - going < 1200) {
    going = 0;
    const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (link) { event.preventDefault(); link.click(); }
    return;
  }
  if (event.key === "g") { going = Date.now(); return; }
  const act = keys.get((event.shiftKey && event.key.length > 1 ? "shift+" : "") + event.key);
  if (act && act(event) !== false) event.preventDefault();
}

// By now every module of the page has said what its keys do: those pressed before are heard first.
addEventListener("DOMContentLoaded", () => {
  document.removeEventListener("keydown", window.keep);
  document.addEventListener("keydown", pressed);
  for (const event of window.early.splice(0)) {
    pressed(event);
    if (typing({ target: document.activeElement })) break; // what follows was meant for the field
  }
});

const help = document.getElementById("help");
onKey("?", () => help?.showModal());
onKey("/", () => {
  const box = document.querySelector("[data-search]");
  if (!box) return false;
  box.focus();
  box.select();
});
document.querySelector("[data-help]")?.addEventListener("click", () => help?.showModal());
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll(MENUS)) {
    if (!open.contains(event.target)) open.open = false;
  }
});

// A button with data-copy copies the field or the words of that id; where a browser does not let it, they are chosen.
document.addEventListener("click", async (event) => {
  const from = document.getElementById(event.target.closest("[data-copy]")?.dataset.copy);
  if (!from) return;
  try {
    await navigator.clipboard.writeText(from.value ?? from.textContent);
    say("Copied.");
  } catch {
    if (from.select) from.select();
    else getSelection().selectAllChildren(from);
    say("It is selected: copy it with your keys or your menu.");
  }
});

// A form with data-sure is sent only after that question; data-does names the button that says yes.
// One beside which something was typed and not sent asks about that.
const sure = document.getElementById("confirm");
document.addEventListener("submit", (event) => {
  const form = event.target, { sure: question, does } = form.dataset;
  if (!sure || event.defaultPrevented || form.method !== "post" || form.asked) return;
  const left = unsent(form) ? "What you typed elsewhere on this page is not saved." : "";
  if (!question && !left) return;
  event.preventDefault();
  document.getElementById("confirm-title").textContent = [question, left].filter(Boolean).join(" ");
  document.getElementById("confirm-does").textContent = does ?? "Go on without it";
  document.getElementById("confirm-leaves").textContent = left ? "Back to it" : "Leave it";
  sure.returnValue = "no";
  sure.onclose = () => {
    if (sure.returnValue !== "yes") return;
    form.asked = true;
    form.requestSubmit(event.submitter);
    form.asked = false;
  };
  sure.showModal();
});

// Whatever else posts is sent once, however often it is pressed, also over a slow line; after that
// long its answer will not come any more.
const AGAIN_MS = 30_000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (Date.now() - (form.sending ?? 0) < AGAIN_MS) {
    say("It is on its way. Wait a moment.");
    return event.preventDefault();
  }
  form.sending = Date.now();
  sent(form);
  if (form.matches("[data-leave]")) forget();
});
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) form.sending = 0;
});
if (restored) say("What you had typed is here again.");

// On a small screen the rows of rooms, queues and tabs scroll: show where one is.
seen.then(() => {
  for (const here of document.querySelectorAll(".rooms [aria-current], .side [aria-current], .tabs [aria-current]")) {
    const row = here.closest(".rooms ul, .side, .tabs");
    const at = here.getBoundingClientRect(), box = row.getBoundingClientRect();
    row.scrollLeft += at.left - box.left - (row.clientWidth - at.width) / 2;
  }
});
