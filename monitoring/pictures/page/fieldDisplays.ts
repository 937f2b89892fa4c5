import { type FieldDisplay, getFieldDisplayValues, type ReduceDataOptions } from '@grafana/data';
import type { KindProps } from './kind.ts';
import { option } from './kind.ts';

/** One figure for each series, reduced as the panel says. */
export function fieldDisplays({ panel, frames, theme }: KindProps, sparkline = false): FieldDisplay[] {
  return getFieldDisplayValues({
    data: frames,
    reduceOptions: option<ReduceDataOptions>(panel, 'reduceOptions', { calcs: ['lastNotNull'] }),
    // Each field has its configuration already.
    fieldConfig: { defaults: panel.fieldConfig?.defaults ?? {}, overrides: [] },
    replaceVariables: (text) => text,
    theme,
    timeZone: 'utc',
    sparkline,
  });
}
