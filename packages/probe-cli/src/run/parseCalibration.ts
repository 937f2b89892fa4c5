import type { Calibration } from '@benchlab-otel/analysis';
import { isObject, OptionError } from '@benchlab-otel/core';

type Keys<T> = readonly (keyof T & string)[];
type MeterError = NonNullable<Calibration['gain']> & object;
type Aperture = NonNullable<Calibration['aperture']>;

const keys: Keys<Calibration> = ['aperture', 'refreshSeconds', 'gain', 'offsetWatts', 'quantumWatts', 'source'];
const errorKeys: Keys<MeterError> = ['kind', 'value'];
const sinceBefore = 'since the sample before';
/** An hour: no power meter that is read here shows the mean of more. */
const longestSeconds = 3600;
/** No bench has an error of more. */
const mostWatts = 1e6;
const maxSource = 1000;

/**
 * The calibration of a meter, from JSON.
 *
 * @param where the file, for messages
 * @throws OptionError that names the key and what is allowed
 */
export function parseCalibration(value: unknown, where: string): Calibration {
  const wrong = (key: string, given: unknown, allowed: string) =>
    new OptionError({ option: key === '' ? where : `${where}: ${key}`, value: given, allowed });
  const objectOf = (key: string, given: unknown, known: readonly string[]): Record<string, unknown> => {
    if (!isObject(given)) throw wrong(key, given, `an object with ${known.join(', ')}`);
    for (const name of Object.keys(given)) {
      const path = key === '' ? name : `${key}.${name}`;
      if (!known.includes(name)) throw wrong(path, given[name], `left out: the keys are ${known.join(', ')}`);
    }
    return given;
  };
  const numberOf = (key: string, given: unknown, most: number, isAboveZero: boolean): number => {
    if (typeof given === 'number' && given <= most && (isAboveZero ? given > 0 : given >= 0)) return given;
    throw wrong(key, given, isAboveZero ? `a number above 0, up to ${most}` : `a number from 0 to ${most}`);
  };
  const errorOf = (key: string, given: unknown, most: number): MeterError => {
    const { kind, value: size } = objectOf(key, given, errorKeys);
    if (kind !== 'stderr' && kind !== 'bound') throw wrong(`${key}.kind`, kind, '"stderr" or "bound"');
    return { kind, value: numberOf(`${key}.value`, size, most, false) };
  };
  const apertureOf = (given: unknown): Aperture => {
    if (given === 'not stated') return given;
    if (!isObject(given)) throw wrong('aperture', given, 'an object with kind, seconds, or "not stated"');
    const { kind, seconds } = objectOf('aperture', given, ['kind', 'seconds']);
    if (kind === 'instant' && seconds === undefined) return { kind };
    if (kind === 'instant') throw wrong('aperture.seconds', seconds, 'left out: an instant has none');
    if (kind !== 'mean') throw wrong('aperture.kind', kind, '"instant" or "mean"');
    if (seconds === sinceBefore) return { kind, seconds };
    if (typeof seconds === 'number')
      return { kind, seconds: numberOf('aperture.seconds', seconds, longestSeconds, true) };
    throw wrong('aperture.seconds', seconds, `a number of seconds above 0, or "${sinceBefore}"`);
  };

  const { aperture, refreshSeconds, gain, offsetWatts, quantumWatts, source } = objectOf('', value, keys);
  if (typeof source !== 'string' || source.trim() === '' || source.length > maxSource) {
    throw wrong('source', source, `a text of 1 to ${maxSource} characters: the device, the date, the standard`);
  }
  return {
    ...(aperture === undefined ? {} : { aperture: apertureOf(aperture) }),
    ...(refreshSeconds === undefined
      ? {}
      : { refreshSeconds: numberOf('refreshSeconds', refreshSeconds, longestSeconds, true) }),
    ...(gain === undefined ? {} : { gain: errorOf('gain', gain, 1) }),
    ...(offsetWatts === undefined ? {} : { offsetWatts: errorOf('offsetWatts', offsetWatts, mostWatts) }),
    ...(quantumWatts === undefined ? {} : { quantumWatts: numberOf('quantumWatts', quantumWatts, mostWatts, false) }),
    source,
  };
}
