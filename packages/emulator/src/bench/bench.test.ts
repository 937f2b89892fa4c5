import { describe, expect, it } from 'vitest';
import { type BenchState, constantBench } from './bench.ts';
import { type CpuTime, hostLoadBench, parseCpuTime } from './hostLoad.ts';

function watts(state: BenchState, ...rails: string[]): number {
  return rails.reduce((sum, rail) => sum + (state.rails[rail]?.watts ?? 0), 0);
}

describe('constantBench', () => {
  it('never changes, and adds up to the stated watts', () => {
    const bench = constantBench();
    expect(bench(0)).toBe(bench(1e12));
    const state = bench(0);
    expect(watts(state, 'EPS1', 'EPS2')).toBe(90);
    expect(watts(state, 'PCIE1', 'HPWR1')).toBe(192);
    expect(watts(state, 'ATX3V', 'ATX5V', 'ATX5VSB', 'ATX12V')).toBeCloseTo(41.6);
  });

  it('replaces one rail or probe and keeps the others', () => {
    const state = constantBench({ rails: { HPWR1: { volts: 12, amps: 30 } }, celsius: { TS_3: 50 } })(0);
    expect(state.rails.HPWR1).toEqual({ volts: 12, amps: 30 });
    expect(state.rails.HPWR1_W6).toEqual({ volts: 12, amps: 5, watts: 60 });
    expect(watts(state, 'EPS1')).toBe(60);
    expect(state.celsius).toMatchObject({ TS_1: 41.5, TS_3: 50 });
    expect(state.celsius).not.toHaveProperty('TS_4');
  });
});

describe('hostLoadBench', () => {
  const second = 1e9;

  it('follows the load of the host from 35 to 160 W', () => {
    let time: CpuTime | undefined = { busy: 0, total: 0 };
    const bench = hostLoadBench(() => time);
    const cpuWatts = (timeNs: number): number => watts(bench(timeNs), 'EPS1', 'EPS2');
    expect(cpuWatts(0)).toBeCloseTo(35);
    time = { busy: 20, total: 20 };
    expect(cpuWatts(second)).toBeCloseTo(160);
    time = { busy: 25, total: 30 };
    expect(cpuWatts(1.01 * second)).toBeCloseTo(160); // too soon for a new load
    expect(cpuWatts(2 * second)).toBeCloseTo(97.5);
    time = undefined;
    expect(cpuWatts(3 * second)).toBeCloseTo(97.5);
  });

  it('gives the same state twice at the same instant and load, and leaves two probes unplugged', () => {
    const state = (): BenchState => hostLoadBench(() => ({ busy: 0, total: 0 }))(42 * second);
    expect(state()).toEqual(state());
    expect(Object.keys(state().celsius)).toEqual(['TS_1', 'TS_2', 'TS_HPWR1_IN', 'TS_HPWR1_OUT']);
    expect(watts(state(), 'HPWR1_W1', 'HPWR1_W2', 'HPWR1_W3') * 2).toBeCloseTo(watts(state(), 'HPWR1'));
  });

  it('follows the work of this host', () => {
    const bench = hostLoadBench();
    bench(0);
    for (const end = Date.now() + 120; Date.now() < end; ); // work
    expect(watts(bench(second), 'EPS1', 'EPS2')).toBeGreaterThan(36);
  });

  it('reads the first line of /proc/stat, without stolen time', () => {
    const stat = 'cpu  10 1 5 100 20 2 3 999 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n';
    expect(parseCpuTime(stat)).toEqual({ busy: 21, total: 141 });
  });
});
