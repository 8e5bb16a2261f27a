/*
 * What plain HTML and htmx don't do by themselves. Every page works without this file.
 *
 * Handlers are delegated from the document, so that content that is swapped in needs no set-up.
 * Hooks are data attributes; the macros in templates/components/ write them.
 */

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Listen on the document for events whose target lies in `selector`. */
function on(type, selector, handler) {
  document.addEventListener(type, (event) => {
    const element = event.target instanceof Element && event.target.closest(selector);
    if (element) handler(event, element);
  });
}

if (window.htmx) document.documentElement.classList.add("has-htmx");

/* --- keyboard ------------------------------------------------------------ */

const isTyping = (element) =>
  element instanceof HTMLElement &&
  (element.isContentEditable || element.matches("input, textarea, select"));

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return closeMenus();
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.key !== "/" || !plain || isTyping(event.target) || $("dialog[open]")) return;
  const find = $("[data-find]");
  if (!find) return;
  event.preventDefault();
  find.focus();
  find.select();
});

/* --- menus: close when something else is meant --------------------------- */

function closeMenus(except) {
  for (const menu of $$("details[data-menu][open]")) {
    if (menu === except || menu.contains(except)) continue;
    const hadFocus = menu.contains(document.activeElement);
    menu.open = false;
    if (hadFocus && !except) $("summary", menu).focus();
  }
}

document.addEventListener("click", (event) => closeMenus(event.target));
on("focusout", "details[data-menu]", (event, menu) => {
  if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});

/* A table scrolls, so a menu inside it would be cut off: it is laid over the page instead. */
document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.("details[data-menu][open]") || !menu.closest(".table-wrap")) return;
  const panel = $(".menu-panel", menu);
  const opener = $("summary", menu).getBoundingClientRect();
  panel.classList.add("is-floating");
  const { offsetWidth: width, offsetHeight: height } = panel;
  const fitsBelow = opener.bottom + height + 8 < window.innerHeight;
  panel.style.top = `${fitsBelow ? opener.bottom + 4 : Math.max(8, opener.top - height - 4)}px`;
  panel.style.left = `${Math.max(8, Math.min(opener.right, window.innerWidth - 8) - width)}px`;
}, true);
document.addEventListener("scroll", (event) => {
  if (event.target instanceof Element && event.target.closest(".menu-panel")) return;
  for (const panel of $$("details[open] > .is-floating")) panel.parentElement.open = false;
}, true);

/* --- dialogs ------------------------------------------------------------- */

on("click", "[data-dialog]", (event, opener) => {
  const dialog = document.getElementById(opener.dataset.dialog);
  if (!dialog || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  dialog.showModal();
});
on("click", "[data-close]", (event, button) => button.closest("dialog")?.close());
on("click", "dialog", (event, dialog) => {
  if (event.target === dialog && isOutside(event, dialog)) dialog.close();
});

function isOutside(event, element) {
  const box = element.getBoundingClientRect();
  return (
    event.clientX < box.left || event.clientX > box.right ||
    event.clientY < box.top || event.clientY > box.bottom
  );
}

/** Ask in our own dialog; resolves to true or false. */
function ask(question, yes) {
  const dialog = $("#confirm");
  if (!dialog) return Promise.resolve(window.confirm(question));
  const [title, ...more] = question.split("\n");
  $("#confirm-title").textContent = title;
  $("#confirm-text").textContent = more.join(" ");
  $("#confirm-yes").textContent = yes || "Continue";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

document.addEventListener("htmx:confirm", (event) => {
  event.preventDefault();
  const { ctx, issueRequest, dropRequest } = event.detail;
  ask(ctx.confirm, ctx.sourceElement.dataset.yes).then((go) => (go ? issueRequest() : dropRequest()));
});

const confirmed = new WeakSet();
on("submit", "form[data-confirm]", (event, form) => {
  if (confirmed.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { submitter } = event;
  ask(form.dataset.confirm, form.dataset.yes).then((go) => {
    if (!go) return;
    confirmed.add(form);
    form.requestSubmit(submitter);
  });
});

/* --- files: drop them anywhere on the zone, see what was chosen ---------- */

const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

for (const type of ["dragenter", "dragover"]) {
  on(type, "[data-drop]", (event, zone) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    zone.classList.add("is-over");
  });
}
on("dragleave", "[data-drop]", (event, zone) => {
  if (!zone.contains(event.relatedTarget)) zone.classList.remove("is-over");
});
on("drop", "[data-drop]", (event, zone) => {
  event.preventDefault();
  zone.classList.remove("is-over");
  const input = $("input[type=file]", zone);
  if (!carriesFiles(event) || !input) return;
  const files = new DataTransfer();
  for (const file of input.multiple ? event.dataTransfer.files : [event.dataTransfer.files[0]]) {
    files.items.add(file);
  }
  input.files = files.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
// A file that misses the zone would replace the page.
for (const type of ["dragover", "drop"]) {
  window.addEventListener(type, (event) => {
    if (carriesFiles(event) && $("[data-drop]")) event.preventDefault();
  });
}
on("change", "[data-drop] input[type=file]", (event, input) => {
  const zone = input.closest("[data-drop]");
  const names = [...input.files].map((file) => `${file.name} · ${size(file.size)}`);
  $("[data-drop-files]", zone).textContent = names.join(", ");
  zone.classList.toggle("has-files", names.length > 0);
});

function size(bytes) {
  const units = ["bytes", "kB", "MB", "GB"];
  let step = 0;
  while (bytes >= 1000 && step < units.length - 1) {
    bytes /= 1000;
    step += 1;
  }
  const digits = { maximumFractionDigits: step ? 1 : 0 };
  return `${bytes.toLocaleString("en", digits)} ${units[step]}`;
}

/* --- colours: the cookie the server reads, without a reload -------------- */

on("submit", "[data-theme-form]", (event, form) => {
  const value = event.submitter?.value;
  if (!value) return;
  event.preventDefault();
  const secure = location.protocol === "https:" ? "; secure" : "";
  const age = value === "auto" ? 0 : 365 * 24 * 3600;
  document.cookie = `theme=${value}; path=/; max-age=${age}; samesite=lax${secure}`;
  if (value === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = value;
  for (const button of form.elements) {
    if (button.name === "theme") button.setAttribute("aria-pressed", String(button.value === value));
  }
});

/* --- messages ------------------------------------------------------------ */

const SHOWN_FOR = 7000;

on("click", "[data-dismiss]", (event, button) => button.closest("[data-toast]")?.remove());

/** What a message says, without the incident number that differs each time. */
const gist = (toast) => $("p", toast).textContent.replace(/\b[0-9a-f]{12}\b/, "");

/** Good news leaves by itself, unless someone is reading it; the same message is shown once. */
function tend(toast) {
  for (const other of $$("#flashes [data-toast]")) {
    if (other !== toast && gist(other) === gist(toast)) other.remove();
  }
  if (["bad", "warn"].includes(toast.dataset.toast)) return;
  const leave = () => {
    if (toast.matches(":hover, :focus-within")) setTimeout(leave, 2000);
    else toast.remove();
  };
  setTimeout(leave, SHOWN_FOR);
}

function tendNewMessages() {
  for (const toast of $$("#flashes [data-toast]:not([data-tended])")) {
    toast.dataset.tended = "";
    tend(toast);
  }
}

document.addEventListener("htmx:error", (event) => {
  const region = $("#flashes");
  // Without a request behind it, it is a mistake in a page, and the console has it already.
  if (!region || !event.detail.ctx || event.detail.ctx.response) return;
  const toast = document.importNode($("#no-answer").content, true);
  region.append(toast);
  tendNewMessages();
});

/* --- focus: follow what is new ------------------------------------------- */

const focused = new WeakSet();

function focusWhatIsNew() {
  for (const element of $$("[data-focus]")) {
    if (focused.has(element)) continue;
    focused.add(element);
    element.focus();
    return;
  }
}

on("click", "#error-summary a[href^='#']", (event, link) => {
  const field = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!field) return;
  event.preventDefault();
  field.focus();
  (field.closest(".field") ?? field).scrollIntoView({ block: "center" });
});

function settle() {
  tendNewMessages();
  focusWhatIsNew();
}

document.addEventListener("htmx:after:swap", settle);
settle();
