// The live page: keeps the last word on each article, and draws what the filters let through.
import { showDetail } from "./detail.js";
import { $, element, marked } from "./dom.js";

const LIMIT = 500; // articles kept by the page
const SHOWN = 200; // events drawn
const SIDE = 14; // rows and columns of the matrix
const POSITIONS = { for: "+", against: "−", abstain: "○", absent: "×" };
const HOUR = 3_600_000; // milliseconds

const articles = new Map(); // article id -> record, oldest first
let members = {}; // year -> codes of the fifteen
let pair = null; // [holder, target] chosen in the matrix
let fresh = new Set(); // event ids that came with the last message
let drawing = false;

// Records in, drawing asked for.
function take(record) {
  const id = record.article.id;
  articles.delete(id);
  if (record.article.status === "withdrawn") return;
  articles.set(id, record);
  for (const event of record.events) fresh.add(event.event_id);
  while (articles.size > LIMIT) articles.delete(articles.keys().next().value);
}

function redraw() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    draw();
    fresh = new Set();
  });
}

function connect() {
  const stream = new EventSource("events");
  stream.addEventListener("memory", (message) => {
    articles.clear();
    for (const record of JSON.parse(message.data)) take(record);
    fresh = new Set();
    redraw();
  });
  stream.addEventListener("article", (message) => {
    take(JSON.parse(message.data));
    redraw();
  });
  stream.addEventListener("open", () => say("connected", false));
  stream.addEventListener("error", () => say("connection lost, trying again", true));
}

function say(text, lost) {
  $("state").textContent = text;
  $("state").classList.toggle("lost", lost);
}

// What an event is about, whichever kind it is.
const kindOf = (event) => event.class ?? event.action;
const languageOf = (event) => event.article.language ?? "?";

function codesOf(event) {
  if (event.kind === "stance") return [event.holder.code, event.target.code];
  return [...Object.keys(event.cast), ...event.draft.sponsors, ...event.requested_by, ...event.blocked_by];
}

function wanted() {
  const country = $("country").value.trim().toUpperCase();
  const [kind, language, floor] = [$("class").value, $("language").value, Number($("confidence").value)];
  const since = $("hours").value ? Date.now() - Number($("hours").value) * HOUR : -Infinity;
  return (event) =>
    (since === -Infinity || Date.parse(event.article.published ?? "") >= since) &&
    (!country || codesOf(event).includes(country)) &&
    (!kind || kindOf(event) === kind) &&
    (!language || languageOf(event) === language) &&
    event.confidence >= floor;
}

function draw() {
  const all = [...articles.values()].reverse().flatMap((record) => record.events);
  choices($("class"), new Set(all.map(kindOf)));
  choices($("language"), new Set(all.map(languageOf)));
  $("codes").replaceChildren(...[...new Set(all.flatMap(codesOf))].sort().map((code) => element("option", { value: code })));
  const chosen = all.filter(wanted());
  drawMatrix(chosen.filter((event) => event.kind === "stance"));
  drawVotes(chosen.filter((event) => event.action === "vote"));
  drawEvents(chosen.filter((event) => !pair || (event.kind === "stance" && event.holder.code === pair[0] && event.target.code === pair[1])));
  $("counts").textContent = `${articles.size} articles, ${all.length} events, ${chosen.length} shown`;
}

function choices(select, values) {
  const known = new Set([...select.options].map((option) => option.value));
  for (const value of [...values].sort()) {
    if (!known.has(value)) select.append(element("option", { value }, value.replaceAll("_", " ")));
  }
}

// The matrix: the states and bodies that are named most, holders down, targets across.
function drawMatrix(stances) {
  const cells = new Map();
  const [rows, columns] = [new Map(), new Map()];
  for (const { holder, target, polarity } of stances) {
    const key = `${holder.code} ${target.code}`;
    const cell = cells.get(key) ?? { count: 0, sum: 0 };
    cells.set(key, { count: cell.count + 1, sum: cell.sum + polarity });
    rows.set(holder.code, (rows.get(holder.code) ?? 0) + 1);
    columns.set(target.code, (columns.get(target.code) ?? 0) + 1);
  }
  if (!cells.size) return $("matrix").replaceChildren(element("p", { class: "empty" }, "No stance yet."));
  const most = (counts) => [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).slice(0, SIDE).map(([code]) => code);
  const across = most(columns);
  const head = element("tr", {}, element("td"), ...across.map((code) => element("th", { scope: "col" }, code)));
  const body = most(rows).map((holder) =>
    element("tr", {}, element("th", { scope: "row" }, holder), ...across.map((target) => matrixCell(holder, target, cells.get(`${holder} ${target}`)))));
  const focused = document.activeElement?.dataset?.pair;
  $("matrix").replaceChildren(element("table", {}, element("thead", {}, head), element("tbody", {}, ...body)));
  if (focused) $("matrix").querySelector(`[data-pair="${CSS.escape(focused)}"]`)?.focus();
}

function matrixCell(holder, target, cell) {
  if (!cell) return element("td");
  const [tone, sign] = cell.sum > 0 ? ["friendly", "+"] : cell.sum < 0 ? ["hostile", "−"] : ["neither", "·"];
  const pressed = pair !== null && pair[0] === holder && pair[1] === target;
  const label = `${holder} towards ${target}: ${cell.count}, ${tone}`;
  const button = element("button", { type: "button", class: tone, "aria-label": label, "aria-pressed": pressed, "data-pair": `${holder} ${target}` }, `${sign}${cell.count}`);
  button.addEventListener("click", () => {
    pair = pressed ? null : [holder, target];
    redraw();
  });
  return element("td", {}, button);
}

// Votes: fifteen seats in a horseshoe, as in the chamber.
function drawVotes(votes) {
  const drawn = votes.slice(0, 20).map((vote) =>
    element("article", { class: "vote" },
      element("h3", {}, vote.subject?.text ?? vote.draft.symbol ?? "A draft"),
      element("p", {}, [vote.outcome, vote.draft.resolution && `resolution ${vote.draft.resolution}`, vote.time.date, vote.status].filter(Boolean).join(", ")),
      horseshoe(vote)));
  $("votes").replaceChildren(...(drawn.length ? drawn : [element("p", { class: "empty" }, "No vote yet.")]));
}

function horseshoe(vote) {
  const year = (vote.time.date ?? vote.article.published ?? "").slice(0, 4);
  const named = Object.keys(vote.cast);
  const seats = [...new Set([...named, ...(members[year] ?? [])])].slice(0, 15).sort();
  while (seats.length < 15) seats.push("");
  const shown = ["for", "against", "abstain"].map((position) => vote.tally[position] ?? "?");
  const label = `${shown[0]} for, ${shown[1]} against, ${shown[2]} abstained. ` + named.map((code) => `${code} ${vote.cast[code]}`).join(", ");
  return element("svg", { viewBox: "0 0 300 240", role: "img", "aria-label": label },
    ...seats.flatMap((code, i) => seat(code, i, vote)),
    element("text", { class: "tally", x: 150, y: 135 }, shown.join(" – ")),
    element("text", { x: 150, y: 152 }, "for – against – abstained"));
}

// Seat i of a horseshoe that opens downwards; the sign stands inside of it.
function seat(code, i, vote) {
  const angle = Math.PI * (1.25 - (1.5 * i) / 14);
  const at = (radius) => ({ x: 150 + radius * Math.cos(angle), y: 130 - radius * Math.sin(angle) });
  const [here, inner] = [at(108), at(84)];
  const position = vote.cast[code] ?? "unknown";
  const veto = vote.vetoed_by.includes(code) ? " veto" : "";
  return [
    element("circle", { class: `seat ${position}${veto}`, cx: here.x, cy: here.y, r: 15 }, element("title", {}, `${code || "not named"}: ${position}${veto}`)),
    element("text", { class: position, x: here.x, y: here.y + 3 }, code),
    element("text", { class: "sign", x: inner.x, y: inner.y + 4 }, POSITIONS[position] ?? ""),
  ];
}

function drawEvents(events) {
  const focused = document.activeElement?.closest?.("[data-event]")?.dataset.event;
  const drawn = events.slice(0, SHOWN).map((event) =>
    element("li", { "data-event": event.event_id, ...(fresh.has(event.event_id) && { class: "fresh" }) }, summary(event), words(event), source(event)));
  $("events").replaceChildren(...(drawn.length ? drawn : [element("li", { class: "empty" }, "Nothing yet, or nothing that the filters let through.")]));
  if (focused) $("events").querySelector(`[data-event="${CSS.escape(focused)}"] button`)?.focus();
  $("pair").hidden = !pair;
  $("pair").textContent = pair ? `Only ${pair[0]} towards ${pair[1]}; press the cell again for all.` : "";
}

const titleOf = (event) => (event.kind === "stance" ? `${event.holder.code} ${event.class} ${event.target.code}` : `Security Council, ${event.action}`);

function summary(event) {
  const tone = event.polarity > 0 ? "friendly" : event.polarity < 0 ? "hostile" : "neither";
  const parts = event.kind === "stance"
    ? [event.holder.code, element("span", { class: tone }, event.class), event.target.code]
    : ["UNSC", element("span", {}, [event.action, event.outcome, event.form].filter(Boolean).join(", ")), event.draft.symbol ?? event.draft.resolution ?? ""];
  return element("p", { class: "line" },
    element("b", {}, parts[0]), parts[1], element("b", {}, parts[2]),
    element("span", { class: "when" }, event.time.date ?? event.time.text, event.status === "stated" || event.status === "done" ? "" : ` (${event.status})`),
    element("span", { class: "sure" }, `${Math.round(event.confidence * 100)} %`),
    element("button", { type: "button", class: "open", "aria-haspopup": "dialog", "aria-label": `Why: ${titleOf(event)}` }, "why"));
}

// The clause, with the words that triggered the finding marked.
function words(event) {
  const { text, span, triggers } = event.evidence;
  const parts = triggers.map((trigger) => trigger.span).filter(({ field }) => field === span.field);
  const shifted = parts.map(({ start, end }) => ({ start: start - span.start, end: end - span.start, mark: "trigger" }));
  return element("p", { class: "words", lang: languageOf(event), dir: "auto" }, ...marked(text, shifted));
}

function source(event) {
  const { headline, provider, version } = event.article;
  const via = event.attribution?.source;
  return element("p", { class: "source" }, [headline, provider, via && `via ${via}`, version !== "1" && `version ${version}`].filter(Boolean).join(" · "));
}

$("filters").addEventListener("input", () => {
  $("floor").textContent = Number($("confidence").value).toFixed(2);
  redraw();
});
$("filters").addEventListener("submit", (event) => event.preventDefault());
$("filters").addEventListener("reset", () => {
  pair = null;
  $("floor").textContent = "0.00";
  setTimeout(redraw);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !/INPUT|SELECT/.test(event.target.tagName)) {
    event.preventDefault();
    $("country").focus();
  } else if (event.key === "Escape" && !$("detail").open) {
    $("filters").reset();
  }
});

$("events").addEventListener("click", (click) => {
  const id = click.target.closest("[data-event]")?.dataset.event;
  if (!id || String(getSelection())) return;
  for (const record of articles.values()) {
    const event = record.events.find((known) => known.event_id === id);
    if (event) return showDetail(record, event);
  }
});

// Lag, rate and dead letters, from what Prometheus reads too.
let before = null;
async function measure() {
  const text = await fetch("metrics").then((answer) => answer.text()).catch(() => null);
  if (text === null) return;
  const sum = (name) => text.split("\n").filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `)).reduce((total, line) => total + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
  const now = { at: performance.now(), records: sum("demarche_records_total") };
  const rate = before ? ((now.records - before.records) * 1000) / (now.at - before.at) : 0;
  before = now;
  $("meters").textContent = `lag ${sum("demarche_lag_records")}, ${rate.toFixed(1)} articles a second, ${sum("demarche_dead_letters_total")} dead letters`;
}
setInterval(() => document.hidden || measure(), 2000);
measure();

fetch("members").then((answer) => answer.json()).then((known) => {
  members = known;
  redraw();
}).catch(() => {}); // seats stay without names
connect();
redraw();
