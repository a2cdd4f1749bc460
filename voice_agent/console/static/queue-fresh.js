// A queue keeps up while somebody looks at it: counts and cells by themselves; of lines that came or
// went it tells, and waits until they are asked for.

import { unasked } from "./console.js";

const EVERY_MS = 30_000;
const news = document.getElementById("news");
const ids = (page) => [...page.querySelectorAll("[data-row]")].map((row) => row.dataset.row);
const mine = (part) => part.contains(document.activeElement);

function tell(text, does = "Show") {
  const [told, button] = news.children;
  if (text === told.textContent) return; // said once
  news.hidden = !text;
  told.textContent = text;
  button.textContent = does;
}

/** What differs from a fresh page, in words. */
function changes(page) {
  const now = ids(page), before = ids(document);
  const came = now.filter((id) => !before.includes(id)).length;
  const left = [...document.querySelectorAll("[data-row]:not(.done)")].filter((row) => !now.includes(row.dataset.row)).length;
  if (came) return `${came} new here since you opened this.`;
  return left ? `${left === 1 ? "One of these is" : `${left} of these are`} done with since you opened this.` : "";
}

function put(page) {
  const side = document.querySelector(".side ul"), counts = page.querySelector(".side ul");
  if (side && counts && !mine(side)) side.innerHTML = counts.innerHTML; // our own server's, and escaped there
  for (const row of document.querySelectorAll("[data-row]")) {
    const fresh = page.querySelector(`[data-row="${CSS.escape(row.dataset.row)}"]`);
    for (const cell of row.querySelectorAll("td[data-label]")) {
      const now = fresh?.querySelector(`td[data-label="${cell.dataset.label}"]`);
      if (now && now.innerHTML !== cell.innerHTML && !mine(cell)) cell.innerHTML = now.innerHTML;
    }
  }
}

let asking = false;
async function look() {
  if (document.hidden || asking) return;
  asking = true;
  const answer = await unasked(location.href);
  if (answer?.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    put(page);
    tell(changes(page));
  } else if (answer?.status === 401) {
    tell("You are signed out: this list is old.", "Sign in");
  } else {
    tell("The server cannot be reached: this list may be old.", "Reload");
  }
  asking = false;
}
news.querySelector("button").addEventListener("click", () => location.reload());
setInterval(look, EVERY_MS);
document.addEventListener("visibilitychange", look);
addEventListener("online", look);
