import { BenchlabError, messageOf, nearest, shown } from '@benchlab-otel/core';
import { parse } from 'yaml';
import type { z } from 'zod';
import { totalName } from './expression.ts';
import { parseExpression } from './parseExpression.ts';
import type { Operator, PipelineSpec } from './pipelineSpec.ts';
import { checkedSpec, maxSpecBytes, specKeys, type WrittenOperator } from './specSchema.ts';

/** Aliases of YAML make a small file large: none is needed here. */
const maxAliases = 0;
const mostInputs = 8;
/** Faults that one message lists. */
const mostShown = 5;

/** What is wrong with one key. */
interface Fault {
  /** `operators[0].inputs.x`; empty for the whole file. */
  readonly path: string;
  readonly what: string;
}

/**
 * Reads a specification, YAML or JSON.
 *
 * @param where the file, for messages
 * @throws BenchlabError BAD_OPTION that names each wrong key, its value and what it must be
 */
export function parseSpec(text: string, where: string): PipelineSpec {
  const wrong = (faults: readonly Fault[]) => refusal(where, faults);
  if (Buffer.byteLength(text) > maxSpecBytes) throw wrong([{ path: '', what: `has more than ${maxSpecBytes} bytes` }]);
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: maxAliases, logLevel: 'error', prettyErrors: true });
  } catch (error) {
    const [line = ''] = messageOf(error).split('\n');
    throw wrong([{ path: '', what: `is not YAML: ${line.replace(/:$/, '')}` }]);
  }
  const read = checkedSpec(value);
  if ('issues' in read) throw wrong(read.issues.flatMap((issue) => faultsOf(issue, value)));
  const { name, revision, backends, operators } = read.spec;
  const faults = [
    ...repeated(operators.map((each) => each.name)).map((at) => ({
      path: `operators[${at}].name`,
      what: `is ${shown(operators[at]?.name)}, which an operator before it has`,
    })),
    ...repeated(backends).map((at) => ({ path: `backends[${at}]`, what: 'is there twice' })),
  ];
  const checked = operators.map((operator, index) => checkedOperator(operator, `operators[${index}]`));
  faults.push(...checked.flatMap((each) => ('faults' in each ? each.faults : [])));
  if (faults.length > 0) throw wrong(faults);
  return { name, revision, backends, operators: checked.flatMap((each) => ('operator' in each ? each.operator : [])) };
}

function checkedOperator(
  written: WrittenOperator,
  path: string,
): { readonly operator: Operator } | { readonly faults: Fault[] } {
  const { name, clause, maturity, numbers, each, fold, from } = written;
  const inputs = Object.entries(written.inputs).map(([input, kind]) => ({ name: input, kind }));
  const faults: Fault[] = [];
  const fault = (key: string, what: string) => void faults.push({ path: `${path}${key}`, what });
  if (inputs.length > mostInputs) fault('.inputs', `has ${inputs.length} inputs. It must have at most ${mostInputs}`);
  if (!inputs.some(({ kind }) => kind === 'vector')) fault('.inputs', 'has no vector. It must have one');
  if (Object.hasOwn(written.inputs, totalName)) fault(`.inputs.${totalName}`, 'is a name that a fold uses');
  if (each !== undefined && fold !== undefined) fault('', 'has each and fold. It must have one of them');
  if (each === undefined && fold === undefined) fault('', 'has neither each nor fold. It must have one of them');
  if (fold !== undefined && from === undefined) fault('', 'has fold without from, its first total');
  if (fold === undefined && from !== undefined) fault('.from', 'is there without fold');
  const key = fold === undefined ? 'each' : 'fold';
  const scope = { inputs: inputs.map((input) => input.name), isFold: fold !== undefined };
  try {
    const expression = parseExpression(fold ?? each ?? '0', scope);
    const operator = { name, clause, maturity, numbers, inputs, expression, ...(from === undefined ? {} : { from }) };
    if (faults.length === 0) return { operator };
  } catch (error) {
    fault(`.${key}`, `is ${shown(fold ?? each)}: ${messageOf(error)}`);
  }
  return { faults };
}

function faultsOf(issue: z.core.$ZodIssue, whole: unknown): readonly Fault[] {
  const path = pathOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const known = path === '' ? specKeys.whole : specKeys.operator;
    const inside = (key: string) => (path === '' ? key : `${path}.${key}`);
    return issue.keys.map((key) => ({
      path: inside(key).slice(0, 200),
      what: `is not a key (${keysNear(key, known)})`,
    }));
  }
  const value = valueAt(whole, issue.path);
  const [inner] = issue.code === 'invalid_key' ? issue.issues : [];
  if (inner !== undefined) return [{ path, what: `is a name that ${inner.message}` }];
  return [
    { path, what: value === undefined ? `is missing. It ${issue.message}` : `is ${shown(value)}. It ${issue.message}` },
  ];
}

function keysNear(key: string, known: readonly string[]): string {
  const [near] = nearest(key, known, 1);
  return near === undefined ? `the keys are ${known.join(', ')}` : `${near} is one`;
}

function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`),
    '',
  );
}

function valueAt(whole: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    whole,
  );
}

/** The indices of what is there for the second time. */
function repeated(names: readonly string[]): readonly number[] {
  return names.flatMap((name, index) => (names.indexOf(name) < index ? [index] : []));
}

function refusal(where: string, faults: readonly Fault[]): BenchlabError {
  const shownFaults = faults.slice(0, mostShown).map(({ path, what }) => `${path === '' ? 'it' : path} ${what}`);
  const more = faults.length > mostShown ? [`and ${faults.length - mostShown} more`] : [];
  return new BenchlabError(
    'BAD_OPTION',
    `The specification ${where} is wrong: ${[...shownFaults, ...more].join('; ')}.`,
    'Its format is in docs/formats/pipeline-spec.md.',
  );
}
