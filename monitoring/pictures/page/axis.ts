import {
  type Field,
  formattedValueToString,
  type GrafanaTheme2,
  getDisplayProcessor,
  type TimeRange,
} from '@grafana/data';
import { ticks, timeText, timeTicks } from '../src/ticks.ts';
import type { Axis } from './chart.tsx';

/** Numbers, with the unit of the field. */
export function numberAxis(
  field: Field | undefined,
  from: number,
  to: number,
  pixels: number,
  theme: GrafanaTheme2,
): Axis {
  // A single value stands in the middle; what differs by rounding only is a single value.
  const space = Math.max(Math.abs(from), Math.abs(to)) * 1e-6 || 1;
  const [low, high] = to - from > space ? [from, to] : [from - space * 1e5, to + space * 1e5];
  const step = (marks: number[]) => (marks.length > 1 ? (marks[1] as number) - (marks[0] as number) : 1);
  const marks = ticks(low, high, Math.max(2, Math.floor(pixels / 60)));
  return {
    marks: marks.map((at) => ({ at, text: valueText(field, at, theme, step(marks)) })),
    share: (value) => (value - low) / (high - low),
  };
}

export function timeAxis(range: TimeRange, pixels: number): Axis {
  const [from, to] = [range.from.valueOf(), range.to.valueOf()];
  return {
    marks: timeTicks(from, to, Math.max(2, Math.floor(pixels / 90))).map((at) => ({
      at,
      text: timeText(at, to - from),
    })),
    share: (value) => (value - from) / (to - from),
  };
}

/** Names, each in the middle of its share: value 0 is the first, from the left or the bottom. */
export function nameAxis(names: readonly string[], longest: number): Axis {
  const count = Math.max(1, names.length);
  return {
    marks: names.map((name, at) => ({ at, text: shortened(name, longest) })),
    share: (value) => (value + 0.5) / count,
  };
}

/** A value with its unit, and no more decimals than marks at this distance need. */
export function valueText(field: Field | undefined, value: number, theme: GrafanaTheme2, step?: number): string {
  if (field === undefined) return String(value);
  const decimals = step === undefined ? undefined : Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const display = field.display ?? getDisplayProcessor({ field, theme });
  return formattedValueToString(display(value, value === 0 ? 0 : decimals));
}

export function shortened(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, Math.max(1, longest - 1))}…`;
}
