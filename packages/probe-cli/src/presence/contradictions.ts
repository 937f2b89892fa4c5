import { forbids, parseNumberTest } from '@benchlab-otel/analysis';
import type {
  WrittenBaseline,
  WrittenProbeFile,
  WrittenSeries,
  WrittenSpan,
  WrittenValue,
} from './writtenProbeFile.ts';
import { type FilePath, type FileProblem, pathText } from './yamlValue.ts';

/** Entries that no run can meet, and entries that stand twice. */
export function contradictions({
  series = [],
  spans = [],
  logs = [],
  baseline,
}: WrittenProbeFile): readonly FileProblem[] {
  return [
    ...series.flatMap((each, index) => ofSeries(each, ['series', index])),
    ...spans.flatMap((each, index) => ofSpan(each, ['spans', index])),
    ...logs.flatMap(({ fields = {} }, index) => ofValues(fields, ['logs', index, 'fields'])),
    ...repeated(
      series.map(({ name, labels = {} }) => JSON.stringify([name, Object.entries(labels).sort()])),
      'series',
    ),
    ...repeated(
      spans.map(({ name }) => name),
      'spans',
    ),
    ...repeated(
      logs.map(({ event, within }) => JSON.stringify([event, within])),
      'logs',
    ),
    ...(baseline === undefined ? [] : ofBaseline(baseline)),
  ];
}

function contradiction(path: FilePath, message: string, fix: string): FileProblem {
  return { rule: 'probe-contradiction', path, atKey: true, message, fix };
}

/** Types of series that do not only grow. */
const withoutDelta = new Set(['gauge', 'gaugehistogram', 'stateset', 'info', 'unknown']);

function ofSeries({ type, delta }: WrittenSeries, path: FilePath): readonly FileProblem[] {
  if (delta === undefined || type === undefined || !withoutDelta.has(type)) return [];
  const fix = 'Write value in its place, or ask for a counter, a histogram or a summary.';
  return [contradiction([...path, 'delta'], `A series of type ${type} has no delta.`, fix)];
}

function ofSpan({ name, count, ...rest }: WrittenSpan, path: FilePath): readonly FileProblem[] {
  const test = count === undefined ? undefined : parseNumberTest(count);
  const others = Object.entries(rest).flatMap(([key, value]) => (value === undefined ? [] : [key]));
  const text = pathText(path);
  const isForbidden = test !== undefined && forbids(test);
  const isImpossible = test !== undefined && !isForbidden && isNeverMet(test);
  return [
    ...(rest.parent === undefined || rest.root === undefined
      ? []
      : [contradiction([...path, 'root'], `${text} has both parent and root.`, 'Keep one of the two.')]),
    ...(isForbidden && others.length > 0
      ? [
          contradiction(
            [...path, others[0] ?? ''],
            `${text} asks for no span, and for ${others.join(', ')} of it.`,
            'Remove these keys, or change count.',
          ),
        ]
      : []),
    ...(isImpossible
      ? [
          contradiction(
            [...path, 'count'],
            `No count is ${count}.`,
            'Write a whole number from 0, or a comparison with one.',
          ),
        ]
      : []),
    ...ofValues(rest.attributes ?? {}, [...path, 'attributes']),
  ];
}

/** A count is a whole number from 0. */
function isNeverMet({ comparison, limit }: NonNullable<ReturnType<typeof parseNumberTest>>): boolean {
  if (comparison === '==') return limit < 0 || !Number.isInteger(limit);
  return (comparison === '<' && limit <= 0) || (comparison === '<=' && limit < 0);
}

function ofValues(values: Readonly<Record<string, WrittenValue>>, path: FilePath): readonly FileProblem[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (typeof value === 'string' || value.pattern === undefined) return [];
    const { pattern, type } = value;
    const here = [...path, name, 'pattern'];
    if (type !== undefined && type !== 'string') {
      const fix = 'Remove the pattern, or write type: string.';
      return [contradiction(here, `A value of type ${type} matches no pattern.`, fix)];
    }
    try {
      new RegExp(pattern, 'u');
      return [];
    } catch (error) {
      const fix = 'Write a regular expression of JavaScript that holds with the flag u.';
      return [{ rule: 'probe-pattern', path: here, message: `${pathText(here)}: ${(error as Error).message}.`, fix }];
    }
  });
}

function repeated(keys: readonly string[], list: string): readonly FileProblem[] {
  const first = new Map<string, number>();
  return keys.flatMap((key, index) => {
    const before = first.get(key);
    if (before === undefined) {
      first.set(key, index);
      return [];
    }
    const message = `${list}[${index}] asks for the same as ${list}[${before}].`;
    return [{ rule: 'probe-repeated', path: [list, index], message, fix: 'Join the two entries, or remove one.' }];
  });
}

function ofBaseline({ command, ref }: WrittenBaseline): readonly FileProblem[] {
  if (command === undefined && ref === undefined) {
    const fix = 'Write command: the program to compare with, or ref: a state of this repository.';
    return [{ rule: 'probe-missing', path: ['baseline'], message: 'baseline names nothing to compare with.', fix }];
  }
  if (command === undefined || ref === undefined) return [];
  return [contradiction(['baseline', 'ref'], 'baseline has both command and ref.', 'Keep one of the two.')];
}
