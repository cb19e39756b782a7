// The list of lines: a bounded array, of which only the visible part is in the document.

const ROW = 22; // pixels, as in style.css
const MAX = 20000; // lines that the page holds
const SLACK = 2000; // dropped at a time, so that dropping is rare
const SPARE = 8; // rows beyond the visible ones

// A line as the page holds it.
export function lineOf([seq, name, stamp, level, stream, text]) {
  return { seq, name, stamp, level, stream, text, brief: brief(text) };
}

// brief leaves out the time and the level at the start of a line: both have columns of
// their own. Details, copies and downloads have the whole line.
function brief(text) {
  return text
    .replace(/^time=\S+ level=\S+ /, "")
    .replace(/^\{"time":"[^"]*","level":"[^"]*",/, "{")
    .replace(/^\d{4}[-/]\d\d[-/]\d\d[ T][\d:.,]+(?: ?UTC|Z)? /, "");
}

export class List {
  // onSelect(line) is told of the selected line or null, onFollow(bool) of following.
  constructor({ rows, space, window: pane, onSelect, onFollow, colour }) {
    Object.assign(this, { rows, space, pane, onSelect, onFollow, colour });
    this.lines = [];
    this.following = true;
    this.selected = null;
    this.match = null; // RegExp that is highlighted
    this.version = 0; // of what rows look like
    this.top = 0; // scroll position as it was set last
    this.pool = [];
    this.scheduled = false;
    rows.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    rows.addEventListener("click", (e) => this.#clicked(e));
    new ResizeObserver(() => this.schedule()).observe(rows);
  }

  reset(lines = []) {
    this.lines = lines.slice(-MAX);
    if (this.selected) {
      this.selected = this.lines.find((l) => same(l, this.selected)) ?? this.selected;
    }
    this.version++;
    this.schedule();
  }

  append(lines, gap) {
    if (gap) this.lines.push({ gap: true });
    for (const l of lines) this.lines.push(l);
    if (this.lines.length > MAX + SLACK) {
      const drop = this.lines.length - MAX;
      this.lines.splice(0, drop);
      if (!this.following) this.moved = (this.moved ?? 0) + drop;
    }
    this.schedule();
  }

  // repaint shows the same lines anew, when their looks have changed.
  repaint() {
    this.version++;
    this.schedule();
  }

  schedule() {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => {
      this.scheduled = false;
      this.render();
    });
  }

  render() {
    const { rows, lines } = this;
    this.space.style.height = `${lines.length * ROW}px`;
    if (this.moved) {
      rows.scrollTop = Math.max(0, rows.scrollTop - this.moved * ROW);
      this.moved = 0;
    }
    if (this.following) rows.scrollTop = lines.length * ROW;
    this.top = rows.scrollTop;
    const first = Math.max(0, Math.floor(this.top / ROW) - SPARE);
    const count = Math.min(lines.length - first, Math.ceil(rows.clientHeight / ROW) + 2 * SPARE);
    this.#fit(count);
    this.pane.style.transform = `translateY(${first * ROW}px)`;
    for (let i = 0; i < count; i++) this.#fill(this.pool[i], lines[first + i], first + i);
    const active = this.pool.slice(0, count).find((r) => r.line === this.selected);
    if (active && this.selected) rows.setAttribute("aria-activedescendant", active.el.id);
    else rows.removeAttribute("aria-activedescendant");
  }

  // fit makes the pool of row elements as large as what is visible.
  #fit(count) {
    while (this.pool.length < count) {
      const el = document.createElement("div");
      el.id = `row${this.pool.length}`;
      el.setAttribute("role", "option");
      const cells = {};
      for (const cell of ["time", "name", "lvl", "text"]) {
        cells[cell] = el.appendChild(document.createElement("span"));
        cells[cell].className = cell;
      }
      this.pane.append(el);
      this.pool.push({ el, cells, line: null, version: -1 });
    }
    this.pool.forEach((r, i) => { r.el.hidden = i >= count; });
  }

  #fill(row, line, index) {
    row.index = index;
    const picked = line === this.selected;
    if (row.line === line && row.version === this.version && row.picked === picked) return;
    Object.assign(row, { line, version: this.version, picked });
    const { el, cells } = row;
    if (line.gap) {
      el.className = "row gap";
      el.removeAttribute("data-level");
      cells.time.textContent = cells.name.textContent = cells.lvl.textContent = "";
      cells.text.textContent = "lines were missed here: more came than the page could take";
      return;
    }
    el.className = picked ? "row picked" : "row";
    el.dataset.level = line.level;
    el.setAttribute("aria-selected", picked);
    cells.time.textContent = line.stamp.slice(11, 23);
    cells.name.textContent = line.name;
    cells.name.className = `name c${this.colour(line.name)}`;
    cells.lvl.textContent = line.level.toUpperCase();
    highlight(cells.text, line.brief, this.match);
  }

  #scrolled() {
    const { rows } = this;
    const bottom = rows.scrollHeight - rows.clientHeight - rows.scrollTop < ROW / 2;
    if (this.following && rows.scrollTop < this.top - 1) this.follow(false);
    else if (!this.following && bottom && rows.scrollTop > this.top) this.follow(true);
    this.schedule();
  }

  #clicked(e) {
    const el = e.target.closest(".row");
    const row = this.pool.find((r) => r.el === el);
    if (row && !row.line.gap && String(getSelection()) === "") this.select(row.line);
  }

  follow(on) {
    if (this.following === on) return;
    this.following = on;
    this.onFollow(on);
    this.schedule();
  }

  select(line) {
    if (line) this.follow(false);
    this.selected = line;
    this.onSelect(line);
    this.schedule();
  }

  // move selects the next line in a direction (1, -1) that passes the test.
  move(step, test = () => true) {
    let i = this.lines.indexOf(this.selected);
    if (i < 0) {
      const visible = Math.floor(this.rows.scrollTop / ROW);
      i = step > 0 ? visible - 1 : visible + Math.floor(this.rows.clientHeight / ROW);
    }
    for (i += step; i >= 0 && i < this.lines.length; i += step) {
      if (!this.lines[i].gap && test(this.lines[i])) {
        this.select(this.lines[i]);
        this.reveal(i);
        return;
      }
    }
  }

  // reveal scrolls as little as needed, or puts the line into the middle.
  reveal(i, middle = false) {
    const { rows } = this;
    this.space.style.height = `${this.lines.length * ROW}px`;
    const y = i * ROW;
    const height = rows.clientHeight;
    if (middle || y < rows.scrollTop - height || y > rows.scrollTop + 2 * height) {
      rows.scrollTop = y - height / 2;
    } else if (y < rows.scrollTop + ROW) {
      rows.scrollTop = y - ROW;
    } else if (y > rows.scrollTop + height - 2 * ROW) {
      rows.scrollTop = y - height + 2 * ROW;
    }
    this.top = rows.scrollTop;
    this.schedule();
  }
}

export function same(a, b) {
  return a.name === b.name && a.stamp === b.stamp && a.text === b.text;
}

const LATE = 90; // a first match beyond this many characters moves into view
const LEAD = 60; // characters that stay before it

// highlight shows a text with its matches marked; at most 50 and within its first part.
function highlight(cell, text, match) {
  if (!match) {
    cell.textContent = text;
    return;
  }
  const head = text.slice(0, 2000);
  match.lastIndex = 0;
  const first = match.exec(head)?.index ?? 0;
  const parts = [];
  let from = 0;
  if (first > LATE) {
    from = first - LEAD;
    parts.push("… ");
  }
  match.lastIndex = from;
  for (let m, n = 0; n < 50 && (m = match.exec(head)); n++) {
    if (m[0] === "") {
      match.lastIndex++;
      continue;
    }
    const mark = document.createElement("mark");
    mark.textContent = m[0];
    parts.push(text.slice(from, m.index), mark);
    from = m.index + m[0].length;
  }
  cell.replaceChildren(...parts, text.slice(from));
}
