// Clocks count down to data-until (RFC 3339). At the end the page shows what the server put aside for it: [data-lapse].
(() => {
  const two = (n) => String(n).padStart(2, "0");
  function left(ms) {
    const s = Math.max(0, Math.ceil(ms / 1000));
    const h = Math.floor(s / 3600), m = Math.floor((s % 3600) / 60);
    return h > 0 ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
  }
  function tick() {
    desk.all("[data-until]").forEach((clock) => {
      const ms = Date.parse(clock.dataset.until) - desk.now();
      if (Number.isNaN(ms)) return;
      clock.textContent = left(ms);
      clock.classList.toggle("low", ms > 0 && ms < Number(clock.dataset.low || 120) * 1000);
      clock.classList.toggle("out", ms <= 0);
      if (ms <= 0 && clock.dataset.lapse) {
        const told = document.getElementById(clock.dataset.lapse);
        if (told) told.hidden = false;
      }
    });
  }
  desk.ready(() => { tick(); setInterval(tick, 1000); });

  // A leased item stays leased while somebody looks at it. The server answers with the new end and may refuse.
  async function extend() {
    const clock = document.querySelector("[data-extend]");
    if (!clock || !document.hasFocus() || clock.classList.contains("out")) return;
    try {
      const answer = await desk.post(clock.dataset.extend, new URLSearchParams());
      if (answer.ok) { clock.dataset.until = (await answer.json()).until; tick(); }
    } catch { /* the countdown on the page tells the truth */ }
  }
  desk.ready(() => setInterval(extend, 60000));
})();
