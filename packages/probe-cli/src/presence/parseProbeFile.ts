import { isRelative, parseBudget, parseRelativeBudget } from '@benchlab-otel/analysis';
import { BenchlabError } from '@benchlab-otel/core';
import { entriesOf, type Finding, nodesBelow, parseYaml, textOf, type YamlNode } from '@benchlab-otel/lint';
import { quietPeriod } from '../command/valueParsers.ts';
import { contradictions } from './contradictions.ts';
import { expectationsOf, type ProbeFile } from './probeFile.ts';
import { probeSchema } from './probeSchema.ts';
import { schemaProblems } from './schemaProblems.ts';
import type { WrittenEnergy, WrittenProbeFile } from './writtenProbeFile.ts';
import { type FileProblem, findingOf, plainValue } from './yamlValue.ts';

/** A file of expectations is written by people: a thousand entries have about 200 KB. */
export const maxProbeBytes: number = 1024 * 1024;

export type ParsedProbeFile = { readonly file: ProbeFile } | { readonly findings: readonly Finding[] };

/** Reads a `probe.yaml`, or finds all that is wrong with it, each with its line and column. Never throws because of its content. */
export function parseProbeFile(path: string, bytes: Uint8Array): ParsedProbeFile {
  if (bytes.length > maxProbeBytes) return { findings: [tooLarge(path)] };
  const decoded = textOf(path, bytes, true);
  if ('finding' in decoded) return { findings: [decoded.finding] };
  const { documents, findings } = parseYaml(decoded.file);
  if (findings.length > 0) return { findings };
  const [root, second] = documents;
  if (root === undefined) return { findings: [fileFinding(path, 'The file has no content.', asksNothing)] };
  if (second !== undefined) {
    const { line, column } = second.at;
    const found = fileFinding(path, 'The file has more than one document.', 'Keep one, and remove the line ---.');
    return { findings: [{ ...found, line, column }] };
  }
  const reserved = reservedKeys(path, root);
  if (reserved.length > 0) return { findings: reserved };
  const parsed = probeSchema.safeParse(plainValue(root));
  const problems = parsed.success ? meaningProblems(parsed.data) : schemaProblems(parsed.error.issues, root);
  if (!parsed.success || problems.length > 0) return { findings: problems.map((each) => findingOf(path, root, each)) };
  return { file: fileOf(path, parsed.data) };
}

const asksNothing = 'Write version: 1, and series, spans, logs or budgets; benchlab-probe init writes a file.';

function fileFinding(file: string, message: string, fix: string): Finding {
  return { rule: 'probe-empty', severity: 'error', message, fix, file, line: 1 };
}

/** The library of schemas leaves this key out of a map, and what it asks for would not be checked. */
function reservedKeys(file: string, root: YamlNode): readonly Finding[] {
  const entries = nodesBelow(root).flatMap((node) => entriesOf(node).filter(({ key }) => key === '__proto__'));
  return entries.map(({ keyAt }) => ({
    rule: 'probe-key',
    severity: 'error',
    message: 'The key "__proto__" cannot be used.',
    fix: 'Remove it.',
    file,
    ...keyAt,
  }));
}

function tooLarge(file: string): Finding {
  const message = `The file has more than ${maxProbeBytes / 1024 / 1024} MiB.`;
  return { rule: 'file-too-large', severity: 'error', message, fix: 'Divide it, and run each part.', file, line: 1 };
}

/** What a schema cannot state: budgets, patterns, times, entries that cannot be met. */
function meaningProblems(file: WrittenProbeFile): readonly FileProblem[] {
  const { series = [], spans = [], logs = [], budgets = [], energy } = file;
  const entries = series.length + spans.length + logs.length + budgets.length;
  const empty = { rule: 'probe-empty', path: [], message: 'The file asks for nothing.', fix: asksNothing };
  return [
    ...(entries === 0 ? [empty] : []),
    ...budgets.flatMap((text, index) => thrownBy(() => parsedBudget(text), 'probe-budget', ['budgets', index])),
    ...(energy?.idle === undefined
      ? []
      : thrownBy(() => quietPeriod(energy.idle ?? ''), 'probe-value', ['energy', 'idle'])),
    ...contradictions(file),
  ];
}

function parsedBudget(text: string): unknown {
  return isRelative(text) ? parseRelativeBudget(text) : parseBudget(text);
}

function thrownBy(parse: () => unknown, rule: string, path: FileProblem['path']): readonly FileProblem[] {
  try {
    parse();
    return [];
  } catch (error) {
    const fix = error instanceof BenchlabError ? error.fix : (error as Error).message;
    const message =
      error instanceof BenchlabError ? error.message.slice(0, -fix.length).trim() : 'The time cannot be read.';
    return [{ rule, path, message, fix }];
  }
}

function fileOf(path: string, written: WrittenProbeFile): ProbeFile {
  const { budgets = [] } = written;
  return {
    path,
    expectations: expectationsOf(written),
    budgets: budgets.filter((text) => !isRelative(text)).map(parseBudget),
    relativeBudgets: budgets.filter(isRelative),
    ...(written.baseline === undefined ? {} : { baseline: written.baseline }),
    energy: energyOf(written.energy ?? {}),
  };
}

function energyOf({ calibration, idle, allowSimulated }: WrittenEnergy): ProbeFile['energy'] {
  return {
    ...(calibration === undefined ? {} : { calibration }),
    ...(idle === undefined ? {} : { idleMs: quietPeriod(idle) }),
    ...(allowSimulated === undefined ? {} : { allowSimulated }),
  };
}
