// The page: connects the stream, the list, the filters and the keys.

import { Activity } from "./activity.js";
import { copy, showDetails } from "./details.js";
import { Facets, Filter, LEVELS, toggle } from "./filter.js";
import { List, lineOf, same } from "./list.js";

const $ = (id) => document.getElementById(id);
const count = new Intl.NumberFormat("en");

const filter = new Filter(location.search);
let containers = []; // as the server told last
let told = null; // when, and how many lines there were
let events = null; // the open EventSource
let mode = "connecting"; // live, paused, linked, lost
let cursor = ""; // of the last lines that are shown
let newest = 0; // sequence number of the newest line that is shown
let waiting = 0; // lines that came during a pause

// Colours follow the server's order of containers, so that each page has the same.
const colours = new Map();
const colour = (name) => colours.get(name) ?? 0;

const list = new List({
  rows: $("rows"), space: $("space"), window: $("window"), colour,
  onSelect(line) {
    showDetails(line, line ? colour(line.name) : 0);
    history.replaceState(null, "", address(line));
  },
  onFollow(on) { $("follow").setAttribute("aria-pressed", on); },
});
const activity = new Activity($("activity"), list);

// address is the page's own: its filters and the selected line.
function address(line, query = filter.query()) {
  const text = String(query);
  return `${location.pathname}${text && `?${text}`}${line ? `#${line.name}@${line.stamp}` : ""}`;
}

// ---- the stream

function connect(after = "") {
  events?.close();
  events = null;
  showProblem("");
  if (filter.nothing) {
    show([]);
    setMode("live");
    return;
  }
  const query = filter.query();
  if (after) query.set("after", after);
  const source = new EventSource(`api/stream?${query}`);
  events = source;
  source.addEventListener("state", (e) => takeState(JSON.parse(e.data)));
  source.addEventListener("lines", (e) => takeLines(JSON.parse(e.data), e.lastEventId));
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) refused(query, source);
    else if (mode !== "paused" && mode !== "linked") setMode("lost");
  });
}

// refused finds out why the server did not accept the stream, which an EventSource hides.
async function refused(query, source) {
  const reply = await fetch(`api/lines?${query}&at=-`).catch(() => null);
  if (events !== source) return;
  if (reply?.status === 400) {
    events = null;
    show([]);
    showProblem(await reply.text());
    $("empty").hidden = true;
    setMode("refused");
  } else {
    if (mode !== "paused" && mode !== "linked") setMode("lost");
    setTimeout(() => events === source && connect(cursor), 2000);
  }
}

function takeLines({ lines, reset, gap }, id) {
  if (mode === "paused" || mode === "linked") {
    waiting += reset ? 0 : lines.length;
    setMode(mode);
    return;
  }
  if (mode !== "live") setMode("live");
  const taken = lines.map(lineOf);
  if (id) cursor = id;
  for (const l of taken) if (l.seq > newest) newest = l.seq;
  if (reset) show(taken);
  else {
    list.append(taken, gap);
    changed();
  }
}

// show replaces what is shown.
function show(lines) {
  list.match = filter.marker();
  list.reset(lines);
  changed();
}

function changed() {
  const n = list.lines.length;
  $("shown").textContent = n === 0 ? "" : `${count.format(n)} lines`;
  $("empty").hidden = n > 0;
  $("emptyText").textContent = filter.active ? "No line matches the filters." : "Waiting for lines…";
  activity.schedule();
}

function takeState({ online, containers: now }) {
  const total = now.reduce((sum, c) => sum + c.lines, 0);
  const at = performance.now();
  if (told && at - told.at > 500) {
    const rate = Math.max(0, Math.round(((total - told.total) * 1000) / (at - told.at)));
    $("rate").textContent = `${count.format(rate)} lines/s`;
    told = { at, total };
  }
  told ??= { at, total };
  containers = now;
  const before = colours.size;
  for (const c of now) if (!colours.has(c.name)) colours.set(c.name, colours.size % 8);
  if (colours.size > before) {
    list.repaint();
    if (list.selected) showDetails(list.selected, colour(list.selected.name));
  }
  if (!online) setMode("lost");
  else if (mode === "lost" || mode === "connecting") setMode("live");
  showFacets();
}

// A second without news is a second without lines.
setInterval(() => {
  if (told && performance.now() - told.at > 1900) $("rate").textContent = "0 lines/s";
}, 1000);

function setMode(next) {
  mode = next;
  const more = waiting > 0 ? ` · ${count.format(waiting)} new` : "";
  $("status").dataset.mode = mode;
  $("status").textContent = {
    connecting: "Connecting…", refused: "Filter not valid", live: "Live", lost: "Connection lost, trying again",
    paused: `Paused${more}`, linked: `Linked line${more}`,
  }[mode];
  const stopped = mode === "paused" || mode === "linked";
  $("pause").textContent = stopped ? "Go live" : "Pause";
  $("pause").setAttribute("aria-pressed", stopped);
}

function pause() {
  if (mode === "paused" || mode === "linked") goLive();
  else {
    waiting = 0;
    setMode("paused");
  }
}

// goLive goes on where a pause began; after a linked line it starts anew.
function goLive() {
  const after = mode === "paused" ? cursor : "";
  waiting = 0;
  setMode("connecting");
  if (!after) list.select(null);
  list.follow(true);
  connect(after);
}

// ---- links

// openLink shows the line that the address names, with those around it.
async function openLink() {
  const at = decodeURIComponent(location.hash.slice(1));
  if (!at.includes("@")) return false;
  const query = filter.query();
  query.set("at", at);
  const reply = await fetch(`api/lines?${query}`).catch(() => null);
  if (!reply?.ok) {
    showProblem(reply ? `This link does not lead anywhere: ${await reply.text()}` : "");
    return false;
  }
  const { lines } = await reply.json();
  waiting = 0;
  setMode("linked");
  list.follow(false);
  const taken = lines.map(lineOf);
  newest = Math.max(...taken.map((l) => l.seq));
  show(taken);
  const [name, stamp] = [at.slice(0, at.indexOf("@")), at.slice(at.indexOf("@") + 1)];
  const i = list.lines.findIndex((l) => l.name === name && l.stamp === stamp);
  list.select(list.lines[i]);
  list.reveal(i, true);
  return true;
}

async function inContext() {
  const line = list.selected;
  if (!line) return;
  clearFilters();
  history.replaceState(null, "", address(line));
  if (await openLink()) connect();
}

function copyLink() {
  if (!list.selected) return;
  copy(location.origin + address(list.selected, ""));
  toast("Link copied");
}

function copyLine() {
  if (!list.selected) return;
  copy(list.selected.text);
  toast("Line copied");
}

let toastTimer;
function toast(text) {
  $("toast").textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { $("toast").textContent = ""; }, 2000);
}

// ---- filters

const containerFacets = new Facets($("containers"), {
  onToggle: (name) => refilter(() => {
    filter.only = toggle(filter.only, name, containers.map((c) => c.name));
  }),
  onOnly: (name) => refilter(() => { filter.only = new Set([name]); }),
});
const levelFacets = new Facets($("levels"), {
  onToggle: (name) => refilter(() => { filter.levels = toggle(filter.levels, name, LEVELS); }),
  onOnly: (name) => refilter(() => { filter.levels = new Set([name]); }),
});

function showFacets() {
  const shown = containers.filter((c) => filter.only?.has(c.name) ?? true);
  containerFacets.show(containers.map((c) => ({
    name: c.name, label: c.name, colour: `c${colour(c.name)}`, count: short(c.lines),
    state: c.state === "running" ? "" : c.state, hint: c.status,
    checked: filter.only?.has(c.name) ?? true,
  })));
  levelFacets.show(LEVELS.map((level) => ({
    name: level, label: level, colour: `level-${level}`, order: true,
    count: short(shown.reduce((sum, c) => sum + (c.levels[level] ?? 0), 0)),
    checked: filter.levels?.has(level) ?? true,
  })));
  const widest = Math.max(8, ...containers.map((c) => c.name.length));
  $("rows").style.setProperty("--names", `${Math.min(widest, 24) + 2}ch`);
  $("allContainers").hidden = filter.only === null;
  $("allLevels").hidden = filter.levels === null;
}

function short(n) {
  return n < 10000 ? count.format(n) : `${count.format(Math.floor(n / 1000))}k`;
}

// refilter applies a change of the filter.
function refilter(change) {
  change();
  $("text").value = filter.text;
  $("regex").setAttribute("aria-pressed", filter.regex);
  $("case").setAttribute("aria-pressed", filter.case);
  $("clear").hidden = !filter.active;
  showFacets();
  history.replaceState(null, "", address(list.selected));
  waiting = 0;
  setMode("connecting");
  connect();
}

function clearFilters() {
  refilter(() => Object.assign(filter, { only: null, levels: null, text: "", regex: false, case: false }));
}

function showProblem(text) {
  $("problem").hidden = !text;
  $("problem").textContent = text;
  document.querySelector(".search").classList.toggle("bad", Boolean(text));
}

let typing;
$("text").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => refilter(() => { filter.text = $("text").value; }), 120);
});
$("regex").addEventListener("click", () => refilter(() => { filter.regex = !filter.regex; }));
$("case").addEventListener("click", () => refilter(() => { filter.case = !filter.case; }));
$("clear").addEventListener("click", clearFilters);
$("allContainers").addEventListener("click", () => refilter(() => { filter.only = null; }));
$("allLevels").addEventListener("click", () => refilter(() => { filter.levels = null; }));

// ---- buttons and keys

$("pause").addEventListener("click", pause);
$("follow").addEventListener("click", () => list.follow(!list.following));
$("download").addEventListener("click", () => {
  const query = filter.query();
  if (mode === "paused" || mode === "linked") query.set("until", newest);
  $("download").href = `api/download?${query}`;
});
$("context").addEventListener("click", inContext);
$("copyLine").addEventListener("click", copyLine);
$("copyLink").addEventListener("click", copyLink);
$("close").addEventListener("click", () => list.select(null));
$("help").addEventListener("click", () => $("keys").showModal());
$("skip").addEventListener("click", (e) => {
  e.preventDefault();
  $("rows").focus();
});

const keys = {
  "/": () => { $("text").focus(); $("text").select(); },
  " ": pause,
  f: () => list.follow(true),
  End: () => list.follow(true),
  ArrowDown: () => list.move(1),
  ArrowUp: () => list.move(-1),
  j: () => list.move(1),
  k: () => list.move(-1),
  n: () => list.move(1, (l) => l.level === "error"),
  p: () => list.move(-1, (l) => l.level === "error"),
  Enter: () => list.move(1),
  c: inContext,
  y: copyLine,
  l: copyLink,
  d: () => $("download").click(),
  "?": () => $("keys").showModal(),
  Escape: () => (list.selected ? list.select(null) : filter.active && clearFilters()),
};

document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || $("keys").open) return;
  const own = e.target.closest("input, button, a");
  if (e.target === $("text")) {
    if (e.key === "Escape" && $("text").value === "") $("rows").focus();
    if (e.key === "ArrowDown" || e.key === "Enter") $("rows").focus();
    return;
  }
  if (own && (e.key === " " || e.key === "Enter")) return;
  const act = keys[e.key];
  if (!act) return;
  e.preventDefault();
  act();
});

// ---- theme

const themes = ["auto", "light", "dark"];
function setTheme(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  $("theme").textContent = `Theme: ${theme}`;
  localStorage.setItem("theme", theme);
  activity.schedule();
}
$("theme").addEventListener("click", () => {
  const now = document.documentElement.dataset.theme ?? "auto";
  setTheme(themes[(themes.indexOf(now) + 1) % themes.length]);
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => activity.schedule());
const saved = localStorage.getItem("theme");
setTheme(themes.includes(saved) ? saved : "auto");

// ---- start

addEventListener("hashchange", async () => {
  if (list.selected && same(list.selected, lineAt())) return;
  await openLink();
});
function lineAt() {
  const at = decodeURIComponent(location.hash.slice(1));
  return { name: at.split("@")[0], stamp: at.split("@")[1], text: list.selected?.text };
}

const linked = location.hash !== "" && await openLink();
$("text").value = filter.text;
$("regex").setAttribute("aria-pressed", filter.regex);
$("case").setAttribute("aria-pressed", filter.case);
$("clear").hidden = !filter.active;
showFacets();
if (!linked) setMode("connecting");
connect();
