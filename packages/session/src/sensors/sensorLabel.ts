import type { SensorSeries } from './sensorSeries.ts';

/** What CapFrameX calls a kind of sensor; its unit follows from it. */
type SensorType =
  | 'Power'
  | 'Voltage'
  | 'Current'
  | 'Temperature'
  | 'Fan'
  | 'Load'
  | 'Clock'
  | 'Energy'
  | 'Humidity'
  | 'Data'
  | 'Factor';

export interface SensorLabel {
  readonly name: string;
  readonly type: SensorType;
  /** What a value is multiplied with to have the unit of the type. */
  readonly factor: number;
}

/** The first that matches the last part of a key. Data is in GB, energy in mWh; others as they are. */
const types: readonly (readonly [RegExp, SensorType, factor: number])[] = [
  [/^p_|power|watts|_w$/i, 'Power', 1],
  [/^v_|volt|_v$/i, 'Voltage', 1],
  [/^i_|current|_a$/i, 'Current', 1],
  [/humidity/i, 'Humidity', 1],
  [/temp|_c$/i, 'Temperature', 1],
  [/fan|rpm/i, 'Fan', 1],
  [/util|load|duty/i, 'Load', 1],
  [/clock|mhz/i, 'Clock', 1],
  [/energy|_j$/i, 'Energy', 1 / 3.6],
  [/mem_used|mem_total|bytes/i, 'Data', 1e-9],
];

/** The names that CapFrameX looks for (source/CapFrameX.Data.Session): of sources `gpu…` and `cpu…`, by type. */
const known: Readonly<Record<string, Partial<Record<SensorType, string>>>> = {
  gpu: { Power: 'GPU Power', Temperature: 'GPU Core', Load: 'GPU Core' },
  cpu: { Power: 'CPU Package', Temperature: 'CPU Package', Load: 'CPU Total' },
};

/** How CapFrameX shows a sensor. */
export function sensorLabel({ source, key }: Pick<SensorSeries, 'source' | 'key'>): SensorLabel {
  // The whole key last: `power.EPS1.voltage` is a voltage.
  const found = types.find(([pattern]) => pattern.test(key.split('.').at(-1) ?? key)) ??
    types.find(([pattern]) => pattern.test(key)) ?? [/^/, 'Factor' as const, 1];
  const [, type, factor] = found;
  const name = type === 'Load' && /mem/.test(key) ? undefined : known[source.slice(0, 3)]?.[type];
  return { name: name === undefined ? `${source} ${key}` : `${name} (${source} ${key})`, type, factor };
}
