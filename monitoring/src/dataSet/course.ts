// How values move. A figure that stands still would draw each panel as one straight line, and lay series of one size on each other.

const periodSeconds = 3600;

/** A course around a base. */
export interface Course {
  /** The distance from the base at an instant, from -1 to 1. */
  readonly level: (instant: number) => number;
  /** The same added up over time, in seconds: what a counter has more than its base. */
  readonly addedUp: (from: number, to: number) => number;
}

/**
 * Two waves, third powers of a sine: over each whole hour their mean is 0, and at each full hour, where the data ends, they are 0 and
 * flat. So what is known by hand of an hour, and of its end, stays known. One key, one course: the power of a board and its energy
 * move together, by whichever process they come.
 */
export function courseOf(key: string): Course {
  const parts = waves(key);
  const sumOf = (of: (wave: Wave) => number) => parts.reduce((sum, wave) => sum + wave.weight * of(wave), 0);
  return {
    level: (instant) => sumOf(({ frequency }) => Math.sin(frequency * instant) ** 3),
    addedUp: (from, to) =>
      sumOf(({ frequency }) => (integral(frequency * to) - integral(frequency * from)) / frequency),
  };
}

interface Wave {
  readonly weight: number;
  /** Radians a second. */
  readonly frequency: number;
}

/** Of the third power of the sine. */
function integral(phase: number): number {
  return Math.cos(phase) ** 3 / 3 - Math.cos(phase);
}

function waves(key: string): readonly Wave[] {
  const hash = [...key].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 99_991, 7);
  const sign = hash % 2 === 0 ? 1 : -1;
  // Of 0.35 to 0.85 of the way: two keys with one direction differ in height.
  const share = 0.35 + ((hash >> 1) % 11) / 20;
  const frequency = (2 * Math.PI) / periodSeconds;
  return [
    { weight: sign * share, frequency },
    { weight: hash % 3 === 0 ? share - 1 : 1 - share, frequency: 2 * frequency },
  ];
}
