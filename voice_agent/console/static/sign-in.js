// A link to a moment of a call leads there, too, when one has to sign in first: what stands behind the
// # never reaches the server, but the browser keeps it on the way here.

if (location.hash) {
  const wanted = document.querySelector("input[name=next]");
  if (!wanted.value.includes("#")) wanted.value += location.hash;
  const elsewhere = document.querySelector("a[href*='oidc?next=']");
  if (elsewhere) elsewhere.search = new URLSearchParams({ next: wanted.value });
}
