import type { Measured } from '../src/findings.ts';

/** Smaller letters than this are not read. */
const leastFontPixels = 9;

/** Which texts lack room, and what the parts of a panel report. Read once everything is drawn. */
export function measurePanels(): Measured[] {
  return [...document.querySelectorAll<HTMLElement>('[data-panel]')].map((panel) => {
    const id = Number(panel.dataset.panel);
    return {
      panelId: Number.isNaN(id) ? undefined : id,
      title: textOf(panel.querySelector<HTMLElement>('h2, h6')),
      cut: [...panel.querySelectorAll<HTMLElement>('h2, h6, [class*="LegendLabel"]')].filter(isCut).map(textOf),
      notes: [...hiddenInLegend(panel), ...wideTables(panel), ...smallTexts(panel), ...failures(panel)],
    };
  });
}

function isCut({ scrollWidth, clientWidth }: HTMLElement): boolean {
  // A pixel of rounding is not a letter.
  return clientWidth > 0 && scrollWidth > clientWidth + 1;
}

/** A legend, or a table, of which most lines are reached by scrolling only. */
function hiddenInLegend(panel: HTMLElement): string[] {
  const rows = [...panel.querySelectorAll<HTMLElement>('tbody tr, li, [role="row"]')];
  const hidden = rows.filter((row) => {
    const box = scrolledBy(row, panel);
    return (
      box !== undefined &&
      row.getBoundingClientRect().bottom > box.getBoundingClientRect().bottom + row.offsetHeight / 2
    );
  });
  return hidden.length * 2 <= rows.length
    ? []
    : [`its legend or table shows ${rows.length - hidden.length} of ${rows.length} lines.`];
}

function wideTables(panel: HTMLElement): string[] {
  return [...panel.querySelectorAll<HTMLElement>('[role="grid"]')]
    .filter(isCut)
    .map(({ clientWidth, scrollWidth }) => `its table needs ${scrollWidth} pixels and has ${clientWidth}.`);
}

function scrolledBy(row: HTMLElement, panel: HTMLElement): HTMLElement | undefined {
  for (let box = row.parentElement; box !== null && box !== panel; box = box.parentElement) {
    if (box.scrollHeight > box.clientHeight + 1 && getComputedStyle(box).overflowY !== 'visible') return box;
  }
  return undefined;
}

function smallTexts(panel: HTMLElement): string[] {
  const small = [...panel.querySelectorAll<HTMLElement>('.body *')].filter(
    (element) => element.childElementCount === 0 && textOf(element) !== '' && fontPixels(element) < leastFontPixels,
  );
  const [first] = small;
  return first === undefined
    ? []
    : [`"${textOf(first)}" is written in ${fontPixels(first).toFixed(0)} pixels: shorten it or widen the panel.`];
}

function fontPixels(element: HTMLElement): number {
  return Number.parseFloat(getComputedStyle(element).fontSize);
}

function failures(panel: HTMLElement): string[] {
  return [...panel.querySelectorAll<HTMLElement>('.failed')].map((element) => `it cannot be drawn: ${textOf(element)}`);
}

function textOf(element: HTMLElement | null): string {
  return (element?.textContent ?? '').trim();
}
