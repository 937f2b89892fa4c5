import { expect, it } from 'vitest';
import { lossOf } from './lossOf.ts';
import { parsePage } from './page/parsePage.ts';

const page = (...lines: string[]) => ({ series: parsePage(`${lines.join('\n')}\n`, { format: 'text' }) });
const processed = 'otel_sdk_processor_span_processed_total';
const exported = 'otel_sdk_exporter_span_exported_total';

it('adds up what a program dropped by reason, and what arrived', () => {
  const observed = page(
    `# TYPE ${processed} counter`,
    `${processed}{otel_component_name="batch/0"} 150`,
    `${processed}{otel_component_name="batch/0",error_type="queue_full"} 800`,
    `${processed}{otel_component_name="batch/1",error_type="queue_full"} 50`,
    `${processed}{otel_component_name="batch/0",error_type="already_shutdown"} 0`,
    `# TYPE ${exported} counter`,
    `${exported}{otel_component_name="otlp/0"} 140`,
    `${exported}{otel_component_name="console/0"} 90`,
    `${exported}{otel_component_name="otlp/0",error_type="UNAVAILABLE"} 10`,
  );
  expect(lossOf(observed)).toEqual([
    { signal: 'spans', dropped: 850, sent: 140, reason: 'queue_full' },
    { signal: 'spans', dropped: 10, sent: 140, reason: 'UNAVAILABLE' },
  ]);
});

it.each([
  ['log records', 'otel_sdk_processor_log_processed_total'],
  ['log records', 'otel_sdk_exporter_log_exported_total'],
  ['data points', 'otel_sdk_exporter_metric_data_point_exported_total'],
])('knows the counters of %s: %s', (signal, name) => {
  const observed = page(`# TYPE ${name} counter`, `${name}{error_type="timeout"} 3`);
  expect(lossOf(observed)).toEqual([{ signal, dropped: 3, sent: undefined, reason: 'timeout' }]);
});

it('counts what was dropped while the program was observed', () => {
  const labels = { error_type: 'timeout' };
  const series = [
    { name: exported, type: 'counter', points: [{ labels, value: 10, delta: 4, exemplars: 0 }] },
  ] as const;
  expect(lossOf({ series })).toMatchObject([{ dropped: 4 }]);
  const before = [{ ...series[0], points: [{ labels, value: 10, delta: 0, exemplars: 0 }] }];
  expect(lossOf({ series: before })).toEqual([]);
});

it('reports no loss of a program that reports none, or nothing of itself', () => {
  expect(lossOf({ series: [] })).toEqual([]);
  expect(
    lossOf(page(`# TYPE ${processed} counter`, `${processed} 7`, `${processed}{error_type="queue_full"} 0`)),
  ).toEqual([]);
  expect(lossOf(page(`# TYPE ${processed} counter`, `${processed}{error_type="queue_full"} NaN`))).toEqual([]);
});
