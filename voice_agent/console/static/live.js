// One call as it happens: read along, listen, guide the agent, speak in its place.

import { onKey, say } from "./console.js";
import { VERDICTS, text } from "./live-parts.js";

const LANES = ["caller", "agent", "rep"];
const page = document.getElementById("call");
const at = (id) => document.getElementById(id);
const since = Date.parse(page.dataset.since);
const names = JSON.parse(at("names").textContent);
const criterion = (name) => names.criteria[name] ?? capital(name.replaceAll("_", " "));
const person = (id) => names.people[id] ?? id;
const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);

// --- the line to the server -------------------------------------------------------------------

const REFUSED = 4403, UNKNOWN = 4404;
const SOON_MS = 500, LATEST_MS = 8000;
const scheme = location.protocol === "https:" ? "wss" : "ws";
let line = null;
let pause = SOON_MS;

function connect() {
  line = new WebSocket(`${scheme}://${location.host}/console/live/${page.dataset.id}/line`);
  line.binaryType = "arraybuffer";
  line.onmessage = ({ data }) => {
    if (data instanceof ArrayBuffer) return play(new Uint8Array(data));
    const told = JSON.parse(data);
    pause = SOON_MS;
    if (told.error) { say(told.error); if (mine && !held) hush(); }
    if (told.done) say(told.done);
    if (told.over) return over();
    show(told);
  };
  line.onclose = ({ code }) => {
    if (over.done) return;
    if (code === REFUSED || code === UNKNOWN) return steerable("You are signed out, or there is no such call. Reload the page.");
    steerable("The line to the server broke off. Connecting again …");
    setTimeout(connect, pause);
    pause = Math.min(2 * pause, LATEST_MS);
  };
}

function send(command) {
  if (line.readyState === WebSocket.OPEN) line.send(JSON.stringify(command));
}

function disable(off) {
  for (const control of page.querySelectorAll("button, input, select")) control.disabled = off;
}

/** Whether the call can be heard and steered from here; if not, why. */
function steerable(why) {
  if (why && mine) {
    hush();
    say("The line broke off: the agent speaks with the caller again.");
  }
  if (why) stopListening(true);
  disable(Boolean(why));
  at("problem").hidden = !why;
  at("problem").textContent = why;
  if (!why && stopListening.broken) listen();
}

function over() {
  if (over.done) return;
  over.done = true;
  hush();
  stopListening();
  clearInterval(ticking);
  disable(true);
  const told = at("problem");
  told.hidden = false;
  told.textContent = "The call is over. ";
  const link = document.createElement("a");
  link.href = `/console/calls/${page.dataset.id}`;
  link.textContent = "Open its page";
  told.append(link, ".");
}

// --- what is known ----------------------------------------------------------------------------

function show(told) {
  if ("away" in told) steerable(told.away);
  if (told.lines) transcript(told.lines);
  if (told.signals || told.verdict) judged(told);
  if ("floor" in told) floor(told.floor);
  if ("listeners" in told) at("listeners").textContent = told.listeners > 1 ? `${told.listeners} people are listening` : "";
  if ("hearing" in told) at("hearing").textContent = told.hearing ? `${told.hearing} …` : "";
  if (told.latency) {
    const { p50_ms: p50, p95_ms: p95 } = told.latency;
    at("health").textContent = p50 === null ? "No reply yet" : `Replies heard after ${p50} ms, the slowest after ${p95} ms`;
  }
  if (told.flags) {
    at("flags").replaceChildren(...told.flags.map((flag) => text("li", `${names.flags[flag.kind] ?? flag.kind.replaceAll("_", " ")}${flag.note ? `: ${flag.note}` : ""}`)));
  }
}

function moment(ms) {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Lines from one on are as told; those before it stand. */
function transcript({ from, lines }) {
  const list = at("transcript");
  const end = at("hearing");
  const near = end.getBoundingClientRect().bottom <= window.innerHeight + 80;
  while (list.children.length > from) list.lastElementChild.remove();
  list.append(...lines.map((one) => {
    const item = document.createElement("li");
    item.dataset.speaker = one.speaker;
    const words = text("span", one.text, "words");
    if (one.interrupted) words.append(text("span", " – cut off", "cut"));
    item.append(text("time", moment(one.start_ms)), text("span", one.speaker, `speaker-${one.speaker}`), words);
    return item;
  }));
  at("silent").hidden = list.children.length > 0;
  let before = "";
  for (const item of list.children) { // who goes on speaking is named once
    item.classList.toggle("goes-on", item.dataset.speaker === before);
    before = item.dataset.speaker;
  }
  if (near) end.scrollIntoView({ block: "nearest" });
}

const known = {};
function judged(told) {
  Object.assign(known, told);
  const verdict = known.verdict ?? {};
  const chip = at("verdict");
  chip.textContent = VERDICTS[verdict.result] ?? "Not judged yet";
  chip.className = `chip verdict-${verdict.result ?? "none"}`;
  at("missing").textContent = verdict.missing?.length ? `Not known yet: ${verdict.missing.map(criterion).join(", ")}` : "";
  const stand = (known.signals ?? []).filter((s) => !s.superseded_by);
  const called = stand.findLast((s) => s.criterion === "name")?.value;
  if (called) at("caller").textContent = called;
  const rows = stand.map((signal) => {
    const row = document.createElement("div");
    const value = text("dd", signal.polarity === "negative" && signal.value !== "none" ? `not ${signal.value}` : signal.value);
    if (signal.quote) value.append(text("div", `“${signal.quote}”`, "quiet"));
    row.append(text("dt", criterion(signal.criterion)), value);
    return row;
  });
  if (known.customer && !stand.some((s) => s.criterion === "customer")) {
    const row = document.createElement("div");
    row.append(text("dt", "Customer"), text("dd", "yes, by the number that calls"));
    rows.unshift(row);
  }
  at("signals").replaceChildren(...rows);
}

const ticking = setInterval(() => { at("clock").textContent = moment(Math.max(0, Date.now() - since)); }, 500);

// --- listening --------------------------------------------------------------------------------

let room = null; // the audio context, once somebody asked to hear

async function hear() {
  room ??= new AudioContext({ latencyHint: "interactive" });
  await room.resume();
  if (room.ends) return;
  await Promise.all(["ear", "mouth"].map((name) => room.audioWorklet.addModule(`/console/static/${name}.js`)));
  room.ends = LANES.map((_, lane) => {
    const mouth = new AudioWorkletNode(room, "mouth", { numberOfInputs: 0, outputChannelCount: [1] });
    const side = new StereoPannerNode(room, { pan: lane === 0 ? -0.4 : 0.4 });
    mouth.connect(side).connect(room.destination);
    return mouth;
  });
}

function play(message) {
  if (!play.on || !room?.ends) return;
  const lane = message[0];
  if (LANES[lane] === "rep" && mine) return; // nobody wants to hear themselves
  room.ends[lane]?.port.postMessage({ payload: message.slice(1) });
  page.dataset.heard = String(Number(page.dataset.heard ?? 0) + 1);
}

async function listen() {
  if (play.on) return stopListening();
  stopListening.broken = false;
  try {
    await hear();
  } catch (error) {
    return say(`This browser cannot play the call: ${error.message}`);
  }
  play.on = true;
  at("listen").setAttribute("aria-pressed", "true");
}

/** `broken`: not by choice, so it goes on once the line is back. */
function stopListening(broken = false) {
  stopListening.broken = broken && Boolean(play.on || stopListening.broken);
  play.on = false;
  at("listen").setAttribute("aria-pressed", "false");
  for (const mouth of room?.ends ?? []) mouth.port.postMessage({ clear: true });
}

// --- speaking ---------------------------------------------------------------------------------

let mine = false; // we asked for the floor
let held = false; // and were told that we have it
let microphone = null;

function floor(rep) {
  if (mine && held && !rep) {
    hush();
    say("The agent speaks with the caller again.");
  }
  held = mine && Boolean(rep);
  const chip = at("floor");
  chip.textContent = rep ? (mine ? "You are speaking with the caller" : `${person(rep)} is speaking with the caller`) : "The agent is speaking with the caller";
  chip.classList.toggle("live-floor", Boolean(rep));
}

async function take() {
  if (mine) return giveBack();
  try {
    await hear();
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
    const ear = new AudioWorkletNode(room, "ear", { numberOfOutputs: 0 });
    ear.port.onmessage = ({ data }) => { if (mine && line.readyState === WebSocket.OPEN) line.send(data.frame); };
    room.createMediaStreamSource(stream).connect(ear);
    microphone = { stream, ear };
  } catch (error) {
    return say(`Your microphone cannot be used: ${error.message}`);
  }
  mine = true;
  if (!play.on) listen();
  send({ do: "take" });
  at("take").setAttribute("aria-pressed", "true");
  at("take").firstChild.textContent = "Hand back ";
  at("mute").hidden = false;
}

function giveBack() {
  send({ do: "give_back" });
  hush();
}

function hush() {
  mine = held = false;
  for (const track of microphone?.stream.getTracks() ?? []) track.stop();
  microphone = null;
  at("take").setAttribute("aria-pressed", "false");
  at("take").firstChild.textContent = "Take over ";
  at("mute").hidden = true;
  at("mute").setAttribute("aria-pressed", "false");
}

function mute() {
  if (!microphone) return;
  const muted = at("mute").getAttribute("aria-pressed") !== "true";
  at("mute").setAttribute("aria-pressed", String(muted));
  microphone.ear.port.postMessage({ muted });
}

// --- controls ---------------------------------------------------------------------------------

at("listen").onclick = listen;
at("take").onclick = take;
at("mute").onclick = mute;
at("end").onclick = () => at("sure").showModal();
at("sure").onclose = () => { if (at("sure").returnValue === "yes") { send({ do: "end" }); hush(); } };
for (const act of ["whisper", "say"]) {
  at(act).onsubmit = (event) => {
    event.preventDefault();
    const box = at(`${act}-words`);
    if (!box.value.trim()) return;
    if (act === "say" && mine) hush();
    send({ do: act, words: box.value });
    box.value = "";
  };
}
at("transfer")?.addEventListener("submit", (event) => {
  event.preventDefault();
  if (mine) hush();
  send({ do: "transfer", words: at("transfer-to").value });
});
onKey("l", () => at("listen").disabled || listen());
onKey("t", () => at("take").disabled || take());
onKey("m", mute);
onKey("w", () => at("whisper-words").focus());
onKey("s", () => at("say-words").focus());
disable(true);
connect();
window.addEventListener("beforeunload", (event) => { if (mine) event.preventDefault(); });
