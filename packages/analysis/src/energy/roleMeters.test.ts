import { type Aperture, type Sample, SampleHistory, type Source } from '@benchlab-otel/core';
import { describe, expect, it } from 'vitest';
import { meterModelOf } from './meterModelOf.ts';
import { roleMeters } from './roleMeters.ts';

const nsPerMs = 1e6;
const meter = (id: string, boundary?: Source['boundary'], simulated = false): Source => ({
  id,
  name: id,
  simulated,
  attributes: {},
  ...(boundary === undefined ? {} : { boundary }),
});
const board = meter('board', 'dc_rails');
const nvml = meter('nvml', 'gpu_board');
const rapl = meter('rapl', 'cpu_package');

/** A history of three samples of each meter, 50 ms apart. */
function sampled(...meters: readonly (readonly [Source, Sample['totals'], fromMs?: number])[]): SampleHistory {
  const history = new SampleHistory();
  for (const [source, totals, fromMs = 0] of meters) {
    for (const ms of [fromMs, fromMs + 50, fromMs + 100]) {
      history.sample({ source, timeNs: ms * nsPerMs, uncertaintyNs: 0, readings: [], ...(totals && { totals }) });
    }
  }
  return history;
}

const ids = (history: SampleHistory, nowNs?: number) =>
  Object.fromEntries(Object.entries(roleMeters(history, nowNs)).map(([role, { id }]) => [role, id]));

describe('the meter of a role', () => {
  it('is the board for all roles, whichever meter came first', () => {
    const history = sampled([nvml, { gpu: 1 }], [rapl, { cpu: 1 }], [board, { system: 3, cpu: 1, gpu: 1 }]);
    expect(ids(history)).toEqual({ system: 'board', cpu: 'board', gpu: 'board' });
  });

  it("is the device's own meter for the roles that the board does not measure", () => {
    const history = sampled([board, { system: 3 }], [nvml, { gpu: 1 }], [rapl, { cpu: 1 }]);
    expect(ids(history)).toEqual({ system: 'board', cpu: 'rapl', gpu: 'nvml' });
  });

  it('is missing for the system where there is no board, and for roles that nothing measures', () => {
    expect(ids(sampled([nvml, { system: 5, gpu: 1 }]))).toEqual({ gpu: 'nvml' });
    expect(ids(new SampleHistory())).toEqual({});
  });

  it('is not the meter of another device: a GPU does not measure the CPU', () => {
    expect(ids(sampled([nvml, { cpu: 1 }], [rapl, { gpu: 1 }]))).toEqual({});
  });

  it('is one board of two, and one GPU of two', () => {
    const [other, second] = [meter('other', 'dc_rails'), meter('second', 'gpu_board')];
    const history = sampled([board, { system: 3 }], [other, { system: 9 }], [nvml, { gpu: 1 }], [second, { gpu: 2 }]);
    expect(ids(history)).toEqual({ system: 'board', gpu: 'nvml' });
  });

  it('is the GPU that counts energy before the one that shows a mean of power', () => {
    const counting = meter('counting', 'gpu_board', true); // the simulated meter shows the mean since the sample before
    expect(ids(sampled([nvml, { gpu: 1 }], [counting, { gpu: 1 }]))).toEqual({ gpu: 'counting' });
  });

  it('is not a source without a boundary, without totals, or with two samples', () => {
    const history = sampled([meter('x'), { system: 1 }], [board, undefined]);
    for (const ms of [0, 50]) {
      history.sample({ source: rapl, timeNs: ms * nsPerMs, uncertaintyNs: 0, readings: [], totals: { cpu: 1 } });
    }
    expect(ids(history)).toEqual({});
  });

  it('is the next one where the first has fallen silent', () => {
    const history = sampled([board, { system: 3, gpu: 1 }], [nvml, { gpu: 1 }, 5000]);
    expect(ids(history)).toEqual({ system: 'board', gpu: 'board' });
    expect(ids(history, 5100 * nsPerMs)).toEqual({ gpu: 'nvml' });
    expect(ids(history, 5600 * nsPerMs)).toEqual({ gpu: 'nvml' });
    expect(ids(history, 5601 * nsPerMs)).toEqual({});
  });
});

describe('what a source states of its aperture', () => {
  const stating = (aperture: Aperture, boundary: Source['boundary'] = 'gpu_board'): Source => ({
    ...meter('x', boundary),
    aperture,
  });

  it('counts more than the published aperture of its product', () => {
    expect(meterModelOf(nvml).aperture).toEqual({ kind: 'mean', seconds: 1 });
    expect(meterModelOf(stating({ kind: 'instant' })).aperture).toEqual({ kind: 'instant' });
    expect(meterModelOf(stating({ kind: 'instant' }, 'dc_rails'))).toMatchObject({ aperture: { kind: 'instant' } });
  });

  it('makes of a GPU that shows the mean since the sample before one that counts energy', () => {
    const counting = stating({ kind: 'mean', seconds: 'since the sample before' });
    expect(meterModelOf(counting).source).toContain('nvmlDeviceGetTotalEnergyConsumption');
    expect(ids(sampled([nvml, { gpu: 1 }], [counting, { gpu: 1 }]))).toEqual({ gpu: 'x' });
  });
});
