import { ManualClock } from '@benchlab-otel/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { CollectorWatch } from './collectorWatch.ts';

interface Line {
  readonly level: 'info' | 'warn';
  readonly fields: Record<string, unknown>;
  readonly message: string;
}

let clock: ManualClock;
let lines: Line[];

beforeEach(() => {
  clock = new ManualClock();
  lines = [];
});

/** A watch whose lines end up in `lines`. */
function watch(endpoint = 'http://localhost:4317'): CollectorWatch {
  const write = (level: Line['level']) => (fields: Record<string, unknown>, message: string) =>
    void lines.push({ level, fields, message });
  // The watch calls its logger in this one form.
  return new CollectorWatch(endpoint, { info: write('info'), warn: write('warn') } as never, clock);
}

const refused = new Error('14 UNAVAILABLE: connect ECONNREFUSED 127.0.0.1:4317');
const status = (code: number) => Object.assign(new Error(`${code} STATUS`), { code });

describe('CollectorWatch', () => {
  it('names endpoint, reason and fix in the first failure', () => {
    watch().failed(refused, 3);

    expect(lines).toHaveLength(1);
    expect(lines[0]?.level).toBe('warn');
    expect(lines[0]?.fields).toMatchObject({ lost_spans: 3, failed_exports: 1 });
    for (const part of [
      'http://localhost:4317',
      'ECONNREFUSED',
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'OTEL_TRACES_EXPORTER=none',
    ]) {
      expect(lines[0]?.message).toContain(part);
    }
  });

  it('logs nothing more for a minute, and then all that has been lost', async () => {
    const collector = watch();

    for (let second = 0; second < 60; second++) {
      collector.failed(refused, 10);
      await clock.advanceMs(1000);
    }
    expect(lines).toHaveLength(1);
    collector.failed(refused, 10);

    expect(lines).toHaveLength(2);
    expect(lines[1]?.fields).toMatchObject({ lost_spans: 610, failed_exports: 61 });
  });

  it('logs once that it works again, and counts from 0 again', () => {
    const collector = watch();

    collector.succeeded();
    collector.failed(refused, 10);
    collector.succeeded();
    collector.succeeded();
    collector.failed(refused, 1);

    expect(lines.map((line) => line.level)).toEqual(['warn', 'info', 'warn']);
    expect(lines[2]?.fields).toMatchObject({ lost_spans: 1 });
  });

  it.each([
    [7, 'OTEL_EXPORTER_OTLP_HEADERS'],
    [16, 'OTEL_EXPORTER_OTLP_HEADERS'],
    [12, 'Another service answers'],
  ])('names the fix that belongs to status %s', (code, fix) => {
    watch().failed(status(code), 0);

    expect(lines[0]?.message).toContain(fix);
  });

  it('points out the port of OTLP over HTTP', () => {
    watch('http://collector:4318').failed(refused, 0);

    expect(lines[0]?.message).toContain('4317');
  });

  it('never logs user and password of the endpoint', () => {
    watch('https://user:secret@collector:4317').failed('a reason', 0);

    expect(lines[0]?.message).toContain('https://collector:4317');
    expect(lines[0]?.message).not.toContain('secret');
  });
});
