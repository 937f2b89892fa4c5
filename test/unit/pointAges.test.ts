import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

// One point that is too old for Prometheus makes it refuse the whole request, with the points of everyone else.
const read = (path: string) =>
  parse(readFileSync(new URL(`../../collector-config/${path}`, import.meta.url), 'utf8'), { merge: true });

const minutesBehind = (path: string): number => {
  const { processors, service } = read(path);
  expect(service.pipelines.metrics.processors).toContain('filter/clock');
  const conditions: string[] = processors['filter/clock'].metric_conditions;
  const behind = conditions.flatMap(
    (each) => /^datapoint\.time_unix_nano < UnixNano\(Now\(\)\) - (\d+)$/.exec(each)?.[1] ?? [],
  );
  expect(behind).toHaveLength(1);
  return Number(behind[0]) / 60e9;
};
const minutes = (text: string): number => {
  const match = /^(\d+)([mh])$/.exec(text);
  if (match === null) throw new Error(`${text} is not a number of minutes or hours`);
  return Number(match[1]) * (match[2] === 'h' ? 60 : 1);
};
const retried = (path: string): number =>
  minutes(read(path).exporters['otlp_http/metrics'].retry_on_failure.max_elapsed_time);
const window = minutes(read('prometheus/prometheus.yml').storage.tsdb.out_of_order_time_window);

test('an agent takes no point that Prometheus may refuse after all retries', () => {
  expect(minutesBehind('agent/agent.yaml') + retried('agent/agent.yaml')).toBeLessThanOrEqual(window);
  expect(minutesBehind('agent/forward.yaml') + retried('gateway/gateway.yaml')).toBeLessThanOrEqual(window);
});

test('a gateway takes points that waited in the queue of an agent, up to the window of Prometheus', () => {
  expect(minutesBehind('gateway/gateway.yaml')).toBeGreaterThan(minutesBehind('agent/forward.yaml'));
  expect(minutesBehind('gateway/gateway.yaml')).toBeLessThan(window);
});

test('a writer from Kafka looks at the age of points again before one grows too old', () => {
  expect(minutesBehind('scale/from-kafka.yaml') + retried('scale/from-kafka.yaml')).toBeLessThan(window);
});
