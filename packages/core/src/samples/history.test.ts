import { diag } from '@opentelemetry/api';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Sample, Source } from '../contracts/sample.ts';
import { BenchlabError } from '../errors/benchlabError.ts';
import { SampleHistory } from './history.ts';

const nsPerMs = 1e6;
const board: Source = { id: 'U1', name: 'board', simulated: true, boundary: 'dc_rails', attributes: {} };

function at(ms: number, system: number, source: Source = board): Sample {
  return { source, timeNs: ms * nsPerMs, uncertaintyNs: 100, readings: [], totals: { system, cpu: system / 2 } };
}

function every50ms(history: SampleHistory, watts: readonly number[]): void {
  for (const [k, value] of watts.entries()) history.sample(at(50 * k, value));
}

describe('SampleHistory', () => {
  it('gives the samples from the last one before a span to the first one after it', () => {
    const history = new SampleHistory();
    every50ms(history, [1, 2, 3, 4, 5, 6]);

    const window = history.window('U1', 60 * nsPerMs, 140 * nsPerMs);

    expect(window?.timesNs).toEqual(Float64Array.of(50 * nsPerMs, 100 * nsPerMs, 150 * nsPerMs));
    expect(window?.watts.system).toEqual(Float64Array.of(2, 3, 4));
    expect(window?.watts.cpu).toEqual(Float64Array.of(1, 1.5, 2));
    expect(window?.watts.gpu).toBeUndefined();
  });

  it('takes a sample exactly at an edge as that edge', () => {
    const history = new SampleHistory();
    every50ms(history, [1, 2, 3, 4, 5, 6]);

    expect(history.window('U1', 50 * nsPerMs, 150 * nsPerMs)?.timesNs).toEqual(
      Float64Array.of(50 * nsPerMs, 100 * nsPerMs, 150 * nsPerMs),
    );
  });

  it('forgets the oldest samples at its capacity', () => {
    const history = new SampleHistory({ capacity: 4 });
    every50ms(history, [1, 2, 3, 4, 5, 6]);

    expect(history.window('U1', 0, 1e12)?.watts.system).toEqual(Float64Array.of(3, 4, 5, 6));
  });

  it('marks the interval across a loss as a gap', () => {
    const history = new SampleHistory();
    every50ms(history, [1, 2, 3]);
    history.lost({
      source: board,
      timeNs: 110 * nsPerMs,
      error: new BenchlabError('BOARD_LOST', 'Gone.', 'Plug it in.'),
    });
    history.sample(at(150, 4));
    history.sample(at(200, 5));

    expect(history.window('U1', 0, 200 * nsPerMs)?.gapBefore).toEqual(Uint8Array.of(0, 0, 0, 1, 0));
  });

  it('marks a silence of more than four periods and half a second as a gap', () => {
    const history = new SampleHistory();
    every50ms(history, [1, 2, 3, 4, 5]);
    history.sample(at(700, 6));
    history.sample(at(1201, 7));

    expect(history.window('U1', 0, 1201 * nsPerMs)?.gapBefore).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 0, 1));
  });

  it('takes the refresh period of a device that repeats its values as its period', () => {
    const history = new SampleHistory();
    every50ms(history, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);

    expect(history.periodNs('U1')).toBe(100 * nsPerMs);
  });

  it('takes a steady load for a steady load, not for a slow device', () => {
    const history = new SampleHistory();
    every50ms(history, Array(60).fill(7));

    expect(history.periodNs('U1')).toBe(50 * nsPerMs);
  });

  it('drops and counts samples that go back in time and sources beyond its bound', () => {
    const history = new SampleHistory({ maxSources: 1 });
    history.sample(at(100, 1));
    history.sample(at(50, 1));
    history.sample(at(150, 1, { ...board, id: 'U2' }));

    expect(history.droppedSamples).toBe(2);
    expect(history.sources.map((source) => source.id)).toEqual(['U1']);
  });

  it.each([4_294_967_295, -4_294_967_295, Number.POSITIVE_INFINITY])('drops and counts a total of %d W', (watts) => {
    const history = new SampleHistory();
    for (const [n, each] of [100, 100, watts, 100].entries()) history.sample(at(n * 50, each));

    expect(history.droppedSamples).toBe(1);
    expect([...(history.window('U1', 0, 150 * nsPerMs)?.watts.system ?? [])]).toEqual([100, 100, 100]);
  });

  it('keeps the totals of a rack, which are above those of any one host', () => {
    const history = new SampleHistory();
    for (const n of [0, 1, 2]) history.sample(at(n * 50, 140_000));

    expect(history.droppedSamples).toBe(0);
  });

  it('reports once for each source that a total is impossible', () => {
    const warn = vi.fn();
    const ignore = () => undefined;
    diag.setLogger({ error: ignore, warn, info: ignore, debug: ignore, verbose: ignore });
    onTestFinished(() => diag.disable());
    const history = new SampleHistory();
    for (const n of [0, 1, 2]) history.sample(at(n * 50, 4_294_967_295));
    history.sample(at(150, 4_294_967_295, { ...board, id: 'U2' }));

    expect(warn.mock.calls.map(([text]) => text)).toEqual([
      expect.stringContaining('a total of U1 was above 1 MW'),
      expect.stringContaining('a total of U2 was above 1 MW'),
    ]);
  });

  it('ignores sources that do not measure power', () => {
    const history = new SampleHistory();
    history.sample({ source: board, timeNs: 1, uncertaintyNs: 0, readings: [] });

    expect(history.sources).toEqual([]);
  });

  it('calls listeners after each sample until they are removed', () => {
    const history = new SampleHistory();
    const seen: number[] = [];
    const stop = history.onSample((_source, timeNs) => seen.push(timeNs));
    history.sample(at(50, 1));
    stop();
    history.sample(at(100, 1));

    expect(seen).toEqual([50 * nsPerMs]);
  });

  it('refuses a bound that is not a whole number', () => {
    expect(() => new SampleHistory({ capacity: 1.5 })).toThrow(
      'capacity is 1.5. It must be a whole number of at least 2.',
    );
    expect(() => new SampleHistory({ maxSources: 0 })).toThrow(/maxSources/);
  });
});
