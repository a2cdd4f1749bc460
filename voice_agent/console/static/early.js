// Keys pressed before the page's modules have come are kept for them; it stands in the page itself.
window.early = [];
window.keep = (event) => window.early.push(event);
document.addEventListener("keydown", window.keep);
