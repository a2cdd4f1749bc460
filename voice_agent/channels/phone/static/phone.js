// A telephone: one button, a keypad, captions, and what came of the call.

import { Account, clock, made, report } from "/phone/account.js";
import { Line } from "/phone/line.js";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const WRAP_UP_MS = 20000;
const AWAY = "The server cannot be reached just now. Try again in a moment.";
const find = (id) => document.getElementById(id);
const token = location.hash.slice(1);

let call = null; // the one going on

function say(text, wrong = false) {
  find("state").textContent = text;
  find("state").classList.toggle("wrong", wrong);
}

/** Microphone, earpiece and their worklets. Throws what the page then says. */
async function audio() {
  if (!navigator.mediaDevices) {
    throw new Error("Browsers give the microphone to https pages and to localhost only.");
  }
  let microphone;
  try {
    microphone = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    });
  } catch (error) {
    throw new Error(
      error.name === "NotFoundError"
        ? "No microphone was found. Plug one in and call again."
        : "The microphone was not allowed. Allow it beside the address, and call again.",
    );
  }
  const context = new AudioContext({ latencyHint: "interactive" });
  try {
    for (const name of ["ear", "mouth"]) await context.audioWorklet.addModule(`/phone/${name}.js`);
  } catch {
    for (const track of microphone.getTracks()) track.stop();
    throw new Error(AWAY);
  }
  await context.resume();
  const ear = new AudioWorkletNode(context, "ear", { numberOfOutputs: 0 });
  const mouth = new AudioWorkletNode(context, "mouth", { numberOfInputs: 0 });
  context.createMediaStreamSource(microphone).connect(ear);
  mouth.connect(context.destination);
  const stop = () => {
    for (const track of microphone.getTracks()) track.stop();
    return context.close();
  };
  return { ear: ear.port, mouth: mouth.port, stop };
}

async function place() {
  const answer = await fetch("/phone/calls", {
    method: "POST",
    headers: token ? { Authorization: `Bearer ${token}` } : {},
  }).catch(() => null);
  const body = await answer?.json().catch(() => null);
  if (!body) throw new Error(AWAY);
  if (!answer.ok) throw new Error(sentence(body.error.message));
  return body;
}

function sentence(text) {
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}

async function begin() {
  find("call").disabled = true;
  say("Calling …");
  let sound = null;
  try {
    sound = await audio();
    const placed = await place();
    connect(placed, sound);
  } catch (error) {
    await sound?.stop();
    say(error.message, true);
  }
  find("call").disabled = false;
}

function connect(placed, sound) {
  const { ear, mouth } = sound;
  const line = new Line(placed, {
    onAudio: (payload) => mouth.postMessage({ payload }, [payload.buffer]),
    onMark: (name) => mouth.postMessage({ mark: name }),
    onClear: () => mouth.postMessage({ clear: true }),
    onEnd: (lost) => over(lost),
  });
  ear.onmessage = ({ data }) => {
    line.frame(data.frame);
    find("you").value = Math.sqrt(data.peak);
  };
  mouth.onmessage = ({ data }) => {
    if (data.mark !== undefined) line.mark(data.mark);
    if (data.peak !== undefined) find("agent").value = Math.sqrt(data.peak);
  };
  const began = Date.now();
  const ticking = setInterval(() => {
    find("time").textContent = clock(Date.now() - began);
    find("agent").value *= 0.5;
  }, 250);
  call = { placed, line, sound, ticking, muted: false };
  find("captions").replaceChildren();
  find("empty").hidden = false;
  find("after").hidden = true;
  find("company").textContent = placed.company;
  find("call").textContent = "Hang up";
  find("call").classList.add("going");
  find("mute").disabled = false;
  for (const key of find("keypad").children) key.disabled = false;
  say("Connected. The agent is an AI.");
  caption(new Account(placed));
}

async function over(lost) {
  const { sound, ticking } = call;
  call = null;
  clearInterval(ticking);
  await sound.stop();
  mute(false);
  for (const id of ["you", "agent"]) find(id).value = 0;
  find("call").textContent = "Call again";
  find("call").classList.remove("going");
  find("mute").disabled = true;
  for (const key of find("keypad").children) key.disabled = true;
  say(lost ? "The line to the server broke off. Call again." : "The call has ended.", lost);
}

/** Captions while the call goes on, then its account. */
async function caption(account) {
  const times = new Map(); // a turn is timed when its first word plays, and shown with its line
  for await (const fact of account.facts()) {
    if (fact.fact === "UtteranceRecorded") line(fact, times);
    if (fact.fact === "TurnMerged") merged(fact.turn);
    if (fact.fact === "TurnTimed") times.set(fact.turn, fact);
  }
  await afterwards(account);
}

function line(fact, times) {
  const said = find("said");
  const low = said.scrollHeight - said.scrollTop - said.clientHeight < 80;
  const who = fact.speaker === "caller" ? "You" : "Agent";
  const cut = fact.interrupted ? made("span", "cut", " — interrupted") : null;
  const cited = fact.citations.length ? made("cite", "", fact.citations.join(", ")) : null;
  const item = made(
    "li",
    fact.speaker,
    made("span", "who", who),
    made("time", "", clock(fact.start_ms)),
    made("p", "", fact.text, cut),
    cited,
    timed(fact, times),
  );
  item.dataset.turn = fact.turn;
  find("empty").hidden = true;
  find("captions").append(item);
  if (low) said.scrollTop = said.scrollHeight;
}

/** You went on before hearing us: a later line has these words, too. */
function merged(turn) {
  for (const item of find("captions").querySelectorAll(`.caller[data-turn="${turn}"]`)) item.remove();
}

/** How long our answer took to be heard, with the first line of it. */
function timed(fact, times) {
  const time = times.get(fact.turn);
  if (fact.speaker !== "agent" || !time) return null;
  times.delete(fact.turn);
  const parts = ["endpoint", "stt", "reply", "tts", "send"].map((p) => `${p} ${time[`${p}_ms`]}`);
  const shown = made("span", "latency", `heard after ${time.heard_ms} ms`);
  shown.title = `${parts.join(" + ")} ms${time.speculated ? ", prepared ahead" : ""}`;
  return shown;
}

async function afterwards(account) {
  find("after").hidden = false;
  const until = Date.now() + WRAP_UP_MS;
  const kept = (await account.document())?.recording;
  const recording = kept ? await account.recording() : null;
  const told = recording ? "The recording: you left, the agent right." : "You were not recorded.";
  find("listen").replaceChildren(made("p", "hint", told));
  if (recording) {
    const player = made("audio", "");
    player.controls = true;
    player.src = recording;
    find("listen").append(player);
  }
  for (;;) {
    const told = await account.document();
    if (told) {
      find("report").replaceChildren(...report(told, account.names));
      find("console").href = `/console/calls/${told.id}`;
      find("json").textContent = JSON.stringify(told, null, 2);
      if (told.crm.status !== "pending") return;
    }
    if (Date.now() > until) return;
    await new Promise((done) => setTimeout(done, 700));
  }
}

function mute(on) {
  if (call) {
    call.muted = on;
    call.sound.ear.postMessage({ muted: on });
  }
  find("mute").setAttribute("aria-pressed", String(on));
  find("mute").textContent = on ? "Unmute" : "Mute";
}

function press(digit) {
  if (!call) return;
  call.line.key(digit);
  const button = find("keypad").querySelector(`[data-key="${digit}"]`);
  button.classList.add("pressed");
  setTimeout(() => button.classList.remove("pressed"), 150);
}

for (const digit of KEYS) {
  const button = made("button", "", digit);
  button.type = "button";
  button.disabled = true; // until there is somebody to hear it
  button.dataset.key = digit;
  button.addEventListener("click", () => press(digit));
  find("keypad").append(button);
}
find("call").addEventListener("click", () => (call ? call.line.hangUp() : begin()));
find("mute").addEventListener("click", () => mute(!call.muted));
document.addEventListener("keydown", (event) => {
  if (!call || event.ctrlKey || event.metaKey || event.altKey) return;
  if (KEYS.includes(event.key)) press(event.key);
  else if (event.key.toLowerCase() === "m") mute(!call.muted);
  else if (event.key === "Escape") call.line.hangUp();
});
addEventListener("pagehide", () => call?.line.hangUp());
