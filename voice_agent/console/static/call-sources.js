// What each sentence rests on: fetched when it is first asked for, and put where it is opened.

let page = null;

/** The sources of a call, as a document; asked for again after a failure. */
function sources(url) {
  page ??= fetch(url, { headers: { Accept: "text/html" } })
    .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(answer.status))))
    .then((text) => new DOMParser().parseFromString(text, "text/html"))
    .catch(() => { page = null; return null; });
  return page;
}

/** Put a sentence's source under it. What cannot be fetched keeps its link. */
async function fill(details) {
  const link = details.querySelector(".opened > a:only-child");
  if (!link) return;
  const found = await sources(link.href.split("#")[0]);
  const told = found?.getElementById(`source-${details.dataset.n}`);
  if (!told) return;
  const copy = document.importNode(told, true);
  copy.removeAttribute("id");
  details.querySelector(".opened").replaceWith(copy);
}

/** Fill what is opened; who points at one has it at hand when they press. */
export function sourced(root) {
  root.addEventListener("toggle", (event) => {
    if (event.target.matches?.("details.source[open]")) fill(event.target);
  }, true);
  root.addEventListener("pointerover", (event) => {
    const link = event.target.closest?.("details.source")?.querySelector(".opened > a:only-child");
    if (link) sources(link.href.split("#")[0]);
  });
}
