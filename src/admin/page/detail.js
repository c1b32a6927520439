// One event in its article: the words that stand for holder, trigger and target, why, and the event as published.
import { $, element, marked } from "./dom.js";

export function showDetail(record, event) {
  const { article } = record;
  const parts = partsOf(event);
  const text = (field) => marked(article[field] ?? "", parts.filter((part) => part.field === field));
  $("detail-title").replaceChildren(...text("headline"));
  $("detail-source").textContent = [article.provider, article.published, article.version !== "1" && `version ${article.version}`, article.id].filter(Boolean).join(" · ");
  const body = element("div", { class: "article", lang: article.language ?? "", dir: "auto" }, ...text("body"));
  $("detail-body").replaceChildren(legend(parts), body, reasons(event), raw(event));
  $("detail").showModal();
  $("detail").scrollTop = 0;
  body.querySelector("mark")?.scrollIntoView({ block: "nearest" });
}

function partsOf(event) {
  const part = (mark, span) => (span ? [{ mark, ...span }] : []);
  return [
    ...part("clause", event.evidence.span),
    ...part("holder", event.holder?.span),
    ...part("target", event.target?.span),
    ...event.evidence.triggers.flatMap((trigger) => part("trigger", trigger.span)),
  ];
}

function legend(parts) {
  const names = ["holder", "trigger", "target", "clause"].filter((name) => parts.some((part) => part.mark === name));
  return element("p", { class: "legend" }, ...names.map((name) => element("mark", { class: name }, name)));
}

function reasons(event) {
  const rows = [["rule", event.evidence.rule], ["confidence", String(event.confidence)], ["status", event.status], ["date", [event.time.date, event.time.text && `“${event.time.text}”`, event.time.precision].filter(Boolean).join(", ")]];
  for (const role of ["holder", "target"]) {
    const actor = event[role];
    if (actor) rows.push([role, `${actor.code} by ${actor.via}: ${actor.name}`]);
  }
  if (event.topic) rows.push(["topic", event.topic.text]);
  if (event.attribution) rows.push(["told", [event.attribution.mode, event.attribution.source && `by ${event.attribution.source}`].filter(Boolean).join(" ")]);
  for (const check of event.checks ?? []) rows.push(["check", `${check.passed ? "✓" : "✗"} ${check.rule.replaceAll("_", " ")}: ${check.detail}`]);
  const cells = rows.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]);
  return element("section", {}, element("h3", {}, "Why"), element("dl", {}, ...cells));
}

function raw(event) {
  return element("details", {}, element("summary", {}, "The event as published"), element("pre", { tabindex: "0" }, JSON.stringify(event, null, 2)));
}
