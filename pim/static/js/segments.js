/*
 * The rule builder's own manners: focus follows what was added, lists take their values by Enter,
 * and what isn't saved isn't left by accident. Everything here also works without it.
 */

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/* --- after a part was renewed ---------------------------------------------- */

/* What a person chose is said at once, so that it stays when another part is renewed. */
document.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLSelectElement) || !target.closest("#rule")) return;
  for (const option of target.options) option.defaultSelected = option.selected;
});

/** A morph changes which option says it is selected, not which one is. */
function chooseAsSaid() {
  for (const select of $$("#rule select")) {
    if (select === document.activeElement) continue;
    const said = [...select.options].find((option) => option.defaultSelected);
    if (said && !said.selected) said.selected = true;
  }
}

/** Nor does a morph write into a field that was typed in: where a list becomes one value, it is
    empty and has one all the same. */
function fillAsSaid(renewed) {
  if (!["rule", "editor"].includes(renewed)) return;
  for (const input of $$("#rule .cond-value > input")) {
    if (!input.value && input !== document.activeElement) input.value = input.defaultValue;
  }
}

/** The server says which condition is new or near the one that went. */
function focusAsSaid() {
  const rule = $("#rule[data-focus-on]");
  if (!rule) return;
  const key = rule.dataset.focusOn;
  delete rule.dataset.focusOn;
  if (document.activeElement?.closest(`#c-${key}`)) return;
  ($(`#about-${key}`) ?? $(`#logic-${key}`) ?? $("#add-r"))?.focus();
}

/** What stands in the note below a condition is also said of the field it is about. */
function markWrong() {
  for (const field of $$("#rule [aria-invalid]")) field.removeAttribute("aria-invalid");
  for (const error of $$("#rule .cond-note > .error")) {
    const key = error.parentElement.id.slice("note-".length);
    $(`#${error.dataset.field}-${key}`)?.setAttribute("aria-invalid", "true");
  }
}

document.addEventListener("htmx:after:swap", (event) => {
  chooseAsSaid();
  fillAsSaid(event.detail.ctx?.target?.id);
  focusAsSaid();
  markWrong();
  // Refused again: the summary is an old acquaintance, and takes the focus all the same.
  if (event.detail.ctx?.sourceElement?.id === "editor") ($("#error-summary") ?? $("#theirs"))?.focus();
});

/* --- lists: each value is a tag ----------------------------------------------- */

const SEPARATORS = /[\n\t;]+/;

function tagsOf(box) {
  return $$(".tag > input", box).map((input) => input.value);
}

function makeTag(box, text) {
  const name = $("[data-tag]", box).name;
  const tag = document.createElement("span");
  tag.className = "tag";
  const shown = document.createElement("bdi");
  shown.textContent = text;
  const kept = Object.assign(document.createElement("input"), { type: "hidden", name, value: text });
  const button = Object.assign(document.createElement("button"), { type: "button" });
  button.setAttribute("aria-label", `Remove ${text}`);
  button.dataset.untag = "";
  button.textContent = "×";
  tag.append(shown, kept, button);
  return tag;
}

/** Turn what stands in the input into tags; true if there was anything. */
function takeTags(input, text = input.value) {
  const box = input.closest("[data-tags]");
  // A value that is offered may have a separator in it.
  const offered = [...(input.list?.options ?? [])].some((option) => option.value === text);
  const parts = offered ? [text] : text.split(SEPARATORS);
  const values = parts.map((value) => value.trim()).filter(Boolean);
  const known = new Set(tagsOf(box));
  for (const value of values) {
    if (known.has(value)) continue;
    known.add(value);
    box.insertBefore(makeTag(box, value), $(".tag ~ [data-tag], [data-tag]", box));
  }
  input.value = "";
  if (known.size) input.placeholder = "Add…";
  input.dispatchEvent(new Event("input", { bubbles: true }));
  return values.length > 0;
}

document.addEventListener("keydown", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || !input.matches("[data-tag]")) return;
  if (event.key === "Enter" && input.value.trim()) {
    event.preventDefault();
    takeTags(input);
  } else if (event.key === "Backspace" && !input.value) {
    const last = $$(".tag", input.closest("[data-tags]")).at(-1);
    if (!last) return;
    last.remove();
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
});

/* Who goes on to another field is done with this value. */
document.addEventListener("focusout", (event) => {
  const input = event.target;
  if (input instanceof HTMLInputElement && input.matches("[data-tag]") && input.value.trim()) {
    takeTags(input);
  }
});

document.addEventListener("paste", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || !input.matches("[data-tag]")) return;
  const text = event.clipboardData?.getData("text") ?? "";
  if (!SEPARATORS.test(text.trim())) return;
  event.preventDefault();
  takeTags(input, text);
});

document.addEventListener("click", (event) => {
  const button = event.target instanceof Element && event.target.closest("[data-untag]");
  if (!button) return;
  event.preventDefault();
  const input = $("[data-tag]", button.closest("[data-tags]"));
  button.closest(".tag").remove();
  input.focus();
  input.dispatchEvent(new Event("input", { bubbles: true }));
});

/* --- the count ------------------------------------------------------------------- */

/** A count that isn't the rule's any more is worse than none. */
function saySoWithoutCount() {
  const count = $("#live-count");
  if (!count) return;
  const said = Object.assign(document.createElement("span"), { className: "quiet" });
  said.textContent = "This can't be counted right now.";
  count.replaceChildren(said);
  for (const rest of $$("#live > :is(.live-sample, .live-which, .live-left)")) rest.remove();
  $("#live-took")?.remove();
}

for (const failure of ["htmx:response:error", "htmx:error"]) {
  document.addEventListener(failure, (event) => {
    if (event.detail.ctx?.sourceElement?.matches("#live, [id^='recount-']")) saySoWithoutCount();
  });
}
/* What stands between here and the server answers with pages of its own. */
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail;
  if (ctx?.target?.id === "live" && !ctx.text?.includes('id="live"')) event.preventDefault();
});

/* --- what isn't saved ------------------------------------------------------------ */

let leaving = false;

function state(form) {
  const kept = new FormData(form);
  for (const name of ["csrf_token", "version", "words"]) kept.delete(name);
  return JSON.stringify([...kept].filter(([, value]) => value !== ""));
}

const opened = $("#editor") && state($("#editor"));

function isChanged() {
  const form = $("#editor");
  if (!form || leaving || !$("#save, .live-save")) return false;
  return form.dataset.guard === "changed" || state(form) !== opened;
}

document.addEventListener("submit", (event) => {
  if (event.target.matches("#editor, [data-leave]")) leaving = true;
});
document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("a[data-leave]")) leaving = true;
});
document.addEventListener("htmx:before:swap", (event) => {
  if (event.detail.ctx?.sourceElement?.id === "editor") leaving = false;  // it was refused
});
window.addEventListener("beforeunload", (event) => {
  if (isChanged()) event.preventDefault();
});

/* Back and Forward between pages of members exchange the members alone: the rule that is being
   built above them isn't stored yet. */
document.addEventListener("htmx:before:history:restore", (event) => {
  const here = $("#members-search")?.getAttribute("action");
  if (!here || new URL(event.detail.path, location.href).pathname !== here) return;
  event.preventDefault();
  htmx.ajax("GET", event.detail.path, { target: "#members", swap: "outerMorph" });
});
