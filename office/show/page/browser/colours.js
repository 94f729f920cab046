// The colours of the page's style, for what is drawn on a canvas.

const colours = {};

function readColours() {
  const style = getComputedStyle(document.documentElement);
  for (const name of ["paper", "card", "ink", "quiet", "line", "floor", "desk", "task", "feedback", "chosen"]) colours[name] = style.getPropertyValue(`--${name}`).trim();
}

// A canvas as large as it is shown, cleared, in CSS pixels.
function cleared(canvas, width, height) {
  const scale = window.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
  const pen = canvas.getContext("2d");
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  return pen;
}
