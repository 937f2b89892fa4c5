import type { MetricPoint } from '../contracts/metricFamily.ts';
import type { Sensor, Source } from '../contracts/sample.ts';
import { BenchlabError } from '../errors/benchlabError.ts';
import type { MetricDefinition } from '../registry/definition.ts';
import * as registry from '../registry/metrics.ts';
import { SampleMetrics, type SampleMetricsOptions } from './sampleMetrics.ts';

export const second = 1e9;
const manualClock = {
  nowNs: () => 0,
  anchor: () => ({ timeNs: 0, epochNs: 0n, uncertaintyNs: 0 }),
  at: () => () => {},
};

export function setUp(options: SampleMetricsOptions = {}) {
  const metrics = new SampleMetrics({ clock: manualClock, ...options });
  const points = (definition: MetricDefinition, nowNs = 0): readonly MetricPoint[] =>
    metrics.collect(nowNs).find((family) => family.definition === definition)?.points ?? [];
  return {
    metrics,
    points,
    values: (definition: MetricDefinition, nowNs = 0) => points(definition, nowNs).map(({ value }) => value),
    /** Takes one sample at `seconds`. */
    sample(seconds: number, source: Source, ...readings: [Sensor, number][]) {
      metrics.sample({
        source,
        timeNs: seconds * second,
        uncertaintyNs: 0,
        readings: readings.map(([sensor, value]) => ({ sensor, value })),
      });
    },
    lose(seconds: number, source: Source) {
      metrics.lost({ source, timeNs: seconds * second, error: new BenchlabError('BOARD_LOST', 'Gone.', 'Wait.') });
    },
    /** The one `hw.state` whose series is 1. */
    state(nowSeconds = 0) {
      const current = points(registry.hwStatus, nowSeconds * second).filter(({ value }) => value === 1);
      return current.map(({ attributes }) => attributes['hw.state']).join();
    },
  };
}

export const board = (id = 'board-1', simulated = false): Source => ({
  id,
  name: `BENCHLAB "${id}"`,
  simulated,
  boundary: 'dc_rails',
  attributes: {},
});
export const voltage = (location: string): Sensor => ({
  metric: registry.hwVoltage,
  attributes: { 'hw.id': `board-1/${location}`, 'hw.sensor_location': location },
});
export const power = (location: string): Sensor => ({
  metric: registry.hwPower,
  attributes: { 'hw.id': `board-1/${location}`, 'hw.type': 'power_rail' },
  energyMetric: registry.hwEnergy,
});
