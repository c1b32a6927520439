// Makes elements. Children that are text become text nodes: words of articles cannot become anything else.
const SVG = ["svg", "circle", "text", "g", "title"];

export const $ = (id) => document.getElementById(id);

export function element(name, attributes = {}, ...children) {
  const made = SVG.includes(name) ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

// Text with parts marked; `parts` are {start, end, mark}, may overlap, and count code points, not UTF-16 units.
export function marked(text, parts) {
  const points = Array.from(text);
  const inside = parts.filter(({ start, end }) => 0 <= start && start < end && end <= points.length);
  const cuts = [...new Set([0, points.length, ...inside.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b);
  return cuts.slice(1).map((end, i) => {
    const words = points.slice(cuts[i], end).join("");
    const marks = inside.filter((part) => part.start <= cuts[i] && end <= part.end).map((part) => part.mark);
    return marks.length ? element("mark", { class: [...new Set(marks)].join(" ") }, words) : words;
  });
}
