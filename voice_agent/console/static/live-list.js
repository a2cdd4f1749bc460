// The list of calls, or of chats, keeps itself fresh while somebody looks at it.

import { unasked } from "./console.js";

const EVERY_MS = 2000;
const box = document.getElementById("live");
const stale = document.getElementById("stale");

async function refresh() {
  if (!document.hidden) {
    const answer = await unasked(box.dataset.fresh ?? "/console/live/now");
    stale.hidden = Boolean(answer?.ok);
    stale.textContent = answer?.status === 401
      ? "You are signed out: this list is old. Reload the page to sign in."
      : "The server cannot be reached: this list is old. Trying again …";
    const text = answer?.ok ? await answer.text() : null;
    if (text !== null && text !== refresh.shown) {
      const focused = box.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
      box.innerHTML = text; // our own server's, and escaped there
      refresh.shown = text;
      if (focused) box.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
    }
  }
  setTimeout(refresh, EVERY_MS);
}
refresh();
