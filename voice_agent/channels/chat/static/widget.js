/* The website chat as a web component, <voice-agent-chat>. One tag embeds it:
 *   <script src="https://agent.example.com/chat/widget.js" defer></script>
 * Attributes of the element, or data-… of the script: server, label, theme ("light" or "dark").
 * Colours and places: CSS custom properties, --vac-accent and the others at the head of CSS below.
 * Whatever comes over the wire is shown as text, never parsed as markup. */
(() => {
  "use strict";
  const script = document.currentScript;
  const HOME = script ? new URL(script.src).origin : location.origin;
  const MOST_CHARS = 4000, BEAT_MS = 25000, DEAF_MS = 60000, MOST_WAIT_MS = 30000;
  const GONE = 4401, VISIT_MS = 30 * 60 * 1000, JSON_TYPE = { "content-type": "application/json" };
  const SENDING = "Sending …", OFFLINE = "You are offline. Your messages will be sent later.", LOST = "Connection lost. Trying again …";
  const WHEN = [["", "As soon as possible"], ["today", "Today"],
    ["tomorrow morning", "Tomorrow morning"], ["tomorrow afternoon", "Tomorrow afternoon"]];
  const ICONS = {
    chat: "M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-8l-5 4v-4H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z",
    close: "M6 6l12 12M18 6L6 18", send: "M4 12l16-8-6 16-3-7z",
    fresh: "M12 5v14M5 12h14", mail: "M3 6h18v12H3zM3 7l9 7 9-7",
    phone: "M6 3h4l2 5-3 2a12 12 0 0 0 5 5l2-3 5 2v4a2 2 0 0 1-2 2A17 17 0 0 1 4 5a2 2 0 0 1 2-2z",
  };
  const CSS = `
:host { --accent: var(--vac-accent, #0b6a5d); --on-accent: var(--vac-on-accent, #fff); --edge: var(--vac-edge, var(--accent));
  --surface: var(--vac-surface, #fff); --text: var(--vac-text, #17211f);
  --muted: var(--vac-muted, #5a6764); --bubble: var(--vac-bubble, #eef3f1);
  --line: var(--vac-line, #d7dfdc); --warn: var(--vac-warn, #8a3b12);
  --radius: var(--vac-radius, 18px); --gap: var(--vac-gap, 20px);
  font: var(--vac-font, 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif);
  color-scheme: light; position: fixed; z-index: var(--vac-z, 2147483000);
  right: calc(var(--gap) + env(safe-area-inset-right)); bottom: calc(var(--gap) + env(safe-area-inset-bottom)); }
:host([theme=dark]) { color-scheme: dark; --accent: var(--vac-accent, #14705f); --edge: var(--vac-edge, #5fd0ba);
  --surface: var(--vac-surface, #15201e); --text: var(--vac-text, #e9f1ef); --muted: var(--vac-muted, #a2b2ae);
  --bubble: var(--vac-bubble, #22302d); --line: var(--vac-line, #33433f); --warn: var(--vac-warn, #f2b48c); }
* { box-sizing: border-box; font: inherit; }
[hidden] { display: none !important; }
button { color: inherit; background: none; border: 0; padding: 0; cursor: pointer; }
:focus-visible { outline: 2px solid var(--edge); outline-offset: 2px; }
svg { width: 20px; height: 20px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; display: block; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.launch { position: relative; display: grid; place-items: center; width: 58px; height: 58px; margin-left: auto; border-radius: 50%;
  background: var(--accent); color: var(--on-accent); box-shadow: 0 6px 20px rgb(0 0 0 / .22); transition: transform .15s; }
.launch:hover { transform: translateY(-2px); }
.launch svg { width: 26px; height: 26px; }
.badge { position: absolute; top: -3px; right: -3px; min-width: 21px; padding: 1px 6px; border-radius: 11px;
  background: #b3261e; color: #fff; font-size: 12px; font-weight: 600; text-align: center; }
.invite { position: relative; width: min(300px, calc(100vw - 2 * var(--gap))); margin: 0 0 12px auto; border-radius: var(--radius); border-bottom-right-radius: 5px;
  background: var(--surface); color: var(--text); box-shadow: 0 10px 34px rgb(0 0 0 / .22), 0 0 0 1px var(--line); animation: rise .25s ease-out; }
.take { display: block; width: 100%; padding: 13px 44px 13px 16px; border-radius: inherit; text-align: left; }
.take b { display: block; margin-bottom: 2px; font-size: 12.5px; font-weight: 500; color: var(--muted); }
.take u { display: block; margin-top: 5px; color: var(--edge); font-weight: 600; text-underline-offset: 2px; }
.invite .tool { position: absolute; top: 4px; right: 4px; }
.panel { display: flex; flex-direction: column; width: min(392px, calc(100vw - 2 * var(--gap))); height: min(640px, calc(100dvh - 2 * var(--gap)));
  border-radius: var(--radius); overflow: hidden; background: var(--surface); color: var(--text);
  box-shadow: 0 14px 48px rgb(0 0 0 / .26), 0 0 0 1px var(--line); animation: rise .18s ease-out; }
header { display: flex; align-items: center; gap: 10px; padding: 12px 10px 12px 16px; background: var(--accent); color: var(--on-accent); }
header :focus-visible { outline-color: currentColor; }
.face { display: grid; place-items: center; flex: none; width: 36px; height: 36px; border-radius: 50%; font-weight: 600;
  background: color-mix(in srgb, currentColor 18%, transparent); }
.who { flex: 1; min-width: 0; line-height: 1.25; }
.who h2 { margin: 0; font-size: 16px; font-weight: 650; }
.who p { margin: 0; font-size: 13px; opacity: .9; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.tool { display: grid; place-items: center; flex: none; width: 36px; height: 36px; border-radius: 10px; }
.tool:hover { background: color-mix(in srgb, currentColor 15%, transparent); }
.bar { padding: 7px 16px; font-size: 13px; color: var(--warn); background: color-mix(in srgb, var(--warn) 11%, var(--surface)); }
.log { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 14px 16px 8px; display: flex; flex-direction: column; gap: 10px; }
.note { margin: 0 auto 4px; max-width: 92%; font-size: 12.5px; color: var(--muted); text-align: center; }
a { color: inherit; text-underline-offset: 2px; }
.msg { max-width: 86%; align-self: flex-start; }
.msg.caller { align-self: flex-end; }
.by { margin: 0 4px 2px; font-size: 12.5px; color: var(--muted); }
.text { padding: 9px 13px; border-radius: 16px 16px 16px 5px; background: var(--bubble); white-space: pre-wrap; overflow-wrap: anywhere; }
.caller .text { border-radius: 16px 16px 5px 16px; background: var(--accent); color: var(--on-accent); }
.rep .text { box-shadow: inset 0 0 0 1.5px var(--edge); }
.text span { animation: appear .28s ease-out; }
.unsent .text { opacity: .62; }
.state { display: flex; gap: 8px; justify-content: flex-end; margin: 2px 4px 0; font-size: 12.5px; color: var(--muted); }
.state.bad { color: var(--warn); }
.link { text-decoration: underline; text-underline-offset: 2px; }
.sources { display: flex; flex-wrap: wrap; gap: 4px 12px; margin: 4px 4px 0; font-size: 12.5px; color: var(--muted); }
.dots { align-self: flex-start; display: flex; gap: 5px; padding: 13px 14px; border-radius: 16px 16px 16px 5px; background: var(--bubble); }
.dots i { width: 7px; height: 7px; border-radius: 50%; background: var(--muted); animation: beat 1.1s infinite; }
.dots i:nth-child(2) { animation-delay: .15s; } .dots i:nth-child(3) { animation-delay: .3s; }
.choices { display: flex; flex-wrap: wrap; gap: 8px; padding: 4px 16px 10px; }
.choices button { padding: 7px 13px; border: 1.5px solid var(--edge); border-radius: 999px; color: var(--edge); font-weight: 550; }
.choices button:hover { background: color-mix(in srgb, var(--edge) 12%, transparent); }
.card { margin: 0 12px 8px; padding: 12px; border: 1px solid var(--line); border-radius: 14px; display: grid; gap: 8px; }
.card h3 { margin: 0; font-size: 15px; font-weight: 650; }
.card label { display: grid; gap: 3px; font-size: 13px; color: var(--muted); }
.card p { margin: 0; }
.card .row { display: flex; gap: 8px; justify-content: flex-end; }
input, select, textarea { width: 100%; padding: 9px 11px; border: 1px solid var(--line); border-radius: 11px; background: var(--surface); color: var(--text); font-size: max(16px, 1em); }
:is(input, select, textarea):focus-visible { outline-offset: -1px; }
.main, .plain { padding: 8px 15px; border-radius: 11px; font-weight: 600; }
.main:disabled { opacity: .45; }
.main { background: var(--accent); color: var(--on-accent); }
form.say { display: flex; align-items: flex-end; gap: 8px; padding: 10px 12px calc(10px + env(safe-area-inset-bottom)); border-top: 1px solid var(--line); }
textarea { resize: none; max-height: 132px; min-height: 42px; line-height: 1.35; }
.send { display: grid; place-items: center; flex: none; width: 42px; height: 42px; border-radius: 12px; background: var(--accent); color: var(--on-accent); }
.send:disabled { opacity: .45; cursor: default; }
@keyframes rise { from { opacity: 0; transform: translateY(10px); } }
@keyframes appear { from { opacity: 0; } }
@keyframes beat { 0%, 60%, 100% { opacity: .35; } 30% { opacity: 1; } }
@media (prefers-color-scheme: dark) { :host(:not([theme=light])) { color-scheme: dark;
  --accent: var(--vac-accent, #14705f); --edge: var(--vac-edge, #5fd0ba); --surface: var(--vac-surface, #15201e);
  --text: var(--vac-text, #e9f1ef); --muted: var(--vac-muted, #a2b2ae); --bubble: var(--vac-bubble, #22302d);
  --line: var(--vac-line, #33433f); --warn: var(--vac-warn, #f2b48c); } }
@media (max-width: 480px) { :host([open]) { inset: 0; } .panel { width: 100%; height: 100dvh; border-radius: 0; box-shadow: none; } header { padding-top: calc(12px + env(safe-area-inset-top)); } }
@media (prefers-reduced-motion: reduce) { *, *::before { animation: none !important; transition: none !important; } }
@media (prefers-contrast: more) { .text, .dots { outline: 1px solid currentColor; } :host { --muted: var(--text); --line: var(--text); } }
@media (forced-colors: active) { .panel, .invite, .text, .dots, .launch, .send, .main, .face { border: 1px solid; } .dots i { background: CanvasText; } }
`;

  /** An element with properties, attributes (aria-…, role) and children; strings become text. */
  function el(tag, props = {}, ...children) {
    const made = document.createElement(tag);
    for (const [key, value] of Object.entries(props)) {
      if (key in made && !key.includes("-")) made[key] = value; else made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  }
  function icon(name) {
    const NS = "http://www.w3.org/2000/svg", svg = document.createElementNS(NS, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    svg.append(document.createElementNS(NS, "path"));
    svg.firstChild.setAttribute("d", ICONS[name]);
    return svg;
  }
  const tool = (name, label, onclick, className = "tool") =>
    el("button", { type: "button", className, title: label, "aria-label": label, onclick }, icon(name));
  const safeLink = (url, text) => el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text);
  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  }
  /** Whether a path is one of a rule's pages; `*` stands for anything. */
  function fits(pattern, path) {
    const bare = (text) => text.replace(/(.)\/$/, "$1");
    const parts = bare(pattern).split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".*")}$`, "i").test(bare(path));
  }
  /** Text whose https addresses are links; nothing else in it means anything. */
  function linked(text) {
    return text.split(/(https:\/\/[^\s<>"']*[^\s<>"'.,;:!?)])/).map((part, n) => (n % 2 ? safeLink(part, part) : part));
  }

  class VoiceAgentChat extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      this.server = (this.getAttribute("server") || HOME).replace(/\/$/, "");
      this.key = `voice-agent-chat:${this.server}`;
      this.session = this.load() || { unsent: [] };
      this.tries = 0;
      this.build();
      this.clear();
      addEventListener("online", () => this.used && this.hurry(true));
      addEventListener("offline", () => this.used && this.banner(OFFLINE));
      document.addEventListener("visibilitychange", () => document.hidden || !this.used || this.hurry());
      if (this.session.token && this.recall("open")) this.open(false);
      else this.watch();
    }

    // --- what is kept: the session in this browser, the open panel in this tab -----------------
    load() { try { return JSON.parse(localStorage.getItem(this.key)); } catch { return null; } }
    save() { try { localStorage.setItem(this.key, JSON.stringify(this.session)); } catch { /* private window */ } }
    recall(name) { try { return sessionStorage.getItem(`${this.key}:${name}`); } catch { return null; } }
    keep(name, value) { try { sessionStorage.setItem(`${this.key}:${name}`, value); } catch { /* private window */ } }

    // --- what is shown -------------------------------------------------------------------------
    build() {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      this.badge = el("span", { className: "badge", hidden: true });
      this.label = this.getAttribute("label") || "Chat with us";
      this.launcher = tool("chat", this.label, () => this.open(), "launch");
      this.launcher.setAttribute("aria-expanded", "false");
      this.launcher.append(this.badge);
      this.face = el("span", { className: "face", "aria-hidden": "true" });
      this.name = el("h2", { id: "name" }, this.label);
      this.under = el("p");
      this.callTool = tool("phone", "Ask for a call", () => this.form("call"));
      this.mailTool = tool("mail", "Get the transcript by email", () => this.form("mail"));
      this.bar = el("div", { className: "bar", role: "status", hidden: true });
      this.log = el("div", { className: "log", role: "log", tabIndex: 0, "aria-live": "polite", "aria-label": "Conversation" });
      this.dots = el("div", { className: "dots", hidden: true }, el("span", { className: "sr" }, "Writing …"), el("i"), el("i"), el("i"));
      this.picks = el("div", { className: "choices", role: "group", "aria-label": "Suggested replies", hidden: true });
      this.extra = el("div");
      this.input = el("textarea", { rows: 1, maxLength: MOST_CHARS, placeholder: "Write a message …", "aria-label": "Your message", enterKeyHint: "send",
        oninput: () => this.typed(),
        onkeydown: (e) => { if (e.key === "Enter" && !e.shiftKey && !e.isComposing) { e.preventDefault(); this.submit(); } } });
      this.button = el("button", { type: "submit", className: "send", title: "Send", "aria-label": "Send", disabled: true }, icon("send"));
      this.composer = el("form", { className: "say", onsubmit: (e) => { e.preventDefault(); this.submit(); } }, this.input, this.button);
      this.panel = el("section", { className: "panel", role: "dialog", "aria-labelledby": "name", hidden: true, onkeydown: (e) => this.pressed(e) },
        el("header", {}, this.face, el("div", { className: "who" }, this.name, this.under), this.callTool, this.mailTool,
          tool("fresh", "New conversation", () => this.anew()), tool("close", "Close the chat", () => this.close())),
        this.bar, this.log, this.picks, this.extra, this.composer);
      this.callTool.hidden = this.mailTool.hidden = true;
      this.offer = el("div", { "aria-live": "polite" });
      root.append(this.offer, this.launcher, this.panel);
      this.input.value = this.recall("draft") || "";
      this.button.disabled = !this.input.value.trim();
    }

    /** Ready for another conversation; `keep`: what was shown of the last one stays in sight. */
    clear(keep = false) {
      this.bubbles = new Map();
      this.last = this.unread = 0;
      this.note = el("p", { className: "note" });
      if (!keep) this.log.replaceChildren(this.dots);
      this.log.querySelectorAll(".unsent").forEach((e) => e.remove());
      this.dots.before(this.note);
      this.dots.hidden = this.picks.hidden = true;
      this.extra.replaceChildren();
      this.introduce();
      for (const message of this.session.unsent) this.pending(message);
    }

    introduce() {
      const { agent, notices } = this.session;
      if (!agent) return;
      this.present(agent.name, `AI assistant of ${agent.company}`);
      this.note.replaceChildren(`${notices.ai} ${notices.keeping} `);
      if (notices.privacy_url) this.note.append(safeLink(notices.privacy_url, "Privacy policy"));
    }

    present(name, what) {
      this.name.textContent = name;
      this.under.textContent = what;
      this.face.textContent = name.slice(0, 1);
    }

    open(focus = true) {
      this.withdraw();
      this.shown = this.used = true;
      this.toggleAttribute("open", true);
      this.panel.hidden = !(this.launcher.hidden = true);
      this.launcher.setAttribute("aria-expanded", "true");
      this.panel.setAttribute("aria-modal", String(this.full));
      this.keep("open", "1");
      this.count(0);
      if (focus) (matchMedia("(pointer: coarse)").matches ? this.log : this.input).focus();
      this.scroll(true);
      this.hurry();
    }

    close() {
      this.shown = false;
      this.toggleAttribute("open", false);
      this.panel.hidden = !(this.launcher.hidden = false);
      this.launcher.setAttribute("aria-expanded", "false");
      this.keep("open", "");
      this.launcher.focus();
    }

    get full() { return matchMedia("(max-width: 480px)").matches; }

    /** Escape closes; where the panel fills the screen, Tab stays inside it. */
    pressed(event) {
      if (event.key === "Escape") {
        event.stopPropagation();
        if (this.extra.firstChild) { this.extra.replaceChildren(); this.input.focus(); } else this.close();
      } else if (event.key === "Tab" && this.full) {
        const all = [...this.panel.querySelectorAll("button, textarea, input, select, a[href], [tabindex]")].filter((e) => e.offsetParent && !e.disabled);
        const edge = event.shiftKey ? all[0] : all.at(-1);
        if (this.shadowRoot.activeElement === edge) { event.preventDefault(); (event.shiftKey ? all.at(-1) : all[0]).focus(); }
      }
    }

    count(unread) {
      this.unread = unread;
      this.badge.hidden = !unread;
      this.badge.textContent = unread;
      this.launcher.setAttribute("aria-label", unread ? `${this.label} (${unread} unread)` : this.label);
    }

    banner(text) { this.bar.textContent = text; this.bar.hidden = !text; }

    scroll(always) {
      const { scrollTop, scrollHeight, clientHeight } = this.log;
      if (always || scrollHeight - scrollTop - clientHeight < 140) this.log.scrollTop = scrollHeight;
    }

    bubble(key, speaker, name) {
      if (this.bubbles.has(key)) return this.bubbles.get(key);
      const mine = speaker === "caller";
      const made = { speaker, lines: [], drafts: [], shown: [], sources: new Map(), text: el("div", { className: "text" }), below: el("div") };
      const by = mine ? el("p", { className: "sr" }, "You said:") : el("p", { className: speaker === "rep" ? "by" : "sr" }, name);
      made.el = el("div", { className: `msg ${speaker}` }, by, made.text, made.below);
      this.dots.before(made.el);
      this.bubbles.set(key, made);
      return made;
    }

    /** Show a bubble's durable lines, or its drafts while there are none; unchanged text stays. */
    render(bubble) {
      const wanted = bubble.lines.length ? bubble.lines.map((l) => l.text) : bubble.drafts.filter((d) => d);
      let same = 0;
      while (same < wanted.length && wanted[same] === bubble.shown[same]) same += 1;
      while (bubble.text.childNodes.length > same) bubble.text.lastChild.remove();
      wanted.slice(same).forEach((text, n) => {
        const gap = same + n ? " " : "";
        bubble.text.append(el("span", {}, gap, ...(bubble.speaker === "caller" ? [text] : linked(text))));
      });
      bubble.shown = wanted;
      const sources = [...bubble.sources].map(([url, title]) => safeLink(url, title));
      if (sources.length) bubble.below.replaceChildren(el("div", { className: "sources" }, "Read more:", ...sources));
      this.scroll(bubble.speaker === "caller");
    }

    /** Durable lines of one turn come together: shown together, so that nothing flickers. */
    later(bubble) {
      this.dirty ||= new Set();
      if (!this.dirty.size) setTimeout(() => { this.dirty.forEach((b) => this.render(b)); this.dirty.clear(); }, 15);
      this.dirty.add(bubble);
    }

    // --- what comes in -------------------------------------------------------------------------
    take(message) {
      switch (message.type) {
        case "ready": return this.ready(message);
        case "line": return this.line(message);
        case "delta": return this.delta(message);
        case "typing": return this.typing(message);
        case "choices": return this.choices(message.items);
        case "ack": return this.acknowledged(message);
        case "status": return this.status(message);
        case "error": return this.failed(message);
      }
    }

    ready({ features }) {
      this.tries = 0;
      this.live = true;
      this.banner("");
      this.callTool.hidden = !features.call_me;
      this.mailTool.hidden = !features.transcript;
      for (const message of this.session.unsent) this.post(message);
    }

    line(line) {
      if (line.seq <= this.last) return;
      this.last = line.seq;
      const mine = line.speaker === "caller";
      if (mine) {
        const sent = this.session.unsent.find((m) => m.turn === line.turn || (!m.turn && m.text === line.text.trim()));
        if (sent) this.settle(sent.id);
      } else {
        this.dots.hidden = true;
        if (!this.shown) this.count(this.unread + 1);
      }
      const key = line.speaker === "agent" ? `a${line.turn}` : `s${line.seq}`;
      const bubble = this.bubble(key, line.speaker, line.name || `${this.session.agent.name} said:`);
      bubble.lines.push(line);
      for (const { url, title } of line.sources || []) bubble.sources.set(url, title);
      this.later(bubble);
    }

    delta({ turn, n, text }) {
      const bubble = this.bubble(`a${turn}`, "agent", `${this.session.agent.name} said:`);
      if (bubble.lines.length) return;
      bubble.drafts[n] = text;
      this.dots.hidden = true;
      this.render(bubble);
    }

    typing({ who, on }) {
      if (who === "caller") return;
      this.dots.hidden = !on;
      clearTimeout(this.resting);
      if (who === "rep") this.resting = setTimeout(() => { this.dots.hidden = true; }, 6000);
      this.scroll();
    }

    choices(items) {
      this.picks.replaceChildren(...items.map(({ label, text }) =>
        el("button", { type: "button", onclick: () => { this.say(text); this.input.focus(); } }, label)));
      this.picks.hidden = !items.length;
      this.scroll(true);
    }

    acknowledged({ id, turn }) {
      if (this.waiting?.id === id) {
        const told = el("p", { className: "note", role: "status" }, this.waiting.done);
        this.extra.replaceChildren(told);
        setTimeout(() => told.remove(), 6000);
        this.waiting = null;
        this.input.focus();
      }
      const sent = this.session.unsent.find((m) => m.id === id);
      if (!sent) return;
      sent.turn = turn;
      const shown = [...this.bubbles.values()].some((b) => b.speaker === "caller" && b.lines.some((l) => l.turn === turn));
      if (shown) this.settle(id); else this.save();
    }

    status({ state, rep }) {
      if (state === "ended") this.banner("This conversation has ended. A new message begins another.");
      this.ended = state === "ended";
      const { agent } = this.session;
      if (state === "human") this.present(rep, `${agent.company}, in person`);
      else this.present(agent.name, `AI assistant of ${agent.company}`);
    }

    failed({ code, message, id, retry_after_s }) {
      if (id && this.waiting?.id === id) {
        const problem = this.extra.querySelector(".problem"), send = this.extra.querySelector(".main");
        if (problem) problem.textContent = message;
        if (send) send.disabled = false;
        return;
      }
      const sent = this.session.unsent.find((m) => m.id === id), bubble = this.bubbles.get(`u${id}`);
      if (!sent || !bubble) return this.banner(message);
      const again = () => this.session.unsent.includes(sent) && this.post(sent);
      if (code === "ended") return this.renew(true);
      this.dots.hidden = true;
      if (retry_after_s) {
        this.mark(bubble, message);
        setTimeout(again, retry_after_s * 1000 + 50);
        return;
      }
      const act = (label, onclick) => el("button", { type: "button", className: "link", onclick }, label);
      bubble.below.replaceChildren(el("div", { className: "state bad", role: "alert" }, message,
        act("Send again", () => { this.mark(bubble, SENDING); again(); }), act("Remove", () => this.settle(id))));
    }

    // --- what goes out -------------------------------------------------------------------------
    typed() {
      this.input.style.height = "auto";
      this.input.style.height = `${this.input.scrollHeight + 2}px`;
      this.button.disabled = !this.input.value.trim();
      this.keep("draft", this.input.value);
      if (this.live && !this.button.disabled && !(performance.now() - this.told < 3000)) {
        this.told = performance.now();
        this.post({ type: "typing" });
      }
    }

    submit() {
      const text = this.input.value.trim();
      if (!text) return this.input.focus();
      this.input.value = "";
      this.typed();
      this.told = undefined; // who writes on after this is told to be writing at once
      this.say(text);
    }

    say(text) {
      const message = { type: "message", id: newId(), text, page: { url: location.origin + location.pathname, title: document.title.slice(0, 200) }, invited: this.invited || "" };
      this.session.unsent.push(message);
      this.save();
      this.write({ invited: true, at: Date.now() });
      this.picks.hidden = true;
      this.used = true;
      if (this.ended) return this.renew(true);
      this.pending(message);
      if (this.live) this.post(message); else this.hurry();
    }

    pending(message) {
      const bubble = this.bubble(`u${message.id}`, "caller");
      bubble.el.classList.add("unsent");
      bubble.drafts = [message.text];
      this.mark(bubble, this.live ? SENDING : "Waiting for the connection …");
      this.render(bubble);
    }

    mark(bubble, text) { bubble.below.replaceChildren(el("div", { className: "state" }, text)); }

    /** The message is in the conversation: its own line takes the place of what was pending. */
    settle(id) {
      this.bubbles.get(`u${id}`)?.el.remove();
      this.bubbles.delete(`u${id}`);
      this.session.unsent = this.session.unsent.filter((m) => m.id !== id);
      this.save();
    }

    post(message) {
      if (message && this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
    }

    /** The forms "call me" and "transcript": asked for in the panel, checked by the server. */
    form(kind) {
      const call = kind === "call";
      const field = el("input", call ? { type: "tel", name: "phone", autocomplete: "tel", required: true, maxLength: 40 }
        : { type: "email", name: "email", autocomplete: "email", required: true, maxLength: 254 });
      const when = el("select", {}, ...WHEN.map(([value, label]) => el("option", { value }, label)));
      const problem = el("div", { className: "problem state bad", role: "alert" });
      const done = () => { this.extra.replaceChildren(); this.input.focus(); };
      const send = el("button", { type: "submit", className: "main" }, call ? "Call me" : "Send");
      const submit = (event) => {
        event.preventDefault();
        problem.textContent = this.live ? "" : "There is no connection just now. Try again in a moment.";
        if (!this.live) return;
        send.disabled = true; // until it is answered: pressed twice it is asked for once
        this.waiting = { id: newId(), done: call ? "Thank you, that is noted." : "The transcript is on its way." };
        this.post(call ? { type: "call_me", id: this.waiting.id, phone: field.value, when: when.value } : { type: "transcript", id: this.waiting.id, email: field.value });
      };
      this.extra.replaceChildren(el("form", { className: "card", onsubmit: submit },
        el("h3", {}, call ? "We call you" : "Transcript by email"),
        el("label", {}, call ? "Phone number" : "Email address", field),
        ...(call ? [el("label", {}, "When", when)] : []), problem,
        el("div", { className: "row" }, el("button", { type: "button", className: "plain", onclick: done }, "Cancel"), send)));
      field.focus();
      this.scroll(true);
    }

    /** Another conversation; one in which something was said is not ended by a slip. */
    anew() {
      if (this.ended || !this.log.querySelector(".msg.caller")) return this.renew();
      const stay = el("button", { type: "button", className: "plain", onclick: () => { this.extra.replaceChildren(); this.input.focus(); } }, "Keep this one");
      const leave = el("button", { type: "button", className: "main", onclick: () => { this.extra.replaceChildren(); this.renew(); } }, "Begin anew");
      this.extra.replaceChildren(el("div", { className: "card", role: "group", "aria-labelledby": "anew" },
        el("h3", { id: "anew" }, "Begin a new conversation?"), el("p", {}, "This one ends and leaves the screen."),
        el("div", { className: "row" }, stay, leave)));
      stay.focus();
      this.scroll(true);
    }

    // --- offering help by itself ---------------------------------------------------------------
    /** See whether the company's invitations fit this visit, once a second while the page is in sight. What a
     * visitor looks at stays in their browser; nothing is sent of it, and nothing kept where nothing is offered. */
    async watch() {
      if (this.noted(localStorage).closed) return;
      let rules = [];
      try {
        const answer = await fetch(`${this.server}/chat/invitations`);
        const told = await answer.json();
        if (answer.ok) rules = told.invitations;
        else if (answer.status === 403) this.tellOwner(told.error.message);
      } catch { /* the page has other things to do */ }
      if (!rules.length) return;
      let path = this.arrive(), seconds = 0, reached = 0;
      const timer = setInterval(() => {
        if (this.used || this.invited || this.visit.invited) return clearInterval(timer);
        if (document.hidden) return;
        if (location.pathname !== path) { path = this.arrive(); seconds = reached = 0; }
        seconds += 1;
        const { scrollHeight, clientHeight, scrollTop } = document.documentElement;
        reached = Math.max(reached, (scrollTop + clientHeight) / scrollHeight);
        const seen = this.visit, due = rules.find((r) => r.pages.some((p) => fits(p, path)) && seconds >= r.after_seconds
          && reached + .01 >= r.scrolled && seen.pages >= r.pages_seen && (seen.visits > 1 || !r.returning));
        if (due) { clearInterval(timer); this.invite(due).catch(() => { /* the next page offers it */ }); }
      }, 1000);
    }

    /** What this browser keeps of visits: counts alone, in this tab only where the visitor asks not to be tracked. */
    get visit() { return { pages: 0, visits: 0, at: 0, ...this.noted(sessionStorage), ...this.noted(localStorage) }; }
    noted(store) { try { return JSON.parse(store.getItem(`${this.key}:visit`)) || {}; } catch { return {}; } }
    write(changes, always = false) {
      try {
        const store = navigator.globalPrivacyControl && !always ? sessionStorage : localStorage;
        store.setItem(`${this.key}:visit`, JSON.stringify({ ...this.noted(store), ...changes }));
      } catch { /* private window */ }
    }

    /** Another page of this visit, or the first of another one. */
    arrive() {
      const { pages, visits, at, invited } = this.visit, now = Date.now(), fresh = now - at > VISIT_MS;
      this.write({ at: now, pages: fresh ? 1 : pages + 1, visits: visits + fresh, invited: !fresh && !!invited });
      return location.pathname;
    }

    /** Offer help, unless the agent would not answer or a conversation goes on; a session is had for it, not kept. */
    async invite(rule) {
      const made = await this.sessionFor({ token: this.session.token || "" });
      if (this.used) return;
      this.write({ invited: true, at: Date.now() }); // also of whom the agent does not take: asked again, some page would
      if (!made.attended || made.resumed) return;
      const dismiss = () => {
        this.write({ closed: true }, true);
        this.met(rule, "dismissed");
        this.launcher.focus();
        this.withdraw();
      };
      const take = () => {
        this.invited = rule.id;
        this.met(rule, "taken");
        this.adopt(made);
        this.open();
      };
      this.offer.replaceChildren(el("div", { className: "invite", onkeydown: (e) => { if (e.key === "Escape") dismiss(); } },
        el("button", { type: "button", className: "take", onclick: take }, el("b", {}, `${made.agent.name}, AI assistant`), rule.text, el("u", {}, "Answer")),
        tool("close", "No, thank you", dismiss)));
      this.met(rule, "shown");
    }

    withdraw() { this.offer.replaceChildren(); }

    /** Count what became of an invitation; who it was is not told. */
    met({ id }, what) {
      fetch(`${this.server}/chat/invitations`, { method: "POST", keepalive: true, headers: JSON_TYPE, body: JSON.stringify({ id, what }) }).catch(() => {});
    }

    // --- the session and its socket ------------------------------------------------------------
    async begin() {
      this.adopt(await this.sessionFor({ token: this.session.token || "", fresh: !!this.fresh }));
    }

    async sessionFor(asked) {
      const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      const answer = await fetch(`${this.server}/chat/sessions`, { method: "POST", headers: JSON_TYPE, body: JSON.stringify({ ...asked, zone }) });
      const made = await answer.json();
      if (!answer.ok) throw Object.assign(new Error(made.error.message), { refused: answer.status === 403 });
      return made;
    }

    adopt({ token, conversation_id, agent, notices, resumed }) {
      const unsent = this.session.unsent.map((m) => (resumed ? m : { ...m, turn: 0 }));
      this.session = { token, conversation_id, agent, notices, unsent };
      this.save();
      this.known = true;
      this.fresh = this.ended = false;
      if (resumed) this.introduce(); else this.clear(this.goingOn);
      this.goingOn = false;
    }

    /** Begin another conversation; `keep`: with what was not sent in this one. */
    async renew(keep = false) {
      this.invited = "";
      if (!keep) {
        this.post({ type: "end" });
        this.session.unsent = [];
      }
      this.fresh = true;
      this.goingOn = keep;
      this.known = false;
      this.banner("");
      this.hurry(true);
      this.input.focus();
    }

    /** Connect now, if nothing is under way; `anew`: whatever is. */
    hurry(anew) {
      if (anew) { this.tries = 0; this.drop(); }
      clearTimeout(this.timer);
      if (!this.socket) this.connect();
    }

    async connect() {
      if (this.connecting) return this.connecting;
      this.connecting = this.dial().catch((error) => this.lost(error)).finally(() => { this.connecting = null; });
      return this.connecting;
    }

    async dial() {
      this.drop();
      if (!this.known) await this.begin();
      const socket = new WebSocket(`${this.server.replace(/^http/, "ws")}/chat/ws`);
      this.socket = socket;
      socket.onopen = () => { this.heard = performance.now(); this.post({ type: "hello", token: this.session.token, after: this.last, invited: this.invited || "" }); };
      socket.onmessage = (event) => { this.heard = performance.now(); if (socket === this.socket) this.take(JSON.parse(event.data)); };
      socket.onclose = (event) => {
        if (socket !== this.socket) return;
        if (event.code === GONE) { this.session.token = ""; this.known = false; }
        this.lost({});
      };
      this.beat = setInterval(() => {
        if (performance.now() - this.heard > DEAF_MS) this.lost({}); else this.post({ type: "ping" });
      }, BEAT_MS);
    }

    drop() {
      clearInterval(this.beat);
      clearTimeout(this.timer);
      const old = this.socket;
      this.live = false;
      this.socket = null;
      old?.close();
    }

    /** Tell who builds the site, in the browser's console, why the chat is refused. */
    tellOwner(why) {
      if (this.toldOwner) return;
      this.toldOwner = true;
      const here = location.protocol === "file:" ? "Open the page by http, and add its origin" : `Add ${location.origin}`;
      console.warn(`Chat: ${why} ${here} there.`);
    }

    /** Try again later and later, never all at once; drafts stay until their line is there. */
    lost(error) {
      this.drop();
      this.dots.hidden = true;
      const asked = this.extra.querySelector("form .main");
      if (asked) asked.disabled = false;
      if (error.refused) {
        this.tellOwner(error.message);
        return this.banner("The chat is not available on this page.");
      }
      this.banner(navigator.onLine ? LOST : OFFLINE);
      const wait = Math.min(MOST_WAIT_MS, 500 * 2 ** this.tries++) * (0.5 + Math.random() / 2);
      this.timer = setTimeout(() => this.hurry(), wait);
    }
  }

  if (customElements.get("voice-agent-chat")) return;
  customElements.define("voice-agent-chat", VoiceAgentChat);
  if (script && !document.querySelector("voice-agent-chat")) {
    const embed = () => document.querySelector("voice-agent-chat") || document.body.append(el("voice-agent-chat", { ...script.dataset }));
    if (document.body && document.readyState !== "loading") embed(); else document.addEventListener("DOMContentLoaded", embed);
  }
})();
