import { describe, expect, it } from 'vitest';
import * as registry from '../registry/metrics.ts';
import { board, second, setUp, voltage } from './sampleMetrics.suite.ts';

describe('status and age', () => {
  it('is ok while samples come, degraded when they stop, failed when the source is lost, ok when it is back', () => {
    const { sample, lose, state, points } = setUp();
    const [source, sensor] = [board(), voltage('EPS1')];
    sample(1, source, [sensor, 12]);
    expect(state(1)).toBe('ok');
    sample(1.1, source, [sensor, 12]);
    expect(state(1.5)).toBe('ok');
    expect(state(1.7)).toBe('degraded');
    lose(3, source);
    expect(state(3)).toBe('failed');
    expect(points(registry.hwStatus)).toHaveLength(3);
    sample(4, board(), [voltage('EPS1'), 12]);
    expect(state(4)).toBe('ok');
  });

  it('a late word on an old connection does not end the new one', () => {
    const { sample, lose, state } = setUp();
    const [old, current] = [board(), board()];
    sample(1, old, [voltage('EPS1'), 12]);
    sample(3, current, [voltage('EPS1'), 12]);
    lose(2, old);
    expect(state(3)).toBe('ok');
  });

  it('a source that was lost before its first sample has a status and no age', () => {
    const { lose, state, values } = setUp();
    lose(1, board());
    lose(2, board());
    expect(state(2)).toBe('failed');
    expect(values(registry.benchlabSampleAge, 2 * second)).toEqual([]);
  });

  it('the age of the latest sample grows until the next one', () => {
    const { sample, lose, values } = setUp();
    const source = board();
    sample(10, source, [voltage('EPS1'), 12]);
    expect(values(registry.benchlabSampleAge, 10.25 * second)).toEqual([0.25]);
    lose(11, source);
    expect(values(registry.benchlabSampleAge, 20 * second)).toEqual([10]);
    expect(values(registry.benchlabSampleAge, 9 * second)).toEqual([0]);
  });

  it('states what kind of device it is: its own word, its boundary, or only that it is a device', () => {
    const { sample, points } = setUp();
    sample(1, board('a'));
    sample(1, { ...board('b'), boundary: 'gpu_board' });
    sample(1, { ...board('c'), boundary: 'cpu_package' });
    sample(1, { ...board('d'), attributes: { 'hw.type': 'enclosure' } });
    sample(1, { id: 'e', name: 'e', simulated: false, attributes: {} });
    const types = points(registry.hwStatus).map(({ attributes }) => attributes['hw.type']);
    expect([...new Set(types)]).toEqual(['power_meter', 'gpu', 'cpu', 'enclosure', 'device']);
  });

  it('a device has only attributes that the definition of its health names', () => {
    const { sample, points } = setUp();
    sample(1, board('emulated', true));
    for (const { attributes } of points(registry.hwStatus)) {
      expect(registry.hwStatus.attributes).toEqual(expect.arrayContaining(Object.keys(attributes)));
    }
    expect(points(registry.hwStatus)).toHaveLength(3);
  });

  it('series of emulated hardware are marked as simulated, and no others are', () => {
    const { sample, points } = setUp();
    sample(1, board('real'));
    sample(1, board('emulated', true));
    for (const definition of [registry.hwStatus, registry.benchlabSampleAge, registry.benchlabSampleGap]) {
      for (const { attributes } of points(definition, second)) {
        expect(attributes['benchlab.simulated']).toBe(attributes['hw.id'] === 'emulated' ? true : undefined);
      }
    }
  });
});
