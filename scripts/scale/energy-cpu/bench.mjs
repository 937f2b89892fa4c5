// What the emulated board of the proof is connected to: a bench whose power follows CPU time that is known, and moves for
// other reasons too.
import { readdirSync, readFileSync } from 'node:fs';

/** Watts of the bench at rest, and that each busy processor adds. */
export const restWatts = 40;
export const wattsPerProcessor = 60;

const nsPerSecond = 1e9;
/** Times in /proc/stat move in steps of 10 ms: what processes beyond the known ones use is averaged over this, ns. */
const othersWindowNs = 1e9;

/**
 * The mean power since the read before: at rest, plus the CPU time of the processes `pids` to the nanosecond, plus that of all
 * others of the host as a moving mean, plus what moves for reasons of its own.
 * @param {readonly number[]} pids
 * @param {number} seed
 */
export function cpuBench(pids, seed) {
  const disturbance = disturbances(seed);
  const start = { known: cpuNs(pids), timeNs: undefined };
  let before;
  const others = [];
  return (timeNs) => {
    start.timeNs ??= timeNs;
    const known = cpuNs(pids);
    others.push({ timeNs, ns: hostBusyNs() - known });
    while (others.length > 2 && others[1].timeNs <= timeNs - othersWindowNs) others.shift();
    const [oldest, newest] = [others[0], others.at(-1)];
    const elapsedNs = before && timeNs - before.timeNs;
    const ownProcessors = elapsedNs > 0 ? (known - before.known) / elapsedNs : 0;
    const otherProcessors =
      newest.timeNs > oldest.timeNs ? Math.max(0, (newest.ns - oldest.ns) / (newest.timeNs - oldest.timeNs)) : 0;
    const meanWatts =
      elapsedNs > 0
        ? (disturbance(timeNs - start.timeNs) - disturbance(before.timeNs - start.timeNs)) / (elapsedNs / nsPerSecond)
        : 0;
    before = { timeNs, known };
    return stateOf(restWatts + wattsPerProcessor * (ownProcessors + otherProcessors) + meanWatts);
  };
}

/** CPU time of processes with all threads that live, ns. */
function cpuNs(pids) {
  let sum = 0;
  for (const pid of pids) {
    for (const thread of folder(`/proc/${pid}/task`)) sum += threadNs(`/proc/${pid}/task/${thread}/schedstat`);
  }
  return sum;
}

function folder(path) {
  try {
    return readdirSync(path);
  } catch {
    return []; // the process has ended
  }
}

/** The first number is the time on the CPU, ns (Linux, Documentation/scheduler/sched-stats.rst). */
function threadNs(path) {
  try {
    return Number(readFileSync(path, 'latin1').split(' ', 1)[0]);
  } catch {
    return 0; // the thread has ended
  }
}

/** Busy time of all processors: all but idle and iowait of the first line of /proc/stat, in steps of 10 ms. */
function hostBusyNs() {
  const ticks = readFileSync('/proc/stat', 'latin1').split('\n', 1)[0].trim().split(/ +/).slice(1, 9).map(Number);
  return (ticks.reduce((sum, each) => sum + each, 0) - ticks[3] - ticks[4]) * 1e7;
}

/**
 * Joules since the start of what has nothing to do with the load, and whose mean is 0: three sines, a drift to and fro, steps,
 * and pulses of a job that runs in step with samples at 20 Hz (each second, fifth and twentieth of them).
 */
function disturbances(seed) {
  const phase = (k) => (seed * 0.618_034 + k * 0.414_214) % 1;
  const wave = (k, period, watts, integral) => (t) =>
    watts * period * (integral(t / period + phase(k)) - integral(phase(k)));
  const sine = (x) => -Math.cos(2 * Math.PI * x) / (2 * Math.PI);
  const whole = (x) => Math.floor(x);
  /** 1 in the first half of each period, -1 in the second. */
  const square = (x) => (x - whole(x) < 0.5 ? x - whole(x) : 1 - (x - whole(x)));
  /** From -1 to 1 and back. */
  const triangle = (x) => {
    const y = x - whole(x);
    return y < 0.5 ? 2 * y * y - y : -(2 * (y - 0.5) ** 2) + (y - 0.5);
  };
  /** 1 in the first tenth of each period, less its mean. */
  const pulse = (x) => Math.min(x - whole(x), 0.1) - 0.1 * (x - whole(x));
  const parts = [
    wave(1, 0.13, 4, sine),
    wave(2, 0.71, 4, sine),
    wave(3, 1.9, 4, sine),
    wave(4, 2.6, 3, triangle),
    wave(5, 1.1, 4, square),
    wave(6, 0.1, 20, pulse),
    wave(7, 0.25, 20, pulse),
    wave(8, 1, 20, pulse),
  ];
  return (timeNs) => parts.reduce((sum, part) => sum + part(timeNs / nsPerSecond), 0);
}

/** All power on one rail: the board states its sum to the milliwatt. */
function stateOf(watts) {
  return {
    rails: { EPS1: { volts: 12, amps: watts / 12, watts } },
    celsius: {},
    vinVolts: [12, 5, 3.3, 12, 1.8],
    vddVolts: 3.3,
    vrefVolts: 1.8,
    chipCelsius: 38,
    ambientCelsius: 24.5,
    humidityPercent: 45,
    fanSwitch: 'auto',
    rgbSwitch: 'work',
    rgbExt: 'not_detected',
    fanExtDutyPercent: undefined,
    fans: [],
  };
}
