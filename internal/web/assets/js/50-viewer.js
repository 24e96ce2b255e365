// The viewer's switches: show, blur, grey. They act on this page only; the defaults are the officer's own settings.
(() => {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-toggle]");
    if (!button) return;
    const viewer = document.getElementById(button.dataset.on);
    if (!viewer) return;
    event.preventDefault();
    const name = button.dataset.toggle;
    const off = viewer.dataset[name] !== "off";
    viewer.dataset[name] = off ? "off" : "on";
    button.setAttribute("aria-pressed", String(!off));
    // Showing loads the still only now: before that the page has not even fetched it.
    if (name === "show" && !off) desk.all("img[data-src]", viewer).forEach((img) => { img.src = img.dataset.src; img.removeAttribute("data-src"); });
  });
})();
