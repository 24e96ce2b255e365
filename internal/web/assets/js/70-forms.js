// Small courtesies: one press sends a form once, a language or theme chosen from a list applies at once,
// a box that ticks all, a button that copies a reference.
(() => {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 4000); // a lost connection may be tried again
  });
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.matches("[data-all]")) desk.all(`input[type=checkbox][name="${CSS.escape(box.dataset.all)}"]:not(:disabled)`).forEach((one) => { one.checked = box.checked; });
  });
  document.addEventListener("click", (event) => {
    const closer = event.target.closest("[data-close]");
    if (closer) closer.closest("dialog").close();
    const opener = event.target.closest("[data-open]");
    if (opener) { const box = document.getElementById(opener.dataset.open); if (box) { box.showModal(); event.preventDefault(); } }
  });
})();
