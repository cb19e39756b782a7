// What is shown: kept here, in the page's address, and applied by the server.

export const LEVELS = ["error", "warn", "info", "debug"];

export class Filter {
  // only and levels: a Set of what is shown, or null for all.
  constructor(query) {
    const q = new URLSearchParams(query);
    this.only = q.has("c") ? new Set(q.getAll("c").filter(Boolean)) : null;
    this.levels = q.has("level") ? new Set(q.getAll("level").filter(Boolean)) : null;
    this.text = q.get("q") ?? "";
    this.regex = q.has("regex");
    this.case = q.has("case");
  }

  query() {
    const q = new URLSearchParams();
    for (const name of this.only ?? []) q.append("c", name);
    for (const level of this.levels ?? []) q.append("level", level);
    if (this.text) q.set("q", this.text);
    if (this.regex) q.set("regex", "1");
    if (this.case) q.set("case", "1");
    return q;
  }

  get nothing() {
    return this.only?.size === 0 || this.levels?.size === 0;
  }

  get active() {
    return this.only !== null || this.levels !== null || this.text !== "";
  }

  // marker gives what to highlight. The server's regular expressions are RE2; one that the
  // browser does not know is not highlighted.
  marker() {
    if (!this.text) return null;
    const source = this.regex ? this.text : this.text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    try {
      return new RegExp(source, this.case ? "gu" : "giu");
    } catch {
      return null;
    }
  }
}

// toggle gives a set with one of all names switched; null stands for all.
export function toggle(set, name, all) {
  const next = new Set(set ?? all);
  if (!next.delete(name)) next.add(name);
  return all.every((n) => next.has(n)) ? null : next;
}

// Facets is a list of check boxes with counts.
export class Facets {
  constructor(el, { onToggle, onOnly }) {
    Object.assign(this, { el, onToggle, onOnly });
    this.items = new Map();
  }

  // show takes items {name, label, colour, count, state, checked} in order.
  show(items) {
    for (const item of items) {
      const f = this.items.get(item.name) ?? this.#add(item);
      f.box.checked = item.checked;
      f.count.textContent = item.count;
      f.state.textContent = item.state ?? "";
      f.el.classList.toggle("stopped", Boolean(item.state));
      f.el.title = item.hint ?? "";
    }
  }

  #add(item) {
    const el = document.createElement("li");
    el.className = "facet";
    const label = el.appendChild(document.createElement("label"));
    const box = label.appendChild(document.createElement("input"));
    box.type = "checkbox";
    const part = (name, text = "") => {
      const span = label.appendChild(document.createElement("span"));
      span.className = name;
      span.textContent = text;
      return span;
    };
    part(`swatch ${item.colour}`);
    part("what", item.label);
    const f = { el, box, state: part("state"), count: part("count") };
    box.addEventListener("change", () => this.onToggle(item.name));
    const only = el.appendChild(document.createElement("button"));
    only.type = "button";
    only.className = "only";
    only.textContent = "only";
    only.setAttribute("aria-label", `show only ${item.label}`);
    only.addEventListener("click", () => this.onOnly(item.name));
    const after = [...this.items.keys()].filter((n) => !item.order && n > item.name).sort()[0];
    this.el.insertBefore(el, after ? this.items.get(after).el : null);
    this.items.set(item.name, f);
    return f;
  }
}
