// What one has typed into a form with data-draft is kept on the server a moment later, so that a lapsed lease, a
// closed lid or a power cut loses nothing. It is a draft: it decides nothing.
(() => {
  desk.ready(() => desk.all("form[data-draft]").forEach((form) => {
    let timer = 0;
    const state = document.getElementById(form.dataset.draftState || "");
    const save = async () => {
      timer = 0;
      try {
        const answer = await desk.post(form.dataset.draft, new URLSearchParams(new FormData(form)));
        if (state) state.textContent = answer.ok ? state.dataset.kept : state.dataset.failed;
      } catch { if (state) state.textContent = state.dataset.failed; }
    };
    const soon = () => { clearTimeout(timer); timer = setTimeout(save, 800); };
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    form.addEventListener("submit", () => clearTimeout(timer));
  }));
  // A choice that opens a further field (a ground that needs its danger written down, a refusal its reason).
  const reveal = () => desk.all("[data-if]").forEach((el) => {
    const [name, ...values] = el.dataset.if.split(" ");
    const chosen = desk.all(`[name="${CSS.escape(name)}"]:checked, select[name="${CSS.escape(name)}"]`).map((c) => c.value);
    el.hidden = !chosen.some((c) => values.includes(c));
  });
  document.addEventListener("change", reveal);
  desk.ready(reveal);
})();
