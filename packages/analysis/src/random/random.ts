/** Random numbers that a seed repeats. */
export interface Random {
  /** Uniform from 0 to below 1. */
  readonly uniform: () => number;
  readonly exponential: (mean: number) => number;
  readonly gauss: () => number;
}

/** Counter-based generator: a 32-bit mix (murmur3's finaliser) of a Weyl sequence. */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  const uniform = () => {
    state = (state + 0x9e3779b9) | 0; // 2^32 divided by the golden ratio
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    mixed ^= mixed >>> 16;
    return (mixed >>> 0) / 2 ** 32;
  };
  return {
    uniform,
    exponential: (mean) => -mean * Math.log(1 - uniform()),
    gauss: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}
