/*
 * A file on its way: how much has been sent, how fast, and how long it will take. fetch can't
 * tell that, XMLHttpRequest can, so it takes fetch's place for forms with a [data-sending] region.
 */

const SHOWN_EVERY = 250;

document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  const region = ctx.sourceElement?.querySelector?.("[data-sending]");
  if (!region) return;
  ctx.fetch = (url, options) => {
    const file = options.body instanceof FormData && options.body.get("file");
    if (!(file instanceof File) || !file.size) return window.fetch(url, options);
    return send(url, options, meter(region, file));
  };
});

/** What fetch does, telling on the way how many bytes have gone. */
function send(url, { method, headers, body, signal }, { tell, over }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    for (const [name, value] of new Headers(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", ({ loaded, total }) => tell(loaded, total));
    request.addEventListener("load", () => resolve(answerOf(request)));
    request.addEventListener("error", () => reject(new TypeError("the connection broke off")));
    request.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
    request.addEventListener("loadend", over);
    signal?.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

function answerOf(request) {
  const headers = new Headers();
  for (const line of request.getAllResponseHeaders().trim().split(/[\r\n]+/)) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  const body = [204, 205, 304].includes(request.status) ? null : request.responseText;
  return new Response(body, { status: request.status, headers });
}

/** Shows progress in a region: a bar, and the figures in words. */
function meter(region, file) {
  const bar = region.querySelector("[role=progressbar]");
  const fill = region.querySelector(".progress-fill");
  const words = region.querySelector("[data-sent]");
  const begun = performance.now();
  let shown = 0;
  region.hidden = false;
  const tell = (sent, total) => {
    const now = performance.now();
    if (sent < total && now - shown < SHOWN_EVERY) return;
    shown = now;
    const percent = Math.floor((100 * sent) / total);
    bar.classList.toggle("is-indeterminate", sent >= total);
    bar.setAttribute("aria-valuenow", percent);
    fill.setAttribute("width", sent < total ? `${percent}%` : "30%");
    words.textContent =
      sent < total
        ? `Sending ${file.name}: ${figures(sent, total, (now - begun) / 1000)}`
        : "It is here. Looking at the file …";
  };
  tell(0, file.size);
  return { tell, over: () => (region.hidden = true) };
}

function figures(sent, total, seconds) {
  const parts = [`${size(sent)} of ${size(total)}`];
  if (seconds > 1 && sent) {
    const rate = sent / seconds;
    parts.push(`${size(rate)} a second`, `about ${duration((total - sent) / rate)} left`);
  }
  return parts.join(" · ");
}

function size(bytes) {
  const units = ["bytes", "kB", "MB", "GB"];
  let step = 0;
  while (bytes >= 1000 && step < units.length - 1) {
    bytes /= 1000;
    step += 1;
  }
  return `${bytes.toLocaleString("en", { maximumFractionDigits: step > 1 ? 1 : 0 })} ${units[step]}`;
}

function duration(seconds) {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
