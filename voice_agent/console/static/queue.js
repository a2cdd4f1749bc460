// The queue by keyboard: j and k move, Enter opens, x chooses, R marks as reviewed and goes on.
import { fault, onKey, reach, refusal, say } from "./console.js";

const rows = [...document.querySelectorAll("[data-row]")];
let at = -1;

function go(to) {
  if (!rows.length) return;
  rows[at]?.removeAttribute("data-at");
  at = Math.min(Math.max(to, 0), rows.length - 1);
  rows[at].setAttribute("data-at", "");
  const link = rows[at].querySelector("th a");
  link.focus({ preventScroll: true });
  rows[at].scrollIntoView({ block: "nearest" });
}

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("[data-row]");
  if (!row) return;
  rows[at]?.removeAttribute("data-at");
  at = rows.indexOf(row);
  row.setAttribute("data-at", "");
});

onKey("j", () => go(at + 1));
onKey("k", () => go(at - 1));
onKey("x", () => {
  const box = rows[at]?.querySelector("input[name=id]");
  if (!box) return false;
  box.click();
});
onKey("n", () => {
  const link = document.querySelector("[data-next]");
  if (!link) return false;
  link.click();
});
onKey("Enter", (event) => {
  if (event.target.closest("a, button, summary") || at < 0) return false;
  rows[at].querySelector("th a").click();
});

/** Mark a row; whether that worked. */
async function mark(row, act) {
  try {
    const form = new URLSearchParams({ act, id: row.dataset.row, csrf: document.querySelector("#acts [name=csrf]").value });
    const answer = await reach("/console/queues/act", { method: "POST", body: form, headers: { Accept: "application/json" } });
    if (!answer.ok) throw await refusal(answer);
  } catch (error) {
    fault(error);
    return false;
  }
  row.classList.toggle("done", act === "reviewed");
  return true;
}

const reviewed = []; // by R, the latest last
async function review() {
  const row = rows[at];
  if (!row || row.classList.contains("done")) return go(at + 1);
  go(at + 1);
  if (await mark(row, "reviewed")) {
    reviewed.push(row);
    say("Reviewed. U takes it back.");
  }
}
onKey("r", review);
onKey("R", review);
async function takeBack() {
  const row = reviewed.at(-1);
  const before = document.getElementById("put-back");
  if (!row && before) return before.click();
  if (!row) return say("Nothing was reviewed on this page.");
  if (await mark(row, "unreviewed")) {
    reviewed.pop();
    go(rows.indexOf(row));
    say("Put back");
  }
}
onKey("u", takeBack);
onKey("U", takeBack);

const bulk = document.querySelector("[data-bulk]");
const chosen = document.querySelector("[data-chosen]");
const all = document.querySelector("[data-all]");
function count() {
  const boxes = [...document.querySelectorAll("#acts input[name=id]")];
  const n = boxes.filter((box) => box.checked).length;
  bulk.hidden = n === 0;
  chosen.textContent = n === 1 ? "1 chosen" : `${n} chosen`;
  all.checked = n > 0 && n === boxes.length;
  all.indeterminate = n > 0 && n < boxes.length;
}
document.getElementById("acts")?.addEventListener("change", (event) => {
  if (event.target === all) {
    for (const box of document.querySelectorAll("#acts input[name=id]")) box.checked = all.checked;
  }
  count();
});
count();
