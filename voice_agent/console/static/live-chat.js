// One website chat as it happens: read along, write in the agent's place, hand back.

import { fault, onKey, post, say } from "./console.js";
import { arrived } from "./drafts.js";
import { VERDICTS, text } from "./live-parts.js";

const EVERY_MS = 1000;
const TYPING_MS = 5000;
const page = document.getElementById("chat");
const here = `/console/live/chats/${page.dataset.id}`;
const at = (id) => document.getElementById(id);
const [list, scroll, box, write, turn, take] = ["transcript", "scroll", "text", "write", "turn", "take"].map(at);
const allowed = page.dataset.may === "yes";

let seq = Number(page.dataset.seq);
let ends = Date.now() + Number(page.dataset.left) * 1000;
let floor = at("floor").classList.contains("live-floor") ? { mine: turn.action.endsWith("give-back"), name: page.dataset.name } : null;
let over = false;

for (const moment of list.querySelectorAll("time")) clock(moment);
bottom();
ask();

// --- from the server --------------------------------------------------------------------------

async function ask() {
  if (over) return;
  if (!document.hidden) await fresh();
  setTimeout(ask, EVERY_MS);
}

async function fresh() {
  const last = list.lastElementChild?.dataset.seq ?? 0;
  const answer = await fetch(`${here}/now?after=${last}&seq=${seq}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return problem(answer?.status === 401 ? "You are signed out. Reload the page to sign in." : "The server cannot be reached; trying again.");
  problem("");
  if (answer.status === 204) return lease();
  show(await answer.json());
}

function show(told) {
  seq = told.seq;
  const near = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80;
  const known = new Set([...list.children].map((line) => line.dataset.seq));
  list.append(...told.lines.filter((line) => !known.has(String(line.seq))).map(line));
  if (near && told.lines.length) bottom();
  floor = told.floor;
  ends = Date.now() + (floor?.left_s ?? 0) * 1000;
  at("verdict").replaceChildren(text("span", VERDICTS[told.verdict.result] ?? "Not judged yet", `chip verdict-${told.verdict.result}`));
  at("missing").textContent = told.verdict.missing.length ? `Not known yet: ${told.verdict.missing.join(", ")}` : "";
  at("signals").replaceChildren(...told.signals.map((signal) => {
    const pair = document.createElement("div");
    pair.append(text("dt", signal.criterion), text("dd", signal.value));
    return pair;
  }));
  lease();
  if (told.over) ended();
}

function lease() {
  if (floor && Date.now() >= ends) floor = null;
  const mine = Boolean(floor?.mine);
  const chip = at("floor");
  chip.textContent = !floor ? "The agent is writing with the buyer" : mine ? "You are writing with the buyer" : `${floor.name || "A colleague"} is writing with the buyer`;
  chip.classList.toggle("live-floor", Boolean(floor));
  const left = Math.ceil((ends - Date.now()) / 60000);
  at("left").textContent = mine ? `back to the agent in ${left} min unless you write` : "";
  turn.action = `${here}/${mine ? "give-back" : "take"}`;
  take.firstChild.textContent = mine ? "Hand back " : "Take over ";
  for (const control of [take, box, write.querySelector("button")]) control.disabled = over || !allowed || Boolean(floor && !mine);
}

function ended() {
  over = true;
  floor = null;
  lease();
  const told = at("problem");
  told.hidden = false;
  told.className = "notice";
  const link = text("a", "Open its page");
  link.href = `/console/calls/${page.dataset.id}`;
  told.replaceChildren("The chat is over. ", link, ".");
}

// --- from the person --------------------------------------------------------------------------

turn.addEventListener("submit", (event) => { event.preventDefault(); change(); });
onKey("t", () => { if (!take.disabled) change(); });
onKey("w", () => { box.focus(); });

async function change() {
  const back = Boolean(floor?.mine);
  try {
    await post(`${here}/${back ? "give-back" : "take"}`);
    say(back ? "The agent goes on." : "You have the floor; the agent is silent.");
    await fresh();
    if (!back) box.focus();
  } catch (error) { fault(error); await fresh(); }
}

write.addEventListener("submit", async (event) => {
  event.preventDefault();
  const words = box.value.trim();
  if (!words || write.dataset.busy) return;
  write.dataset.busy = "yes";
  try {
    await post(`${here}/say`, { text: words, message: write.elements.message.value });
    box.value = "";
    arrived(write);
    write.elements.message.value = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
    await fresh();
  } catch (error) { fault(error); } // the words stay, and so does their id: sent again they stand once
  delete write.dataset.busy;
  box.focus();
});

box.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  write.requestSubmit();
});

let typed = 0;
box.addEventListener("input", () => {
  if (!floor?.mine || Date.now() - typed < TYPING_MS) return;
  typed = Date.now();
  post(`${here}/typing`).catch(() => {});
});

// --- drawing ----------------------------------------------------------------------------------

function line(one) {
  const item = document.createElement("li");
  item.dataset.seq = one.seq;
  item.className = `from-${one.speaker}`;
  const moment = document.createElement("time");
  moment.dateTime = one.at;
  clock(moment);
  item.append(moment, text("span", one.who, `speaker-${one.speaker}`), text("span", one.text, "words"));
  return item;
}

function clock(moment) {
  moment.textContent = new Date(moment.dateTime).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: page.dataset.zone });
}


function bottom() { scroll.scrollTop = scroll.scrollHeight; }

function problem(told) {
  const shown = at("problem");
  shown.textContent = told;
  shown.hidden = !told;
}
