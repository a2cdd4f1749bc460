// Forms of the call page sent without leaving it, so that playing goes on; what changed is put in place.

import { csrf, fault, reach, refusal, say, unasked } from "./console.js";
import { arrived, changed as typed, sent } from "./drafts.js";

const EVERY_MS = 10_000;
const PARTS = [
  "standing", "reviewed-form", "mail", "second-look", "call-title", "brief", "verdict", "signals", "answers", "next", "questions", "comments", "handoff-rating",
  "scorecard", "crm", "consent", "sharing", "trail",
];

/** Send forms under a root in the background. `changed` is told of the page as it is now. */
export function sendInPlace(root, changed) {
  root.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.method !== "post" || form.elements.then) return;
    event.preventDefault();
    const button = event.submitter;
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    if (button) button.disabled = true;
    sent(form, "");
    try {
      const response = await reach(form.action, {
        method: "POST",
        headers: { "X-CSRF-Token": csrf, Accept: "application/json, text/html" },
        body: new URLSearchParams(fields(form, button)),
      });
      if (!response.ok) throw await refusal(response);
      arrived(form);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      put(page, form);
      changed(page);
      say("Saved.");
    } catch (error) {
      fault(error);
    } finally {
      delete form.dataset.busy;
      if (button) button.disabled = false;
    }
  });
}

/** Put in place what others changed, while somebody looks at the page. */
export function keepFresh(root, changed) {
  setTimeout(async function look() {
    const answer = document.hidden ? null : await unasked(`${location.pathname}/seq`, "application/json");
    if (answer?.status === 401) return;
    if (answer?.ok && (await answer.json()).seq > Number(root.dataset.seq)) {
      const fresh = await unasked(location.href);
      if (fresh?.ok) {
        const page = new DOMParser().parseFromString(await fresh.text(), "text/html");
        put(page, null);
        changed(page);
      }
    }
    setTimeout(look, EVERY_MS);
  }, EVERY_MS);
}

/** What a form sends, with the button that sent it. */
function fields(form, button) {
  const sent = new FormData(form);
  if (button?.name) sent.append(button.name, button.value);
  return sent;
}

/** Put the parts of a fresh page in the place of ours; what somebody is writing elsewhere stays, and
 * where nobody sent a form what somebody is at. */
function put(page, form) {
  const mine = form?.closest("details.card")?.id;
  const root = document.getElementById("call"), now = page.getElementById("call");
  if (root && now) root.dataset.seq = now.dataset.seq;
  for (const id of PARTS) {
    const old = document.getElementById(id), fresh = page.getElementById(id);
    if (old && !fresh && ["mail", "second-look"].includes(id) && !written(old)) old.remove();
    if (!old || !fresh) continue;
    if (id !== mine && written(old)) continue;
    if (!form && (old.contains(document.activeElement) || old.querySelector(".put-right[open]"))) continue;
    if (old.tagName === "DETAILS") fresh.open = old.open;
    old.replaceWith(document.adoptNode(fresh));
  }
  for (const fresh of page.querySelectorAll(".line")) {
    const line = document.getElementById(fresh.id);
    const remarks = [...fresh.querySelectorAll(".remark")];
    if (!line || !remarks.length && !line.querySelector(".remark")) continue;
    for (const old of line.querySelectorAll(".remark")) old.remove();
    line.querySelector(".text").after(...remarks.map((one) => document.adoptNode(one)));
  }
  document.getElementById(mine)?.querySelector("summary")?.focus();
}

function written(part) {
  return [...part.querySelectorAll("form")].some((form) => [...form.elements].some(typed));
}
