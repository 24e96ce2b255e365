// Keys are physical keys (event.code), so that an Arabic, French or English keyboard has them in the same place.
// An element with data-key="KeyR" is pressed, ticked or focused; two codes are separated by a space.
(() => {
  const typing = (el) => el && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) && !/^(radio|checkbox|button|submit)$/.test(el.type));
  const usable = (el) => !el.disabled && !el.closest("[hidden]") && el.getClientRects().length > 0;

  function press(el) {
    if (el.matches("input[type=radio], input[type=checkbox], button, a, summary")) { el.focus({ preventScroll: true }); el.click(); }
    else el.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (document.documentElement.dataset.keys === "off" || event.defaultPrevented || event.repeat || event.isComposing) return;
    if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    const list = document.getElementById("keys");
    if (event.key === "?" || (event.code === "Slash" && event.shiftKey)) {
      if (list && !list.open) { list.showModal(); event.preventDefault(); }
      return;
    }
    if (event.shiftKey || (list && list.open)) return;
    const target = desk.all("[data-key]").find((el) => el.dataset.key.split(" ").includes(event.code) && usable(el));
    if (target) { event.preventDefault(); press(target); }
  });

  // Where the browser knows the keyboard, the letter printed on the button is the one on the key.
  desk.ready(async () => {
    if (!navigator.keyboard || !navigator.keyboard.getLayoutMap) return;
    try {
      const layout = await navigator.keyboard.getLayoutMap();
      desk.all("kbd[data-code]").forEach((cap) => {
        const letter = layout.get(cap.dataset.code);
        if (letter) cap.textContent = letter.toLocaleUpperCase(document.documentElement.lang);
      });
    } catch { /* the printed letter of the common layout stays */ }
  });
})();
