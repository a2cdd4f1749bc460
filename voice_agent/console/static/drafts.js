// What is typed or chosen in a form that posts outlasts a session that ended, a refusal, a server that
// was away, and a closed page: it is kept in this tab, and stands in its fields again when their page is
// there again. That of a form that was sent is let go once the page has come that answers it and
// refuses nothing. Choices alone, which nobody tried to send, are not put back: they would be taken for
// what is in force.

const KEY = "console-typed";
const WORDS = "textarea, input:not([type]), input[type=text], input[type=email]";
const CHOICES = "select, input[type=checkbox], input[type=radio]";
const KEPT = `:is(${WORDS}, ${CHOICES})[name]`;
const path = location.pathname;

/** Account → page → form → name of a field → [what stood there, what stands there now]. */
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
  return `${new URL(form.action, location.href).pathname} ${act} ${form.getAttribute("id") ?? ""}`;
}

/** Of a field: what it is known by in its form, what the page said, and what it says now. */
function standing(field) {
  if (field.matches("[type=checkbox]")) return [`${field.name}=${field.value}`, field.defaultChecked, field.checked];
  if (field.matches("[type=radio]")) {
    const group = [...field.form.elements].filter((one) => one.type === "radio" && one.name === field.name);
    return [field.name, group.find((one) => one.defaultChecked)?.value ?? "", group.find((one) => one.checked)?.value ?? ""];
  }
  if (field.matches("select")) {
    return [field.name, (([...field.options].find((one) => one.defaultSelected)) ?? field.options[0])?.value ?? "", field.value];
  }
  return [field.name, field.defaultValue, field.value];
}

/** Whether somebody changed a field, or a choice, since the page came. */
export function changed(field) {
  if (!field.matches(KEPT)) return false;
  const [, before, now] = standing(field);
  return before !== now;
}

/** The words of a form have arrived: they are kept no longer. */
export function arrived(form) {
  const all = read();
  delete mine(all)[name(form)];
  write(all);
}

/** A form is on its way from a page; the next one tells whether it was taken. Sent in place: from none. */
export function sent(form, from = location.href.replace(/#.*/, "")) {
  const all = read(), known = mine(all)[name(form)];
  if (!known) return;
  known.sent = from;
  known.tried = true;
  write(all);
}

/** Whether something of another form of this page was changed and not sent. */
export function unsent(form) {
  const known = mine(read());
  return [...document.forms].some((one) => one !== form && known[name(one)] && [...one.elements].some(changed));
}

/** Forget everything: somebody leaves. */
export function forget() {
  sessionStorage.removeItem(KEY);
}

function typed({ target: field }) {
  const form = field.form;
  if (form?.method !== "post" || !field.matches(KEPT) || field.closest("[data-once]")) return;
  const all = read(), fields = ((mine(all)[name(form)] ??= { words: {} }).words);
  delete fields[standing(field)[0]];
  for (const one of form.elements) { // with what a key chose beside it
    if (one.closest("[data-once]") || !changed(one)) continue;
    const [key, before, now] = standing(one);
    fields[key] = [before, now];
  }
  write(all);
}

/** What was sent before this page came is settled by it, if it is the answer: it came of that page, and not by going back. */
function settle(all, refused) {
  const onward = performance.getEntriesByType("navigation")[0]?.type === "navigate";
  for (const pages of Object.values(all)) {
    for (const forms of Object.values(pages)) {
      for (const [key, form] of Object.entries(forms)) {
        if (form.sent && form.sent === document.referrer && onward && !refused) delete forms[key];
        form.sent = "";
      }
    }
  }
}

/** Put words back where the page still says what it said, and beside it otherwise; whether any were. */
function putBack(forms) {
  let any = false;
  for (const form of document.querySelectorAll("form[method=post]")) {
    const { words = {}, tried } = forms[name(form)] ?? {};
    if (!tried && ![...form.elements].some((box) => box.matches(WORDS) && words[box.name])) continue;
    for (const box of form.elements) {
      if (!box.matches(KEPT)) continue;
      const [key, stood, stands] = standing(box), [before, now] = words[key] ?? [stood, stood];
      if (now === stands || now === before || box.type === "radio" && box.value !== now) continue;
      if (stood === before) put(box, now); else beside(box, now);
      for (let around = box.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
      any = true;
    }
  }
  return any;
}

function put(box, now) {
  if (box.matches("[type=checkbox], [type=radio]")) box.checked = box.type === "radio" || now;
  else box.value = now;
}

/** What was typed into a field that says something else by now: to be copied, and not to undo that. */
function beside(box, now) {
  const words = [...(box.options ?? [])].find((one) => one.value === now)?.text ?? String(now);
  const kept = document.createElement("textarea");
  kept.readOnly = true;
  kept.value = words;
  kept.rows = Math.min(words.split("\n").length + 1, 12);
  const told = document.createElement("label");
  told.className = "notice yours";
  told.append("This has changed since. What you had typed:", kept);
  (box.closest("label") ?? box).after(told);
}

const all = read();
settle(all, "refused" in document.body.dataset);
write(all);
/** Whether words stand on this page that were typed before it came. */
export const restored = putBack(mine(all));
document.addEventListener("input", typed);
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  const kept = read();
  for (const form of Object.values(mine(kept))) form.sent = "";
  write(kept);
});
