import type { DataFrame, GrafanaTheme2, TimeRange } from '@grafana/data';
import type { PanelModel } from '../src/model.ts';

/** What each kind of panel draws from. */
export interface KindProps {
  readonly panel: PanelModel;
  readonly frames: DataFrame[];
  readonly range: TimeRange;
  readonly theme: GrafanaTheme2;
  readonly width: number;
  readonly height: number;
}

/** An option of the panel, or what Grafana's panel has by default. */
export function option<T>({ options = {} }: PanelModel, name: string, byDefault: T): T {
  const value = name
    .split('.')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], options);
  return (value as T | undefined) ?? byDefault;
}
