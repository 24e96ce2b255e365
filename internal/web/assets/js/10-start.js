// The desk's own script. Everything a page does works without it, except the shortcuts, the player and the live
// counters; it never holds a rule and never decides what may be done: it presses buttons the server offered.
// Parts talk through attributes that the server writes: data-key, data-until, data-live, data-extend, data-draft.
"use strict";
const desk = (() => {
  const page = document.documentElement;
  // The server's clock counts, not this machine's; in an exercise whose clock stands still, nothing ticks.
  const served = Date.parse(page.dataset.now || "");
  const offset = Number.isNaN(served) ? 0 : served - Date.now();
  const stopped = page.dataset.clock === "stopped";
  return {
    all: (selector, from = document) => Array.from(from.querySelectorAll(selector)),
    now: () => (stopped ? served : Date.now() + offset),
    ready: (start) => {
      if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
      else start();
    },
    // A same-origin POST; a failure is the caller's to show.
    post: (url, body) => fetch(url, { method: "POST", body, headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "error" }),
  };
})();
