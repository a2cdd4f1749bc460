// Words typed into a form that posts outlast a session that ended, a refusal, and a closed page:
// they are kept in this tab, and stand in their fields again when their page is there again.
// Those of a form that was sent are let go once a page has come that refuses nothing.

const KEY = "console-typed";
const WORDS = "textarea[name], input[name]:not([type]), input[name][type=text], input[name][type=email]";
const path = location.pathname;

/** Account → page → form → name of a field → [what stood there, what was typed]. */
function read() {
  try { return JSON.parse(sessionStorage.getItem(KEY)) ?? {}; } catch { return {}; }
}

function write(all) {
  try { sessionStorage.setItem(KEY, JSON.stringify(all)); } catch { /* full, or not allowed */ }
}

function mine(all) {
  const account = document.body.dataset.account ?? "";
  return ((all[account] ??= {})[path] ??= {});
}

/** What a form is known by on its page. */
function name(form) {
  const act = form.querySelector("input[type=hidden][name=act]")?.value ?? "";
  return `${new URL(form.action, location.href).pathname} ${act}`;
}

/** The words of a form have arrived: they are kept no longer. */
export function arrived(form) {
  const all = read();
  delete mine(all)[name(form)];
  write(all);
}

/** A form is on its way; the next page tells whether it was taken. */
export function sent(form) {
  const all = read(), known = mine(all)[name(form)];
  if (!known) return;
  known.sent = true;
  write(all);
}

/** Forget everything: somebody leaves. */
export function forget() {
  sessionStorage.removeItem(KEY);
}

function typed({ target: field }) {
  const form = field.form;
  if (form?.method !== "post" || !field.matches(WORDS) || "once" in field.dataset) return;
  const all = read(), fields = ((mine(all)[name(form)] ??= { words: {} }).words);
  if (field.value === field.defaultValue) delete fields[field.name];
  else fields[field.name] = [field.defaultValue, field.value];
  write(all);
}

/** What was sent before this page came is settled by it. */
function settle(all, refused) {
  for (const pages of Object.values(all)) {
    for (const forms of Object.values(pages)) {
      for (const [key, form] of Object.entries(forms)) {
        if (form.sent && !refused) delete forms[key];
        form.sent = false;
      }
    }
  }
}

/** Put words back where the page still says what it said, and beside it otherwise; whether any were. */
function putBack(forms) {
  let any = false;
  for (const form of document.querySelectorAll("form[method=post]")) {
    for (const [field, [before, now]] of Object.entries(forms[name(form)]?.words ?? {})) {
      const box = form.elements.namedItem(field);
      if (!box?.matches?.(WORDS) || box.value === now) continue;
      if (box.defaultValue === before) box.value = now; else beside(box, now);
      for (let around = box.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
      any = true;
    }
  }
  return any;
}

/** Words for a field that somebody else has changed meanwhile: to be copied, and not to undo that. */
function beside(box, words) {
  const kept = document.createElement("textarea");
  kept.readOnly = true;
  kept.value = words;
  kept.rows = Math.min(words.split("\n").length + 1, 12);
  const told = document.createElement("label");
  told.className = "notice yours";
  told.append("Somebody has changed this since. What you had typed:", kept);
  (box.closest("label") ?? box).after(told);
}

const all = read();
settle(all, "refused" in document.body.dataset);
write(all);
/** Whether words stand on this page that were typed before it came. */
export const restored = putBack(mine(all));
document.addEventListener("input", typed);
