// The selected line in full: its text and, where it has them, its fields.

const $ = (id) => document.getElementById(id);

export function showDetails(line, colour) {
  $("details").hidden = !line;
  if (!line) return;
  $("detailLevel").textContent = line.level.toUpperCase();
  $("detailLevel").dataset.level = line.level;
  $("detailName").textContent = line.name;
  $("detailName").className = `c${colour}`;
  $("detailTime").textContent = line.stamp.replace("T", " ").replace("Z", " UTC");
  $("detailTime").dateTime = line.stamp;
  $("detailStream").textContent = line.stream;
  $("detailText").textContent = line.text;
  const list = $("fields");
  list.replaceChildren();
  for (const [key, value] of fieldsOf(line.text)) {
    const dt = list.appendChild(document.createElement("dt"));
    dt.textContent = key;
    const dd = list.appendChild(document.createElement("dd"));
    dd.textContent = value;
  }
}

// fieldsOf reads the fields of a line of JSON or logfmt; other lines have none.
export function fieldsOf(text) {
  if (text.startsWith("{")) {
    try {
      return Object.entries(JSON.parse(text)).map(([k, v]) =>
        [k, typeof v === "string" ? v : JSON.stringify(v)]);
    } catch {
      return [];
    }
  }
  const out = [];
  const pair = /(?:^|\s)([A-Za-z_][\w.-]*)=("(?:[^"\\]|\\.)*"|\S*)/g;
  for (let m; out.length < 100 && (m = pair.exec(text));) {
    out.push([m[1], m[2].startsWith('"') ? unquote(m[2]) : m[2]]);
  }
  return out.length > 1 ? out : [];
}

function unquote(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

// copy puts a text on the clipboard, also where the page may not use the modern way.
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.body.appendChild(document.createElement("textarea"));
    area.value = text;
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}
