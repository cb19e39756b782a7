(() => {
  "use strict";
  const notes = document.getElementById("notes"), said = document.getElementById("said");
  const all = document.getElementById("all"), marked = new Set();
  const clear = () => { for (const e of marked) e.classList.remove("on", "said-on"); marked.clear(); said.textContent = ""; };
  const mark = (e, ...as) => { if (e) { e.classList.add("on", ...as); marked.add(e); } };
  const line = (n) => document.getElementById("L" + n);
  const beside = () => getComputedStyle(notes).position === "sticky";

  // Brings a line to the upper third of the notes. Lines that were never laid out have
  // estimated heights, so a second look is needed.
  const show = (e) => {
    let left = 4;
    const step = () => {
      const off = e.getBoundingClientRect().top - notes.getBoundingClientRect().top - notes.clientHeight / 3;
      if (Math.abs(off) > 8) notes.scrollTop += off;
      if (--left > 0) requestAnimationFrame(step);
    };
    step();
  };

  // What was looked at: its lines.
  const lines = (owner) => {
    clear();
    const numbers = owner.dataset.l.split(" ");
    for (const n of numbers) mark(line(n));
    mark(owner.closest(".item, .claim"));
    const first = line(numbers[0]);
    if (first && beside()) show(first);
  };

  // A line: what it earned.
  const earned = (e) => {
    const again = [...marked].filter((m) => m.classList.contains("l"));
    if (!again.includes(e)) clear();
    mark(e, "said-on");
    const row = e.querySelector(".e");
    for (const a of row.querySelectorAll("a")) {
      const target = document.getElementById(a.hash.slice(1));
      mark(target && target.closest(".item, .claim"));
    }
    said.textContent = "line " + e.id.slice(1) + ": " + [...row.children].map((li) => li.innerText.trim().replace(/\s+/g, " ")).join("; ");
    if (beside()) show(e);
  };

  const arrived = () => {
    const e = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!e) return;
    if (e.matches(".l.c")) earned(e);
    const details = e.closest("details.item");
    if (details) details.open = true;
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const cites = link && link.closest(".cites");
    if (cites) lines(cites);
    const l = event.target.closest(".l.c");
    if (!link && l && !event.target.closest(".e") && getSelection().isCollapsed) {
      if (location.hash === "#" + l.id) earned(l); else location.hash = l.id;
    } else if (link && location.hash === link.hash) arrived();
  });
  document.addEventListener("toggle", (event) => {
    if (event.target.matches("details.item[open][data-l]") && !opening) lines(event.target);
  }, true);
  addEventListener("hashchange", arrived);

  let opening = 0;
  const each = (open) => {
    opening++;
    for (const d of document.querySelectorAll("details")) d.open = open;
    setTimeout(() => opening--);
  };
  if (all) {
    all.hidden = false;
    all.addEventListener("click", () => {
      const open = all.textContent === "Open all";
      each(open);
      all.textContent = open ? "Close all" : "Open all";
    });
  }
  // On paper everything is open, and afterwards as it was.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    each(true);
  });
  addEventListener("afterprint", () => { for (const d of folded) d.open = false; });
  arrived();
})();
