import { describe, expect, it } from 'vitest';
import { SignalStore } from '../signals/signalStore.ts';
import { noSpanCauses, type SilentRun } from './noSpans.ts';

const { received } = new SignalStore({
  clock: { nowNs: () => 0, anchor: () => ({ timeNs: 0, epochNs: 0n, uncertaintyNs: 0 }), at: () => () => undefined },
});

function causes(more: Partial<Omit<SilentRun, 'received'>> & { received?: Partial<SilentRun['received']> } = {}) {
  return noSpanCauses({ environment: {}, background: [], ...more, received: { ...received, ...more.received } });
}

describe('the causes of a run without a span', () => {
  it.each([
    [{ environment: { OTEL_SDK_DISABLED: 'TRUE ' } }, /^OTEL_SDK_DISABLED is true.*: unset it$/],
    [{ environment: { OTEL_TRACES_SAMPLER: 'always_off' } }, /always_off, which keeps no trace: set it to always_on/],
    [{ acknowledged: 12 }, /^its own metrics count 12 spans as sent: its code sets another endpoint/],
    [{ received: { strangerRequests: 1 } }, /^1 request came without the header of this run/],
    [{ received: { refusedSpanRequests: 2 } }, /^2 requests of it could not be read/],
    [{ background: ['node, process 7'] }, /^it went to the background \(node, process 7\)/],
    [{ signal: 'SIGKILL' }, /^it was ended by SIGKILL/],
    [{ received: { metrics: 3 } }, /^its metrics or logs arrived, so an SDK runs/],
  ])('name what %j shows, alone', (more, cause) => {
    expect(causes(more)).toEqual([expect.stringMatching(cause)]);
  });

  it('without any sign are those that leave no trace', () => {
    expect(causes()).toHaveLength(4);
    expect(causes()[0]).toMatch(/^it starts no OpenTelemetry SDK: call startTelemetry\(\) first/);
  });

  it('that are shown come together', () => {
    expect(causes({ signal: 'SIGTERM', received: { logRecords: 1 } })).toHaveLength(2);
  });
});
