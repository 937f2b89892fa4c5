import { readFileSync } from 'node:fs';
import { type BenchModel, type BenchState, load, wiresOf } from './bench.ts';

/** Invented, of the size that desktop processors take from their EPS connectors: idle, and with all cores busy. */
const idleCpuWatts = 35;
const busyCpuWatts = 160;
/**
 * /proc/stat counts in steps of 10 ms: over a shorter window the load would only be noise. It is half the period of the
 * default rate, so that each read has the mean since the one before, also where that came late.
 */
const minWindowNs = 25e6;
/** Metal warms and cools over half a minute. */
const warmingNs = 30e9;

/** Time that all processors together have spent since boot, in any one unit. */
export interface CpuTime {
  readonly busy: number;
  readonly total: number;
}

/**
 * A bench whose CPU rails follow the load of this host, so that work costs joules that can be seen. The other rails vary
 * slowly with time alone. It imitates a PC and measures nothing: the emulator marks everything that derives from it as
 * simulated.
 */
export function hostLoadBench(readCpuTime: () => CpuTime | undefined = hostCpuTime): BenchModel {
  const cpuLoad = loadMeter(readCpuTime);
  let previousNs: number | undefined;
  let warmWatts = idleCpuWatts;

  return (timeNs) => {
    const cpuWatts = idleCpuWatts + (busyCpuWatts - idleCpuWatts) * cpuLoad(timeNs);
    const passedNs = Math.max(0, timeNs - (previousNs ?? timeNs));
    previousNs = timeNs;
    warmWatts += (cpuWatts - warmWatts) * (1 - Math.exp(-passedNs / warmingNs));
    return desktop(timeNs / 1e9, cpuWatts, warmWatts);
  };
}

function desktop(seconds: number, cpuWatts: number, warmWatts: number): BenchState {
  const gpuWatts = connectorWatts(seconds);
  const rails = {
    EPS1: load(cpuWatts * 0.62, sag(12.08, cpuWatts)),
    EPS2: load(cpuWatts * 0.38, sag(12.07, cpuWatts)),
    ATX3V: load(6.2 + wave(seconds, 31, 0.4), 3.32),
    ATX5V: load(11.5 + wave(seconds, 23, 1.5), 5.03),
    ATX5VSB: load(1.5, 5.04),
    ATX12V: load(22 + wave(seconds, 37, 3), 12.06),
    PCIE1: load(slotWatts(seconds), 12.02),
    HPWR1: load(gpuWatts, sag(12.05, gpuWatts)),
  };
  const connectorCelsius = 38 + gpuWatts / 15;
  const fanDuty = Math.round(30 + (warmWatts - idleCpuWatts) * 0.4);
  const fan = { enabled: true, dutyPercent: fanDuty, rpm: Math.round(fanDuty * 24 + wave(seconds, 7, 8)) };
  return {
    rails: { ...wiresOf('HPWR1', rails), ...rails },
    celsius: {
      TS_1: 33 + warmWatts / 5,
      TS_2: 36 + wave(seconds, 61, 1),
      TS_HPWR1_IN: connectorCelsius,
      TS_HPWR1_OUT: connectorCelsius + 2.5,
    },
    vinVolts: [rails.EPS1.volts, 5.03, 3.32, 12.06, 1.8],
    vddVolts: 3.3,
    vrefVolts: 1.796,
    chipCelsius: 36 + wave(seconds, 53, 1),
    ambientCelsius: 24.5 + wave(seconds, 600, 0.6),
    humidityPercent: 44 + wave(seconds, 900, 2),
    fanSwitch: 'auto',
    rgbSwitch: 'work',
    rgbExt: 'not_detected',
    fanExtDutyPercent: undefined,
    fans: [fan, fan, { enabled: true, dutyPercent: 30, rpm: 810 }],
  };
}

/** What the GPU of the bench takes from its connector and from its slot. */
export function gpuWattsAt(timeNs: number): number {
  return connectorWatts(timeNs / 1e9) + slotWatts(timeNs / 1e9);
}

function connectorWatts(seconds: number): number {
  return 95 + wave(seconds, 47, 20) + wave(seconds, 13, 6);
}

function slotWatts(seconds: number): number {
  return 9 + wave(seconds, 29, 2);
}

/** A supply gives a little less voltage under load. */
function sag(volts: number, watts: number): number {
  return volts - watts * 4e-4;
}

function wave(seconds: number, periodSeconds: number, amplitude: number): number {
  return amplitude * Math.sin((2 * Math.PI * seconds) / periodSeconds);
}

/** Share of all processors that was busy since the call before, 0 to 1. The first call returns 0. */
function loadMeter(readCpuTime: () => CpuTime | undefined): (timeNs: number) => number {
  let from = readCpuTime();
  let fromNs: number | undefined;
  let latest = 0;
  return (timeNs) => {
    fromNs ??= timeNs;
    if (timeNs - fromNs < minWindowNs) return latest;
    const now = readCpuTime();
    const total = now && from ? now.total - from.total : 0;
    // Counters of a virtual machine may stand still or step back. The last known load is used until they advance.
    if (now && from && total > 0) latest = Math.min(1, Math.max(0, (now.busy - from.busy) / total));
    from = now;
    fromNs = timeNs;
    return latest;
  };
}

function hostCpuTime(): CpuTime | undefined {
  try {
    return parseCpuTime(readFileSync('/proc/stat', 'latin1'));
  } catch {
    return undefined; // not Linux, or no descriptor left: the load stays as it was
  }
}

/** The first line of /proc/stat: user nice system idle iowait irq softirq (proc(5)). */
export function parseCpuTime(stat: string): CpuTime {
  const counts = stat.slice(0, stat.indexOf('\n')).trim().split(/\s+/).slice(1, 8).map(Number);
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0] = counts;
  const busy = user + nice + system + irq + softirq;
  // The next column is time stolen by a hypervisor: neither busy nor idle time of this machine.
  return { busy, total: busy + idle + iowait };
}
