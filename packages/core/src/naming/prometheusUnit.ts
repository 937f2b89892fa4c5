export interface UnitWords {
  readonly main: string;
  readonly per: string;
}

/** A unit in the words of Prometheus names: `By/s` is `bytes` and `per_second`. A unit without a word stays unchanged. */
export function rawUnitWords(unit: string): UnitWords {
  const slash = unit.indexOf('/');
  const main = word(slash < 0 ? unit : unit.slice(0, slash), units);
  const per = slash < 0 ? '' : word(unit.slice(slash + 1), perUnits);
  return { main, per: per === '' ? '' : `per_${per}` };
}

/** The same in the characters that Prometheus 2 allowed in names. */
export function unitWords(unit: string): UnitWords {
  const raw = rawUnitWords(unit);
  const perWord = cleaned(raw.per.replace(/^per_/, '')).replace(/_$/, '');
  const mainWord = cleaned(raw.main);
  return perWord === '' ? { main: mainWord, per: '' } : { main: mainWord.replace(/_$/, ''), per: `per_${perWord}` };
}

function word(unit: string, table: ReadonlyMap<string, string>): string {
  const trimmed = unit.trim();
  // A unit in braces names what is counted: {frame}.
  return /[{}]/.test(trimmed) ? '' : (table.get(trimmed) ?? trimmed);
}

function cleaned(unit: string): string {
  return unit.replace(/[^a-zA-Z0-9:]+/g, '_').replace(/^_/, '');
}

/** UCUM to Prometheus words. Source: github.com/prometheus/otlptranslator 1.0, metric_namer.go. */
const units: ReadonlyMap<string, string> = new Map([
  ['d', 'days'],
  ['h', 'hours'],
  ['min', 'minutes'],
  ['s', 'seconds'],
  ['ms', 'milliseconds'],
  ['us', 'microseconds'],
  ['ns', 'nanoseconds'],
  ['By', 'bytes'],
  ['KiBy', 'kibibytes'],
  ['MiBy', 'mebibytes'],
  ['GiBy', 'gibibytes'],
  ['TiBy', 'tibibytes'],
  ['KBy', 'kilobytes'],
  ['MBy', 'megabytes'],
  ['GBy', 'gigabytes'],
  ['TBy', 'terabytes'],
  ['m', 'meters'],
  ['V', 'volts'],
  ['A', 'amperes'],
  ['J', 'joules'],
  ['W', 'watts'],
  ['g', 'grams'],
  ['Cel', 'celsius'],
  ['Hz', 'hertz'],
  ['%', 'percent'],
  ['1', ''],
]);

const perUnits: ReadonlyMap<string, string> = new Map([
  ['s', 'second'],
  ['m', 'minute'],
  ['h', 'hour'],
  ['d', 'day'],
  ['w', 'week'],
  ['mo', 'month'],
  ['y', 'year'],
]);
