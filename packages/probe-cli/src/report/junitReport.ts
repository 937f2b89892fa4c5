import { type Answer, answersOf } from './answer.ts';
import { endText } from './headline.ts';
import { printable } from './printable.ts';
import { exitCodeOfRun, type RunResult } from './result.ts';

interface TestCase {
  readonly name: string;
  readonly seconds?: number;
  readonly properties?: Readonly<Record<string, string>>;
  /** A question that failed is a failure, and one that is undecided an error: neither is a success. */
  readonly problem?: { readonly element: 'failure' | 'error'; readonly type: string; readonly message: string };
}

interface TestSuite {
  readonly name: string;
  readonly cases: readonly TestCase[];
}

const suiteNames = { budget: 'budgets', presence: 'presence', comparison: 'comparisons' } as const;

/** The report for CI systems that read JUnit XML, as `schema/junit.xsd` describes it: a suite for each kind of question. */
export function junitReport(result: RunResult): string {
  const answers = answersOf(result);
  const suites: readonly TestSuite[] = [
    { name: 'run', cases: runCases(result) },
    ...(['budget', 'presence', 'comparison'] as const).map((kind) => ({
      name: suiteNames[kind],
      cases: answers.filter((answer) => answer.kind === kind).map(answerCase),
    })),
  ].filter(({ cases }) => cases.length > 0);
  const cases = suites.flatMap((suite) => suite.cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'benchlab-probe run', ...counts(cases), time: seconds(result.durationSeconds) })}>`,
    ...suites.flatMap((suite) => suiteLines(suite, result)),
    '</testsuites>',
    '',
  ].join('\n');
}

/** The program and its telemetry, so that a run without budgets is not an empty report. */
function runCases(result: RunResult): readonly TestCase[] {
  const { child, troubles, durationSeconds } = result;
  const ended = endText(child);
  return [
    {
      name: 'the program ends with exit code 0',
      seconds: durationSeconds,
      ...(child.code === 0 ? {} : { problem: { element: 'failure', type: 'exit', message: `it ended with ${ended}` } }),
    },
    {
      name: 'the telemetry is complete',
      ...(troubles.length === 0
        ? {}
        : { problem: { element: 'error', type: 'trouble', message: troubles.join('; ') } }),
    },
  ];
}

function answerCase({ outcome, name, observed, limit, n, facts }: Answer): TestCase {
  const properties = Object.entries({ observed, limit, n: n === undefined ? undefined : String(n) });
  const given = properties.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
  const problem = {
    element: outcome === 'fail' ? 'failure' : 'error',
    type: outcome,
    message: facts.join(', '),
  } as const;
  return { name, properties: Object.fromEntries(given), ...(outcome === 'pass' ? {} : { problem }) };
}

function suiteLines({ name, cases }: TestSuite, result: RunResult): readonly string[] {
  // ISO 8601 without a zone, in UTC: readers of JUnit refuse a zone.
  const timestamp = result.startedAt.replace(/(?:\.\d+)?Z$/, '');
  const isRun = name === 'run';
  const time = isRun ? { time: seconds(result.durationSeconds) } : {};
  return [
    `  <testsuite${attributes({ name, ...counts(cases), skipped: '0', timestamp, ...time })}>`,
    ...(isRun ? propertyLines({ exitCode: String(exitCodeOfRun(result)) }, '    ') : []),
    ...cases.flatMap((each) => caseLines(each, name)),
    '  </testsuite>',
  ];
}

function caseLines({ name, seconds: took, properties = {}, problem }: TestCase, suite: string): readonly string[] {
  const time = took === undefined ? {} : { time: seconds(took) };
  const open = `    <testcase${attributes({ name, classname: `benchlab-probe.${suite}`, ...time })}`;
  const inner = [
    ...propertyLines(properties, '      '),
    ...(problem === undefined
      ? []
      : [
          `      <${problem.element}${attributes({ type: problem.type, message: problem.message })}>${escaped(problem.message)}</${problem.element}>`,
        ]),
  ];
  return inner.length === 0 ? [`${open}/>`] : [`${open}>`, ...inner, '    </testcase>'];
}

function propertyLines(properties: Readonly<Record<string, string>>, indent: string): readonly string[] {
  const lines = Object.entries(properties).map(
    ([name, value]) => `${indent}  <property${attributes({ name, value })}/>`,
  );
  return lines.length === 0 ? [] : [`${indent}<properties>`, ...lines, `${indent}</properties>`];
}

function counts(cases: readonly TestCase[]): Readonly<Record<'tests' | 'failures' | 'errors', string>> {
  const having = (element: string) => String(cases.filter(({ problem }) => problem?.element === element).length);
  return { tests: String(cases.length), failures: having('failure'), errors: having('error') };
}

function seconds(value: number): string {
  return value.toFixed(3);
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join('');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML 1.0 has no form at all for most control characters: they are written as JSON writes them. */
function escaped(text: string): string {
  return printable(text).replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
