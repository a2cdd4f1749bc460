// What the pages of a live call and of a live chat have in common.

export const VERDICTS = {
  qualified: "Qualified", disqualified: "Not a fit", nurture: "Nurture",
  needs_human: "Needs a person", insufficient: "Too little known",
};

export function text(tag, words, className = "") {
  const made = document.createElement(tag);
  made.textContent = words;
  if (className) made.className = className;
  return made;
}
