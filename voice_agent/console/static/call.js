// The call page: player, waveform, transcript and keyboard put together.

import { onKey, say, seen } from "./console.js";
import { keepFresh, sendInPlace } from "./call-forms.js";
import { Player } from "./call-player.js";
import { Wave, clock } from "./call-wave.js";
import { sourced } from "./call-sources.js";
import { Words } from "./call-words.js";

const data = JSON.parse(document.getElementById("call-data").textContent);
const by = (id) => document.getElementById(id);
let player = null, wave = null, words = null;
const early = []; // what keys ask of the player before there is one

keyboard();
sourced(by("call"));
if (by("comment-form") || by("override-form")) {
  sendInPlace(by("call"), redrawn);
  if (by("call").dataset.seq) keepFresh(by("call"), redrawn);
}
await seen;
words = new Words(by("transcript"), by("follow"));
search();
if (data.audio) start();
else {
  addEventListener("hashchange", toLine);
  toLine();
}
for (const act of early.splice(0)) act();

/** The waveform's pins as a fresh page has them. */
function redrawn(page) {
  const told = page.getElementById("call-data");
  if (!told || !wave) return;
  data.pins = JSON.parse(told.textContent).pins;
  wave.data.pins = data.pins;
  wave.zoom(1);
}

function start() {
  const audio = by("audio");
  by("transport").inert = false;
  player = new Player(audio, data.duration, data.lanes.length);
  wave = new Wave(by("wave"), data, peaks);
  player.addEventListener("time", shown);
  player.addEventListener("state", shown);
  player.addEventListener("lanes", () => { if (by("lanes")) by("lanes").hidden = false; });
  player.addEventListener("error", () => say("The recording could not be played. Reload the page."));
  player.addEventListener("loop", () => {
    by("loop")?.setAttribute("aria-pressed", String(Boolean(player.loop)));
  });
  wave.addEventListener("seek", (event) => seek(event.detail.time));
  wave.addEventListener("select", (event) => selected(event.detail));
  words.addEventListener("seek", (event) => seek(event.detail.time, true));
  by("play").addEventListener("click", () => player.toggle());
  for (const button of document.querySelectorAll("[data-skip]")) {
    button.addEventListener("click", () => player.skip(Number(button.dataset.skip)));
  }
  by("speed").addEventListener("change", (event) => { player.rate = Number(event.target.value); });
  by("skip-silence")?.addEventListener("change", (event) => skipping(event.target.checked));
  by("next-flag")?.addEventListener("click", nextFlag);
  data.lanes.forEach((lane, n) => {
    by(`volume-${lane}`)?.addEventListener("input", (event) => player.volume(n, Number(event.target.value)));
  });
  by("zoom-in")?.addEventListener("click", () => wave.zoom(2));
  by("zoom-out")?.addEventListener("click", () => wave.zoom(0.5));
  by("zoom-all")?.addEventListener("click", () => wave.zoom(0));
  by("loop")?.addEventListener("click", () => {
    player.setLoop(player.loop ? null : wave.selection);
    if (player.loop) seek(player.loop.from, true);
  });
  by("selection-clear")?.addEventListener("click", () => selected(null));
  by("slider").addEventListener("keydown", slid);
  by("call").addEventListener("click", (event) => {
    const at = event.target.closest("details.card [data-t]");
    if (!at) return;
    event.preventDefault();
    seek(Number(at.dataset.t), true);
  });
  by("lanes")?.removeAttribute("hidden");
  addEventListener("hashchange", fromHash);
  addEventListener("pagehide", keepPlace);
  for (const name of ["pause", "seeked"]) audio.addEventListener(name, keepPlace);
  fromHash();
  shown();
}

async function peaks(level) {
  const response = await fetch(`${data.peaks}?level=${level}`);
  if (!response.ok) throw new Error("no peaks");
  const bytes = new Uint8Array(await response.arrayBuffer());
  const one = bytes.length / data.lanes.length;
  const lanes = data.lanes.map((_, n) => bytes.subarray(n * one, (n + 1) * one));
  if (level >= 10 && !player.silences.length) player.learnSilences(lanes, level);
  return lanes;
}

async function skipping(on) {
  player.skipping = on;
  by("skip-silence").checked = on;
  if (on && !player.silences.length) await peaks(10).catch(() => {});
}

function shown() {
  const time = player.time;
  const button = by("play");
  button.textContent = player.playing ? "❚❚" : "▶";
  button.setAttribute("aria-label", player.playing ? "Pause" : "Play");
  by("clock").textContent = `${clock(time)} / ${clock(data.duration)}`;
  const speed = by("speed");
  if (Number(speed.value) !== player.rate) speed.value = String(player.rate);
  const slider = by("slider");
  slider.setAttribute("aria-valuenow", String(Math.round(time)));
  slider.setAttribute("aria-valuetext", `${clock(time)} of ${clock(data.duration)}`);
  wave.at(time, { follow: player.playing });
  words.at(time, player.playing);
}

function seek(time, play = false) {
  if (player) player.seek(time, { play });
}

function fromHash() {
  const found = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash);
  if (!found) return;
  seek(Number(found[1]));
  words.line?.scrollIntoView({ block: "center" });
}

/** Without sound, a moment in the URL is the line of that moment. */
function toLine() {
  const found = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash);
  if (!found) return;
  const until = Number(found[1]) * 1000 + 50; // the URL's moment is rounded
  const line = words.lines.findLast((one) => Number(one.dataset.from) <= until);
  if (line) location.replace(`#${line.id}`);
}

/** The URL names the place, so that a copied link opens there. */
function keepPlace() {
  const time = player.time;
  if (time > 0.05) history.replaceState(null, "", `#t=${time.toFixed(1)}`);
}

function selected(span) {
  if (wave.selection !== span) wave.select(span);
  player.setLoop(null);
  const box = by("selection");
  if (!box) return;
  box.hidden = !span;
  if (!span) return;
  by("selection-text").textContent = `${clock(span.from, true)} – ${clock(span.to, true)}`;
  const base = location.pathname;
  by("clip").href = `${base}/clip?from=${span.from.toFixed(3)}&to=${span.to.toFixed(3)}`;
}

function slid(event) {
  const far = { Home: 0, End: data.duration, PageUp: player.time - 30, PageDown: player.time + 30 };
  if (!(event.key in far)) return;
  event.preventDefault();
  seek(far[event.key]);
}

function nextFlag() {
  const flags = data.pins.filter((p) => p.kind === "flag");
  if (!flags.length) return say("There are no flags on this call.");
  const next = flags.find((p) => p.at > player.time + 0.3) ?? flags[0];
  seek(next.at);
  say(`${clock(next.at)} ${next.label}`);
  words.line?.scrollIntoView({ block: "center" });
}

/** Loop marks at the position: a begins, b ends. */
function mark(side) {
  const now = player.time, old = wave.selection;
  const span = side === "a"
    ? { from: now, to: old && old.to > now ? old.to : Math.min(data.duration, now + 5) }
    : { from: old && old.from < now ? old.from : Math.max(0, now - 5), to: now };
  const same = old && Math.abs(old[side === "a" ? "from" : "to"] - now) < 0.1;
  selected(same ? null : span);
  if (!same) player.setLoop(span);
}

function keyboard() {
  const key = (names, act) => {
    for (const name of names) onKey(name, act);
  };
  const heard = (act) => (event) => {
    if (player) return act(event);
    if (!data.audio) return false;
    early.push(() => act(event));
  };
  const onControl = (event) => event.target.matches?.("button, summary, a, [type=checkbox], [type=radio]");
  onKey(" ", heard((event) => (onControl(event) ? false : void player.toggle())));
  key(["k", "K"], heard(() => void player.toggle()));
  key(["j", "J"], heard(() => player.skip(-10)));
  key(["l", "L"], heard(() => player.skip(10)));
  onKey("ArrowLeft", heard((event) => (radio(event) ? false : player.skip(-5))));
  onKey("ArrowRight", heard((event) => (radio(event) ? false : player.skip(5))));
  onKey("shift+ArrowLeft", heard(() => seek(words.around(player.time).before)));
  onKey("shift+ArrowRight", heard(() => {
    const after = words.around(player.time).after;
    if (after !== undefined) seek(after);
  }));
  onKey("[", heard(() => faster(-1)));
  onKey("]", heard(() => faster(1)));
  key(["f", "F"], heard(nextFlag));
  key(["s", "S"], heard(() => {
    if (by("skip-silence")) skipping(!player.skipping);
  }));
  key(["a", "A"], heard(() => mark("a")));
  key(["b", "B"], heard(() => mark("b")));
  key(["+", "="], heard(() => wave.zoom(2)));
  onKey("-", heard(() => wave.zoom(0.5)));
  onKey("0", heard(() => wave.zoom(0)));
  key(["c", "C"], comment);
  key(["e", "E"], correct);
  key(["r", "R"], () => by("reviewed-form")?.requestSubmit());
  key(["u", "U"], () => by("put-back") ? by("put-back").click() : false);
  onKey(">", () => by("skip") ? by("skip").click() : false);
  key(["y", "Y"], () => by("look-right") ? by("look-right").requestSubmit() : false);
  key(["w", "W"], () => by("look-wrong") ? by("look-wrong").querySelector("textarea").focus() : false);
  key(["t", "T"], () => by("all-right") ? by("all-right").requestSubmit() : false);
  for (const n of ["1", "2", "3", "4"]) {
    onKey(n, () => {
      const because = by("look-wrong")?.querySelectorAll("[name=reason][value]")[n - 1];
      if (!because) return false;
      because.click();
    });
  }
  for (const [letter, verdict] of [["q", "qualified"], ["d", "disqualified"], ["n", "nurture"]]) {
    key([letter, letter.toUpperCase()], () => override(verdict));
  }
}

function radio(event) {
  return event.target.matches?.("[type=radio], [type=range]");
}

function faster(step) {
  const speeds = [...by("speed").options].map((o) => Number(o.value));
  const at = speeds.findIndex((s) => s >= player.rate - 0.01);
  player.rate = speeds[Math.min(speeds.length - 1, Math.max(0, at + step))];
  say(`${player.rate}×`);
}

function comment() {
  const form = by("comment-form");
  if (!form) return false;
  by("comments").open = true;
  if (form.elements.at && player) form.elements.at.value = clock(player.time, true);
  form.elements.text.focus();
}

/** To the first of what was heard; pressed on one of them, to the next. */
function correct() {
  const all = [...by("signals").querySelectorAll(".heard > .put-right > summary")];
  if (!all.length) return false;
  by("signals").open = true;
  all[(all.indexOf(document.activeElement) + 1) % all.length].focus();
}

function override(verdict) {
  const form = by("override-form");
  if (!form) return false;
  by("verdict").open = true;
  form.elements.result.value = verdict;
  form.elements.reason.focus();
  say("Say why, then Ctrl+Enter keeps your verdict.");
}

function search() {
  const box = by("search");
  if (!box) return;
  const told = by("found");
  box.addEventListener("input", () => {
    const count = words.search(box.value);
    told.textContent = box.value.trim() ? `${count || "not"} found` : "";
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const time = words.nextHit(event.shiftKey ? -1 : 1);
    if (time !== null && player) seek(time);
  });
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  if (event.target.matches?.("textarea")) event.target.form?.requestSubmit();
});

/** On a narrow screen the brief comes before the transcript: for who tabs and listens, too. */
const narrow = matchMedia("(max-width: 64rem)");
function ordered() {
  const lead = ["mail", "second-look", "brief"].map(by).filter(Boolean);
  if (lead.length) document.querySelector(narrow.matches ? ".columns" : ".panels").prepend(...lead);
}
ordered();
narrow.addEventListener("change", ordered);

/** What sticks beneath something is told how tall that is. */
function measure() {
  const bar = document.querySelector(".bar"), root = by("call"), box = by("player");
  const sticks = bar && getComputedStyle(bar).position === "sticky";
  root.style.setProperty("--top", `${sticks ? bar.offsetHeight : 0}px`);
  root.style.setProperty("--player", `${(box?.offsetHeight ?? 0) + 20}px`);
}
const sizes = new ResizeObserver(measure);
for (const box of [document.querySelector(".bar"), by("player")]) if (box) sizes.observe(box);
