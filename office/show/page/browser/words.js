// Numbers and times in words, and elements with text in them: whatever a journal says stays text.

const UNITS = [["s", 1e9], ["ms", 1e6], ["µs", 1e3], ["ns", 1]];

function timeText(time, decimals = 3) {
  const [unit, size] = UNITS.find(([, size]) => Math.abs(time) >= size) ?? UNITS.at(-1);
  return `${numberText(time / size, decimals)} ${unit}`;
}

function numberText(number, decimals = 3) {
  return number.toLocaleString("en", { maximumFractionDigits: decimals });
}

function lossText(loss) {
  return Number.isFinite(loss) ? String(Number(loss.toPrecision(5))) : String(loss);
}

function shareText(share) {
  return `${(100 * share).toLocaleString("en", { maximumFractionDigits: share < 0.1 ? 2 : 1 })}%`;
}

function counted(number, what) {
  return `${numberText(number)} ${what}${number === 1 ? "" : "s"}`;
}

function byId(id) {
  return document.getElementById(id);
}

function element(tag, attributes = {}, ...inside) {
  return filled(document.createElement(tag), attributes, inside);
}

function drawing(tag, attributes = {}, ...inside) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, inside);
}

function filled(node, attributes, inside) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...inside); // strings become text, never markup
  return node;
}

function options(select, names) {
  select.replaceChildren(...names.map((name, place) => element("option", { value: place }, name)));
}
