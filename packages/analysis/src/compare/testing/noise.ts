import type { Random } from '../../random/random.ts';

/** What a machine adds to the logarithm of the figures of two runs next to each other, in the order in which they run. */
type Noise = () => readonly [first: number, second: number];

/** A kind of noise, with a fresh state for each comparison. */
export interface NoiseModel {
  readonly name: string;
  /** All bars hold on it. On the others only those of false failures: they are noisier than 5 % can be seen in. */
  readonly isMeasurable: boolean;
  start(random: Random): Noise;
}

/** Both runs of a pair, each with noise of its own. */
function each(one: () => number): Noise {
  return () => [one(), one()];
}

/** A value that remembers `memory` of the one before, with a spread of `spread`. */
function remembered({ gauss }: Random, memory: number, spread: number): Noise {
  let value = spread * gauss();
  return each(() => {
    value = memory * value + Math.sqrt(1 - memory * memory) * spread * gauss();
    return value;
  });
}

/** A pair shares its moment, which differs from pair to pair by 12 %; each run has 3 %, and a spike of up to 50 % in 3 of 100. */
function spikes({ gauss, uniform }: Random): Noise {
  let pair = 0;
  return () => {
    pair++;
    const moment = 0.15 * Math.sin((pair + 100 * uniform()) / 37) + 0.05 * gauss();
    const one = () => moment + 0.03 * gauss() + (uniform() < 0.03 ? 0.5 * uniform() : 0);
    return [one(), one()];
  };
}

/** Student's t with two degrees of freedom: its variance is infinite. */
function heavyTails({ gauss, exponential }: Random): Noise {
  return each(() => (0.02 * gauss()) / Math.sqrt(Math.max(1e-9, exponential(1))));
}

/** Every run takes half a percent longer than the one before. */
function drift({ gauss }: Random): Noise {
  let runs = 0;
  return each(() => 0.005 * runs++ + 0.03 * gauss());
}

/** A state that adds 15 %, and changes in one of ten runs: another processor, another speed of it. */
function twoStates({ gauss, uniform }: Random): Noise {
  let isSlow = uniform() < 0.5;
  return each(() => {
    if (uniform() < 0.1) isSlow = !isSlow;
    return (isSlow ? 0.15 : 0) + 0.02 * gauss();
  });
}

/** The same, drawn for each run: the memory layout of a process. */
function twoLayouts({ gauss, uniform }: Random): Noise {
  return each(() => (uniform() < 0.5 ? 0.1 : 0) + 0.015 * gauss());
}

/** No mean and no variance. */
function cauchy({ uniform }: Random): Noise {
  return each(() => 0.015 * Math.tan(Math.PI * (uniform() - 0.5)));
}

/** The first run of a pair takes 4 % longer: it fills caches. */
function firstIsSlow({ gauss }: Random): Noise {
  return () => [0.04 + 0.03 * gauss(), 0.03 * gauss()];
}

/** A neighbour that returns every four runs. */
function everyFourth({ gauss }: Random): Noise {
  let runs = 0;
  return each(() => ([0.06, 0, 0, 0.06][runs++ % 4] ?? 0) + 0.01 * gauss());
}

export const noiseModels: readonly NoiseModel[] = [
  { name: 'spikes and a drift that both runs of a pair share', isMeasurable: true, start: spikes },
  { name: 'heavy tails (Student, 2 degrees of freedom)', isMeasurable: true, start: heavyTails },
  { name: 'remembers 90 % of the run before', isMeasurable: true, start: (random) => remembered(random, 0.9, 0.06) },
  { name: 'remembers 50 % of the run before', isMeasurable: true, start: (random) => remembered(random, 0.5, 0.04) },
  { name: 'drift of 0.5 % a run', isMeasurable: true, start: drift },
  { name: 'two states of the machine, 15 % apart', isMeasurable: true, start: twoStates },
  { name: 'two memory layouts, 10 % apart', isMeasurable: false, start: twoLayouts },
  { name: 'no mean (Cauchy)', isMeasurable: false, start: cauchy },
  { name: 'the first of a pair is 4 % slower', isMeasurable: false, start: firstIsSlow },
  { name: 'a neighbour every four runs', isMeasurable: false, start: everyFourth },
];
