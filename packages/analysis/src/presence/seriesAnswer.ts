import { counted } from '../text/quantity.ts';
import type { Answer } from './answer.ts';
import type { SeriesExpectation } from './expectations.ts';
import { meets, type NumberTest, numberTestText, onlyLower } from './numberTest.ts';
import type { ObservedPoint, ObservedSeries } from './observed.ts';
import { nearestText, ofThem, ofThemHave, type Problem } from './problem.ts';
import { hasUnit } from './unitMatch.ts';

/** Types whose values only grow, resets aside. */
const growing = new Set(['counter', 'histogram', 'summary']);

/** What was found of an expected family of series. */
export function seriesAnswer(expected: SeriesExpectation, all: readonly ObservedSeries[]): Answer {
  const { name, type, unit, labels, atLeast, value, delta } = expected;
  const family = all.find((series) => series.name === name);
  const shownName = `${name}${labelText(labels)}`;
  const matching = family === undefined ? [] : family.points.filter((point) => hasLabels(point, labels));
  const problems = family === undefined ? [absent(name, all)] : presentProblems(expected, family, matching);
  const limits = [
    counted(atLeast, 'label set'),
    ...(type === undefined ? [] : [`type ${type}`]),
    ...(unit === undefined ? [] : [`unit ${unit}`]),
    ...(value === undefined ? [] : [`value ${numberTestText(value)}`]),
    ...(delta === undefined ? [] : [`delta ${numberTestText(delta)}`]),
  ];
  return {
    name: `series ${shownName}`,
    limit: limits.join(', '),
    observed: counted(matching.length, 'label set'),
    n: matching.length,
    found: family === undefined ? '' : `${name} arrived with ${counted(family.points.length, 'label set')}`,
    problems,
    onlyGrows: value === undefined && (delta === undefined || onlyLower(delta)),
  };
}

function absent(name: string, all: readonly ObservedSeries[]): Problem {
  const owner = all.find(({ name: base }) => ['_bucket', '_sum', '_count'].some((end) => name === base + end));
  if (owner !== undefined) {
    return {
      text: `no series ${name} arrived: it is a part of the ${owner.type} ${owner.name}, which is the name to ask for`,
    };
  }
  const near = nearestText(
    name,
    all.map((series) => series.name),
  );
  return { text: `no series ${name} arrived${near}`, isCurable: true };
}

function presentProblems(
  { type, unit, labels, atLeast, value, delta }: SeriesExpectation,
  family: ObservedSeries,
  matching: readonly ObservedPoint[],
): readonly Problem[] {
  const problems: Problem[] = [];
  if (type !== undefined && family.type !== type) {
    problems.push({ text: `its type is ${family.type}, not ${type}` });
  }
  if (unit !== undefined && !hasUnit(family, unit)) {
    const found = family.unit ? `its unit is ${family.unit}` : 'it states no unit';
    problems.push({ text: `${found}, not ${unit}` });
  }
  if (matching.length < atLeast) problems.push(...labelProblems({ labels, atLeast }, family, matching.length));
  if (matching.length === 0) return problems;
  if (value !== undefined) problems.push(...valuesThatMiss(value, matching));
  if (delta !== undefined) problems.push(...deltaProblems(delta, family, matching));
  return problems;
}

/** Why too few label sets have the labels: a label that is not there, or other values of it. */
function labelProblems(
  { labels, atLeast }: Pick<SeriesExpectation, 'labels' | 'atLeast'>,
  { points }: ObservedSeries,
  found: number,
): readonly Problem[] {
  const wanted = Object.entries(labels);
  if (wanted.length === 0) return [{ text: `${counted(atLeast, 'label set')} must come`, isCurable: true }];
  const count = `${counted(found, 'label set')} ${found === 1 ? 'has' : 'have'} ${labelText(labels)}`;
  const reasons = wanted.flatMap(([label, value]) => labelReason(label, value, points));
  const together = found === 0 && reasons.length === 0 ? ['no label set has all of them'] : reasons;
  return [{ text: [`${count}, and ${atLeast} must`, ...together].join(': '), isCurable: true }];
}

function labelReason(label: string, value: string, points: readonly ObservedPoint[]): readonly string[] {
  const values = points.flatMap((point) => (Object.hasOwn(point.labels, label) ? (point.labels[label] ?? []) : []));
  if (points.length > 0 && values.length === 0) {
    const others = points.flatMap((point) => Object.keys(point.labels));
    return [`the label ${label} is missing${nearestText(label, others)}`];
  }
  if (value === '*') return values.some((each) => each !== '') ? [] : [`the label ${label} is empty`];
  if (values.includes(value)) return [];
  return [`the label ${label} is never ${JSON.stringify(value)}${nearestText(value, values)}`];
}

function valuesThatMiss(test: NumberTest, points: readonly ObservedPoint[]): readonly Problem[] {
  const missing = points.filter(({ value }) => !meets(value, test));
  const [first] = missing;
  if (first === undefined) return [];
  const where = `${ofThemHave(missing.length, points.length)} the value ${first.value}`;
  return [{ text: `${where}${at(first, points)}, and the value must be ${numberTestText(test)}` }];
}

function deltaProblems(
  test: NumberTest,
  { type }: ObservedSeries,
  points: readonly ObservedPoint[],
): readonly Problem[] {
  if (!growing.has(type)) return [{ text: `a series of type ${type} has no delta: ask for its value` }];
  const unknown = points.filter(({ delta }) => delta === undefined);
  if (unknown.length > 0) {
    return [{ text: `how much ${ofThem(unknown.length, points.length)} grew is not known`, isCurable: true }];
  }
  const sum = points.reduce((total, { delta = 0 }) => total + delta, 0);
  if (meets(sum, test)) return [];
  const text = `${points.length === 1 ? 'it' : `all ${points.length} of them together`} grew by ${sum}`;
  return [
    { text: `${text}, and the delta must be ${numberTestText(test)}`, ...(onlyLower(test) ? { isCurable: true } : {}) },
  ];
}

function at({ labels }: ObservedPoint, points: readonly ObservedPoint[]): string {
  return points.length === 1 ? '' : ` at ${labelText(labels) || '{}'}`;
}

function hasLabels(point: ObservedPoint, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).every(([label, value]) => {
    const found = Object.hasOwn(point.labels, label) ? point.labels[label] : undefined;
    return value === '*' ? found !== undefined && found !== '' : found === value;
  });
}

/** `{backend="wasm"}`; empty without labels. */
function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}
