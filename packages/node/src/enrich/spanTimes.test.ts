import type { EndedSpan } from '@benchlab-otel/core';
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { keeping, spanRig } from './spanRig.suite.ts';

const rig = spanRig();
const { enrich } = rig;

describe('EnrichingSpanProcessor', () => {
  it('gives enrichers start and end on the monotonic rig.clock, exact within the process', () => {
    const ends: EndedSpan[] = [];
    enrich([keeping(ends)]);
    const startNs = rig.clock.nowNs();

    rig.tracer.startSpan('job').updateName('renamed').end();

    expect(ends[0]).toMatchObject({ name: 'renamed', startNs, endNs: startNs, uncertaintyNs: 0 });
    expect(ends[0]).not.toHaveProperty('parentSpanId');
  });

  it('converts times that the application gave, with an uncertainty of a millisecond', () => {
    const ends: EndedSpan[] = [];
    enrich([keeping(ends)]);
    const nowNs = rig.clock.nowNs();
    const epochMs = Date.now();

    rig.tracer.startSpan('job', { startTime: epochMs - 5000 }).end(epochMs - 3000);

    const { startNs, endNs, uncertaintyNs } = ends[0]!;
    expect(uncertaintyNs).toBe(1e6);
    expect(Math.abs(startNs - (nowNs - 5e9))).toBeLessThan(1e9); // a slow machine between two clock reads
    expect(endNs - startNs).toBeCloseTo(2e9, -3);
  });

  it('names a local parent and leaves a remote one out', () => {
    const starts: (string | undefined)[] = [];
    enrich([{ name: 'test', spanStarted: (_span, _context, started) => void starts.push(started.parentSpanId) }]);
    const local = rig.tracer.startSpan('parent');
    const remote = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1, isRemote: true };

    rig.tracer.startSpan('child', {}, trace.setSpan(ROOT_CONTEXT, local));
    rig.tracer.startSpan('child', {}, trace.setSpanContext(ROOT_CONTEXT, remote));

    expect(starts).toEqual([undefined, local.spanContext().spanId, undefined]);
  });
});
