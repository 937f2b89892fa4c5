import type { Random } from '../../../random/random.ts';

/** Power that moves for other reasons than the calls. */
export type Disturbance = 'sine' | 'noise' | 'steps' | 'job' | 'locked' | 'both' | 'none';

/** W. */
const swing = 20;

/**
 * Watts besides the calls, at ascending times in seconds.
 *
 * - sine: 0.1 to 30 Hz, any phase
 * - noise: Ornstein-Uhlenbeck, 0.1 s
 * - steps: a new level about every 2 s, and a drift
 * - job: pulses in step with the sampling, every 2, 5 or 20 samples
 * - locked: one pulse in each sample interval
 * - both: sine and steps
 */
export function disturbanceOf(
  kind: Disturbance,
  random: Random,
  periodSeconds: number,
  endSeconds: number,
): (seconds: number) => number {
  switch (kind) {
    case 'none':
      return () => 0;
    case 'sine': {
      const turn = 2 * Math.PI * 0.1 * 300 ** random.uniform();
      const phase = 2 * Math.PI * random.uniform();
      return (t) => swing * Math.sin(turn * t + phase);
    }
    case 'noise': {
      let value = swing * random.gauss();
      let last = 0;
      return (t) => {
        const kept = Math.exp((last - t) / 0.1);
        last = t;
        value = kept * value + swing * Math.sqrt(1 - kept * kept) * random.gauss();
        return value;
      };
    }
    case 'steps': {
      const slope = 60 * (random.uniform() - 0.5);
      const phase = 2 * Math.PI * random.uniform();
      let level = 0;
      let next = 0;
      return (t) => {
        for (; t >= next; next += random.exponential(2)) level = swing * random.uniform();
        return level + (slope * t) / endSeconds + swing * Math.sin(phase + (4 * t) / endSeconds);
      };
    }
    case 'job':
    case 'locked': {
      const samples = kind === 'locked' ? 1 : ([2, 5, 20][Math.floor(3 * random.uniform())] ?? 2);
      const phase = random.uniform();
      const share = kind === 'locked' ? 0.3 : 0.1 + 0.5 * random.uniform();
      return (t) => ((t / (samples * periodSeconds) + phase) % 1 < share ? swing : 0);
    }
    case 'both': {
      const sine = disturbanceOf('sine', random, periodSeconds, endSeconds);
      const steps = disturbanceOf('steps', random, periodSeconds, endSeconds);
      return (t) => sine(t) + steps(t);
    }
  }
}
