// Live numbers: the page names a stream (data-live-from), the stream sends {"text": {name: "1,234"}, "width": {name: 87.5}}.
// Text is set as text, never as markup. An event "stale" asks htmx to fetch the parts that listen for it.
(() => {
  function show(el, text) {
    if (el.textContent === text) return;
    el.textContent = text;
    el.classList.remove("changed");
    void el.getBoundingClientRect(); // restarts the fade
    el.classList.add("changed");
  }
  desk.ready(() => {
    const root = document.querySelector("[data-live-from]");
    if (!root || !window.EventSource) return;
    const stream = new EventSource(root.dataset.liveFrom);
    stream.onmessage = (event) => {
      const news = JSON.parse(event.data);
      for (const [name, text] of Object.entries(news.text || {})) desk.all(`[data-live="${CSS.escape(name)}"]`).forEach((el) => show(el, text));
      for (const [name, width] of Object.entries(news.width || {})) desk.all(`[data-live-width="${CSS.escape(name)}"]`).forEach((el) => el.setAttribute("width", String(width)));
    };
    stream.addEventListener("stale", () => document.body.dispatchEvent(new CustomEvent("stale")));
    stream.addEventListener("end", () => stream.close());
    window.addEventListener("pagehide", () => stream.close());
  });
})();
