// The screen of a terminal emulator (@xterm/headless) as a page: every cell has the width of one, whichever font has its sign.

/** Colours as xterm has them in 24 bits; the others stay those of the page. */
export function terminalHtml(terminal) {
  const rows = Array.from({ length: terminal.rows }, (_, row) => terminal.buffer.active.getLine(row));
  const style =
    "pre{margin:0;padding:10px 12px;display:inline-block;font:14px/17px 'DejaVu Sans Mono',monospace;background:#000;color:#ccc}" +
    'body{margin:0}pre div{height:17px;white-space:pre}i{font-style:normal;display:inline-block;height:17px;overflow:hidden;vertical-align:top}';
  const texts = rows.map((line) => `<div>${rowHtml(line, terminal.cols)}</div>`).join('');
  return `<!doctype html><meta charset="utf-8"><style>${style}</style><pre>${texts}</pre>`;
}

function rowHtml(line, columns) {
  const runs = [];
  for (let column = 0; column < columns; column++) {
    const cell = line?.getCell(column);
    if (cell === undefined || cell.getWidth() === 0) continue;
    const style = styleOf(cell);
    const text = cell.getChars() || ' ';
    const isPlain = /^[ -~]$/.test(text);
    const last = runs.at(-1);
    if (isPlain && last?.isPlain && last.style === style) {
      last.text += text;
      last.width++;
    } else runs.push({ style, text, isPlain, width: cell.getWidth() });
  }
  return runs.map(({ style, text, width }) => `<i style="${style};width:${width}ch">${escaped(text)}</i>`).join('');
}

function styleOf(cell) {
  const colour = (isRgb, value, other) => (isRgb ? `#${value.toString(16).padStart(6, '0')}` : other);
  let text = colour(cell.isFgRGB(), cell.getFgColor(), '#cccccc');
  let ground = colour(cell.isBgRGB(), cell.getBgColor(), '#000000');
  if (cell.isInverse()) [text, ground] = [ground, text];
  return `color:${text};background:${ground}${cell.isBold() ? ';font-weight:bold' : ''}`;
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
