import type { LintFile } from '../files/lintFile.ts';
import type { Finding, Position } from '../findings/finding.ts';
import { duration } from '../promql/duration.ts';
import type { Expression } from '../promql/expression.ts';
import { parsePromql } from '../promql/parsePromql.ts';
import {
  entriesOf,
  entryAt,
  itemsOf,
  nodeAt,
  textAt,
  type YamlEntry,
  type YamlNode,
  type YamlScalar,
} from '../yaml/node.ts';
import { expressionPlace } from './expressionPlace.ts';

/** One rule of a file, with a query that can be read. */
export interface Rule {
  readonly kind: 'alert' | 'record';
  readonly name: string;
  readonly file: string;
  /** Of its name. */
  readonly at: Position;
  readonly expression: Expression;
  /** Where an offset of the expression stands in the file. */
  place(offset: number): Partial<Position> & Pick<Position, 'line'>;
  /** Seconds; undefined where it has none. */
  readonly forSeconds?: number;
  readonly labels: readonly YamlEntry[];
  readonly annotations: readonly YamlEntry[];
}

export const ruleFileRules = [
  { id: 'rule-form', reason: 'Prometheus refuses a file that does not have the form of rules, all of it.' },
  { id: 'rule-duplicate', reason: 'Of two rules with the same name and labels, one overwrites the other.' },
  { id: 'promql-syntax', reason: 'Prometheus refuses a file with a query that it cannot read, all of it.' },
] as const;

/** Keys of a rule. `keep_firing_for` came with Prometheus 2.42. */
const ruleKeys = ['alert', 'record', 'expr', 'for', 'keep_firing_for', 'labels', 'annotations'];
/** Keys of a group that 2.42 has. */
const groupKeys = ['name', 'interval', 'limit', 'rules'];
const nameForm = { alert: /^[A-Z][A-Za-z0-9]*$/, record: /^[a-zA-Z_][\w]*:[\w]+:[\w]+$/ };

/** The rules of a document, and what is wrong with its form. Undefined where it is not a file of rules. */
export function readRules(
  document: YamlNode,
  { path, isNamed }: Pick<LintFile, 'path' | 'isNamed'>,
): { readonly rules: readonly Rule[]; readonly findings: readonly Finding[] } {
  // A PrometheusRule of Kubernetes has the same below spec.
  const groups =
    entryAt(document, 'groups') ??
    (textAt(document, 'kind') === 'PrometheusRule' ? entryAt(document, 'spec', 'groups') : undefined);
  const findings: Finding[] = [];
  const report = (
    rule: (typeof ruleFileRules)[number]['id'],
    at: Partial<Position> & { line: number },
    message: string,
    fix: string,
  ) => void findings.push({ rule, severity: 'error', message, fix, file: path, ...at });
  if (groups === undefined) {
    if (isNamed)
      report(
        'rule-form',
        document.at,
        'The file has no groups, so it is not a file of rules.',
        'Name a file of rules.',
      );
    return { rules: [], findings };
  }
  if (groups.value.kind !== 'list')
    report('rule-form', groups.keyAt, 'groups is not a list.', 'Write a list of groups.');
  const rules = itemsOf(groups.value).flatMap((group) => {
    for (const { key, keyAt } of entriesOf(group)) {
      if (!groupKeys.includes(key))
        report(
          'rule-form',
          keyAt,
          `Prometheus 2.42 refuses the key ${key} of a group.`,
          `Use ${groupKeys.join(', ')}.`,
        );
    }
    if (textAt(group, 'name') === undefined) report('rule-form', group.at, 'The group has no name.', 'Add name.');
    const list = nodeAt(group, 'rules');
    if (list?.kind !== 'list') report('rule-form', group.at, 'The group has no list of rules.', 'Add rules.');
    return itemsOf(list).flatMap((node) => ruleOf(node, path, report) ?? []);
  });
  const seen = new Set<string>();
  for (const { kind, name, labels, at } of rules) {
    const key = JSON.stringify([kind, name, ...labels.map(({ key: label, value }) => [label, textAt(value)])]);
    if (seen.has(key))
      report(
        'rule-duplicate',
        at,
        `The file has two rules ${name} with the same labels.`,
        'Give one of them another name.',
      );
    seen.add(key);
  }
  return { rules, findings };
}

type Report = (
  rule: (typeof ruleFileRules)[number]['id'],
  at: Partial<Position> & { line: number },
  message: string,
  fix: string,
) => void;

function ruleOf(node: YamlNode, file: string, report: Report): Rule | undefined {
  const kind = entryAt(node, 'alert') === undefined ? 'record' : 'alert';
  const named = entryAt(node, kind);
  const name = textAt(named?.value);
  if (named === undefined || name === undefined) {
    report('rule-form', node.at, 'The rule is neither an alert nor a record.', 'Add alert or record, with a name.');
    return undefined;
  }
  if (kind === 'alert' && entryAt(node, 'record') !== undefined) {
    report('rule-form', named.keyAt, `${name} is an alert and a record.`, 'Make two rules of it.');
  }
  for (const { key, keyAt } of entriesOf(node)) {
    if (!ruleKeys.includes(key))
      report('rule-form', keyAt, `Prometheus does not know the key ${key} of a rule.`, `Use ${ruleKeys.join(', ')}.`);
  }
  if (!nameForm[kind].test(name)) {
    const fix =
      kind === 'alert'
        ? 'Write it in capitalised words: HighErrorRate.'
        : 'Write LEVEL:METRIC:OPERATION, as job:requests:rate5m.';
    report(
      'rule-form',
      named.value.at,
      `${name} does not have the form of a name of ${kind === 'alert' ? 'an alert' : 'a recording rule'}.`,
      fix,
    );
  }
  const [labels, annotations] = (['labels', 'annotations'] as const).map((key) => textsOf(node, key, name, report));
  const forSeconds = secondsOf(node, 'for', name, report);
  secondsOf(node, 'keep_firing_for', name, report);
  const written = nodeAt(node, 'expr');
  const text = textAt(written);
  if (written?.kind !== 'scalar' || text === undefined) {
    report('rule-form', named.keyAt, `${name} has no expr.`, 'Add the query.');
    return undefined;
  }
  const place = (offset: number) => expressionPlace(written as YamlScalar, text, offset);
  const parsed = parsePromql(text);
  if ('error' in parsed) {
    report(
      'promql-syntax',
      place(parsed.error.from),
      `The query of ${name} cannot be read: ${parsed.error.message}`,
      'Correct the query.',
    );
    return undefined;
  }
  return {
    kind,
    name,
    file,
    at: named.value.at,
    expression: parsed.expression,
    place,
    ...(forSeconds === undefined ? {} : { forSeconds }),
    labels: labels ?? [],
    annotations: annotations ?? [],
  };
}

function secondsOf(node: YamlNode, key: string, name: string, report: Report): number | undefined {
  const entry = entryAt(node, key);
  if (entry === undefined) return undefined;
  const seconds = duration(textAt(entry.value) ?? '');
  if (seconds === undefined)
    report('rule-form', entry.keyAt, `${key} of ${name} is not a duration.`, 'Write 30s, 5m or 1h.');
  return seconds;
}

/** The entries of labels or annotations, all of which must be texts. */
function textsOf(node: YamlNode, key: string, name: string, report: Report): readonly YamlEntry[] {
  const entry = entryAt(node, key);
  if (entry === undefined) return [];
  if (entry.value.kind !== 'map')
    report('rule-form', entry.keyAt, `${key} of ${name} is not a map.`, `Write ${key} as names with texts.`);
  return entriesOf(entry.value).filter((each) => {
    const isText = each.value.kind === 'scalar' && each.value.value !== null;
    if (!isText) report('rule-form', each.keyAt, `${each.key} of ${name} is not a text.`, 'Write a text.');
    return isText;
  });
}
