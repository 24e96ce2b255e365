// The viewer's switches: show, blur, grey. Stills are made on the server in the variant asked for; the page has their
// addresses only (data-still), so nothing is fetched, and nothing logged as seen, before somebody asks.
(() => {
  function variant(viewer) {
    const blur = viewer.dataset.blur !== "off", grey = viewer.dataset.grey !== "off";
    if (blur && grey) return "blurred_grey";
    return blur ? "blurred" : grey ? "grey" : "plain";
  }
  function show(viewer) {
    const as = variant(viewer);
    desk.all("img[data-still]", viewer).forEach((img) => {
      if (viewer.dataset.show === "off") img.removeAttribute("src");
      else img.src = `${img.dataset.still}?as=${as}`;
    });
  }
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
    show(viewer);
  });
})();
