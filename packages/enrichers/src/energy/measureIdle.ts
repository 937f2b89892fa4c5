import { type IdlePower, idleHalfWidth, idlePower, roleMeters, toHalfWidth } from '@benchlab-otel/analysis';
import {
  BenchlabError,
  type Clock,
  type EnergyRole,
  knownOptions,
  numberOption,
  OptionError,
  type OptionNames,
  type SampleHistory,
  systemClock,
} from '@benchlab-otel/core';

export interface MeasureIdleOptions {
  /** How long the bench is measured, 1 to 600 s. Nothing that is to be measured later may run meanwhile. */
  readonly seconds: number;
  readonly clock?: Clock;
}

/** Power of the bench at rest, measured, as `spanEnergy` and reports take it. */
export interface MeasuredIdle extends IdlePower {
  /** W by role, for `spanEnergy(history, { baseline: idle.watts })`. */
  readonly watts: Readonly<Partial<Record<EnergyRole, number>>>;
  /** Where the watts come from: `measured for 10 s`. */
  readonly source: string;
  /** The watts with their 95 % interval: `system 60.21 W ± 0.30 W`. */
  readonly text: string;
}

/** A quiet period shorter than this shows no error, and a longer one is a mistake in the unit. */
const secondsRange = { least: 1, most: 600 };
/** After the end of the period, this time is for the last sample. */
const graceNs = 1e9;

const optionNames: OptionNames<MeasureIdleOptions> = { seconds: true, clock: true };

/**
 * Measures the bench at rest: the mean power of each role from now on, for some seconds, with its standard error. It is
 * the baseline for what operations use beyond it.
 *
 * @throws OptionError when `seconds` is not a number from 1 to 600, BenchlabError NO_REPLY when too few samples came
 *
 * @example
 * const idle = await measureIdle(history, { seconds: 10 });
 * const enricher = spanEnergy(history, { baseline: idle.watts });
 */
export async function measureIdle(history: SampleHistory, options: MeasureIdleOptions): Promise<MeasuredIdle> {
  knownOptions<MeasureIdleOptions>('measureIdle', options, optionNames);
  if (typeof history?.onSample !== 'function') {
    throw new OptionError({ option: 'history', value: history, allowed: 'a SampleHistory' });
  }
  const { clock = systemClock } = options;
  const seconds = numberOption('seconds', options.seconds, secondsRange);
  const fromNs = clock.nowNs();
  const untilNs = fromNs + seconds * 1e9;
  await sampledUntil(history, clock, untilNs);
  const idle = idlePower(history, fromNs, untilNs);
  const roles = Object.entries(idle.roles);
  if (roles.length === 0) throw tooFew(seconds);
  const watts = Object.fromEntries(roles.map(([role, power]) => [role, power.watts]));
  const texts = roles.map(([role, power]) => {
    const half = idleHalfWidth(power);
    return `${role} ${toHalfWidth(power.watts, half)} W ± ${toHalfWidth(half, half)} W`;
  });
  // A board that is emulated is the meter of all roles.
  if (roles.some(([, power]) => power.source.simulated)) texts.push('simulated');
  return { ...idle, watts, source: `measured for ${seconds} s`, text: texts.join(', ') };
}

/** Resolves when each meter has shown a sample at or after `untilNs`, or soon after that time without one. */
function sampledUntil(history: SampleHistory, clock: Clock, untilNs: number): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      stopListening();
      cancel();
      resolve();
    };
    const stopListening = history.onSample((_source, timeNs) => {
      if (timeNs < untilNs) return;
      const meters = Object.values(roleMeters(history));
      if (meters.every(({ id }) => (history.newestNs(id) ?? 0) >= untilNs)) finish();
    });
    const cancel = clock.at(untilNs + graceNs, finish);
  });
}

function tooFew(seconds: number): BenchlabError {
  return new BenchlabError(
    'NO_REPLY',
    `Too few power samples came while the bench was measured at rest for ${seconds} s.`,
    'Check that its meter is being read and that the history is among the consumers of its samples.',
  );
}
