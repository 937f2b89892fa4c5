import { systemClock } from '@benchlab-otel/core';
import { describe, expect, test } from 'vitest';
import { LineFacts } from './lineFacts.ts';

const lines = () => new LineFacts('local', systemClock);

describe('a line is known by its shape', () => {
  test('a runtime event', () => {
    const event = {
      timestamp: '2026-11-27T02:31:09.121456Z',
      component: 'run_inference',
      event: 'completion',
      metrics: { tokens_per_second: 42.1, power_watts: 297.9, power_simulated: true },
      diagnostics: { kernel_variant: 'gpu-cuda', error_type: 'OutOfMemory' },
      context: { correlation_id: '8b2f' },
    };
    expect(lines().take(JSON.stringify(event))).toEqual({
      fact: {
        kind: 'event',
        timeMs: Date.UTC(2026, 10, 27, 2, 31, 9, 121) + 0.456,
        node: 'local',
        component: 'run_inference',
        event: 'completion',
        run: '8b2f',
        tokensPerSecond: 42.1,
        powerWatts: 297.9,
        kernelVariant: 'gpu-cuda',
        errorType: 'OutOfMemory',
        simulated: true,
      },
    });
  });

  test('stage events in both forms, with the time of a header', () => {
    const read = lines();
    const header = {
      schema: 'benchlab-otel/stage-events',
      version: 1,
      clock: { timeNs: 1_000_000, epochNs: '1795759794000000000', uncertaintyNs: 42 },
    };
    expect(read.take(JSON.stringify(header))).toBeUndefined();
    expect(read.take('{"timeNs":3000000,"stage":"ingress","frameId":"17"}')).toEqual({
      fact: { kind: 'stage', timeMs: 1_795_759_794_002, timeNs: 3e6, node: 'local', stage: 'ingress', frameId: '17' },
    });
    expect(read.take('{"ts_ns":3000000,"source":"pipeline","kv":{"stage":"ingress","frame_id":17}}')).toMatchObject({
      fact: { kind: 'stage', stage: 'ingress', frameId: '17' },
    });
    expect(read.clock.kind).toBe('recorded');
  });

  test('the power of a board, an aligned row, and lines that are not shown', () => {
    const read = lines();
    expect(read.take('{"ts_ns":1,"source":"benchlab.usb","kv":{"p_sys":240.5},"simulated":true}')).toMatchObject({
      fact: { kind: 'power', source: 'benchlab.usb', watts: 240.5, simulated: true },
    });
    const row = '{"ts_aligned_ns":1,"source":"metric.latency","kv":{"lat_ms":4.5,"pair":["a","b"],"power_w":null}}';
    expect(read.take(row)).toMatchObject({
      fact: { kind: 'latency', from: 'a', to: 'b', latencyMs: 4.5, isExact: false },
    });
    expect(read.take('{"ts_ns":1,"source":"cpu.psutil","kv":{"cpu_util":32.5}}')).toBeUndefined();
    expect(read.take('')).toBeUndefined();
  });

  test('the node of a line wins over that of the input', () => {
    expect(lines().take('{"timeNs":1,"stage":"a","node":"rig-07"}')).toMatchObject({ fact: { node: 'rig-07' } });
  });
});

test.each([
  ['{"timestamp":"2026-11-27T02:31:09Z","component":"x"', 'not a JSON object'],
  ['[1]', 'not a JSON object'],
  ['null', 'not a JSON object'],
  ['{}', 'neither a runtime event, nor a stage event, nor a line of a session'],
  ['{"a":1}', 'neither a runtime event, nor a stage event, nor a line of a session'],
  ['{"component":"x","event":"y"}', 'no "timestamp" in UTC'],
  ['{"timeNs":"1","stage":"a"}', 'no "timeNs" in nanoseconds'],
  ['{"timeNs":1e400,"stage":"a"}', '"timeNs" is the time of day, not CLOCK_MONOTONIC'],
  ['{"timeNs":1,"stage":"a\\u001b[2J"}', 'a control character in "stage"'],
  ['{"ts_ns":1,"source":"benchlab.usb","kv":{"p_sys":1e400}}', 'the power of the bench is not a value that can be'],
  ['{"ts_ns":1,"source":"benchlab.usb","kv":{"p_sys":"240"}}', 'the power of the bench is not a value that can be'],
  ['{"ts_aligned_ns":1,"source":"metric.latency","kv":{"lat_ms":-1,"pair":["a","b"]}}', 'no "lat_ms" in "kv"'],
  ['{"ts_aligned_ns":1,"source":"metric.latency","kv":{"lat_ms":NaN,"pair":["a","b"]}}', 'not a JSON object'],
])('%s is refused with its reason', (text, reason) => {
  expect(lines().take(text)).toEqual({ reason });
});

test('a wrong field of an event is left out and named', () => {
  const event = {
    timestamp: '2026-11-27T02:31:09Z',
    component: 'x',
    event: 'y',
    metrics: { power_watts: 1e9, tokens_per_second: '4' },
  };
  const read = lines().take(JSON.stringify(event));
  expect(read).toMatchObject({ faults: ['metrics.tokens_per_second', 'metrics.power_watts'] });
  expect(read).not.toHaveProperty('fact.powerWatts');
});

test('times of another host, without a header, count from their arrival', () => {
  const read = lines();
  const aheadNs = systemClock.nowNs() + 3_600e9;
  const first = read.take(JSON.stringify({ timeNs: aheadNs, stage: 'a' }));
  const second = read.take(JSON.stringify({ timeNs: aheadNs + 5e6, stage: 'a' }));
  if (first === undefined || !('fact' in first) || second === undefined || !('fact' in second))
    throw new Error('refused');
  expect(Math.abs(first.fact.timeMs - Date.now())).toBeLessThan(5_000);
  expect(second.fact.timeMs - first.fact.timeMs).toBeCloseTo(5, 2);
  expect(read.clock.kind).toBe('unknown');
});
