// The form of rules: what is not saved is said and not lost, and what was open opens again.
import { onKey } from "./console.js";
import { restored } from "./drafts.js";

const form = document.querySelector("[data-rules]");
const opened = () => [...form.querySelectorAll("details[open]")].at(-1)?.id ?? "";
let dirty = false;
let leaving = false;

function changed() {
  dirty = true;
  form.querySelector("[data-dirty]").hidden = false;
  form.querySelector("[data-clean]").hidden = true;
}
form.addEventListener("input", changed);
if (restored) changed();
form.addEventListener("submit", () => {
  leaving = true;
  const place = form.querySelector("[data-open]");
  place.value = document.activeElement?.closest("details.rule-card")?.id || opened();
});
addEventListener("beforeunload", (event) => { if (dirty && !leaving) event.preventDefault(); });
addEventListener("pageshow", () => { leaving = false; });

// The fields of a criterion follow from its kind.
form.addEventListener("change", (event) => {
  if (event.target.matches("[data-saves]")) form.requestSubmit(form.querySelector('[value="save"]'));
});

onKey("e", () => {
  const all = [...form.querySelectorAll("details.rule-card")];
  const open = all.some((card) => !card.open);
  for (const card of all) card.open = open;
});

// A fault's line, chosen in the text.
for (const link of document.querySelectorAll("[data-line]")) {
  link.addEventListener("click", (event) => {
    const box = document.getElementById("text");
    const lines = box.value.split("\n");
    const at = Math.max(0, Math.min(Number(link.dataset.line) - 1, lines.length - 1));
    const start = lines.slice(0, at).reduce((sum, line) => sum + line.length + 1, 0);
    event.preventDefault();
    box.focus();
    box.setSelectionRange(start, start + lines[at].length);
    box.scrollTop = Math.max(0, (at - 4) * (box.scrollHeight / lines.length));
  });
}
