import type { Frame } from './frames.ts';
import type { PanelModel } from './model.ts';

/** A reader cannot distinguish more lines than this in one panel by their colours. */
export const mostLines = 12;

/** The texts of a panel that lacked room, and other faults of its drawing; measured in the browser. */
export interface Measured {
  readonly panelId: number | undefined;
  readonly title: string;
  readonly cut: readonly string[];
  readonly notes: readonly string[];
}

/** What a reader would dislike about the data of a panel, one sentence each. */
export function dataFindings({ type, targets = [] }: PanelModel, frames: readonly Frame[]): string[] {
  if (type === 'text' || type === 'row' || targets.length === 0) return [];
  const values = frames.flatMap(({ fields }) => fields.filter((field) => field.type === 'number'));
  const numbers = values.flatMap((field) => field.values);
  const isEmpty = numbers.every((value) => value === null || Number.isNaN(value));
  const names = values.map(({ displayName = '' }) => displayName);
  const repeated = [...new Set(names.filter((name, index) => name !== '' && names.indexOf(name) < index))];
  return [
    ...when(numbers.length === 0, 'it is empty.'),
    ...when(numbers.length > 0 && isEmpty, 'all its values are NaN.'),
    ...when(
      !isEmpty &&
        type !== 'heatmap' &&
        numbers.some((value) => typeof value === 'number' && Math.abs(value) === Infinity),
      'a value is infinite.',
    ),
    ...when(
      (type === 'timeseries' || type === 'state-timeline') && values.length > mostLines,
      `it has ${values.length} lines, more than ${mostLines}.`,
    ),
    ...when(
      type !== 'heatmap' && type !== 'table' && repeated.length > 0,
      `two series have the same legend: ${repeated.slice(0, 3).join(', ')}.`,
    ),
  ];
}

/** A finding with the panel that it belongs to. */
export function ofPanel({ id, title = '' }: PanelModel, finding: string): string {
  return `panel ${id ?? '?'} "${title}": ${finding}`;
}

export function measuredFindings({ panelId, title, cut, notes }: Measured): string[] {
  const panel = { type: '', title, ...(panelId === undefined ? {} : { id: panelId }) };
  return [...cut.map((text) => `"${text}" is cut.`), ...notes].map((finding) => ofPanel(panel, finding));
}

function when(condition: boolean, finding: string): string[] {
  return condition ? [finding] : [];
}
