/*
 * The catalog's keyboard, and what a morph leaves behind. Everything here also works without it:
 * rows are links, forms have buttons, the server says which boxes are checked.
 */

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

const isTyping = (element) =>
  element instanceof HTMLElement &&
  (element.isContentEditable || element.matches("input:not([type=checkbox]), textarea, select"));

/* --- rows: j and k or the arrows move, Enter opens (it is a link) --------- */

function moveBy(step) {
  const links = $$("#products [data-open]");
  if (!links.length) return false;
  const at = links.indexOf(document.activeElement);
  const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step;
  links[Math.max(0, Math.min(next, links.length - 1))].focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]")) return;
  const inRows = document.activeElement?.matches("[data-open]");
  const step = { j: 1, k: -1, ...(inRows ? { ArrowDown: 1, ArrowUp: -1 } : {}) }[event.key];
  if (step && !isTyping(event.target) && moveBy(step)) event.preventDefault();
});

/* --- a field's form: Esc leaves it, Ctrl+Enter saves from several lines --- */

document.addEventListener("keydown", (event) => {
  const form = event.target instanceof Element && event.target.closest("form");
  if (!form) return;
  const leave = event.key === "Escape" && $("[data-escape]", form);
  if (leave) {
    event.preventDefault();
    leave.click();
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form.matches("[data-submit-keys]")) {
    event.preventDefault();
    form.requestSubmit();
  }
});

/* --- facets: a morph changes the attribute of a box, not whether it is on -- */

// Where facets come after the list, what the boxes say waits for them too, and for the answer to a
// click made meanwhile: what was just clicked doesn't go out and on again.
const facetsAreOld = (swapped) =>
  $("#facets-panel[hx-morph-skip]") && (swapped?.id !== "facets-panel" || $("#products.htmx-request"));

document.addEventListener("htmx:after:swap", (event) => {
  if (facetsAreOld(event.detail.ctx?.target)) return;
  for (const box of $$("#facets-form input[type=checkbox]")) box.checked = box.defaultChecked;
});
