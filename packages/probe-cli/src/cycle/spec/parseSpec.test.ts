import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { parseSpec } from './parseSpec.ts';
import { maxSpecBytes, specJsonSchema } from './specSchema.ts';

const example = readFileSync(new URL('../../../../../examples/pipeline/kernels.yaml', import.meta.url), 'utf8');
const schemaFile = new URL('../../../schema/pipeline-spec.schema.json', import.meta.url);
const isValid = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(specJsonSchema());

const dot = { name: 'dot', clause: 'c', inputs: { x: 'vector', y: 'vector' }, fold: 'total + x * y', from: 0 };
const good = { version: 1, name: 'p', revision: '1', operators: [dot] };
const withOperator = (changes: object) => ({ ...good, operators: [{ ...dot, ...changes }] });

/** What follows "is wrong: " and comes before the fix. */
function faultOf(spec: unknown): string {
  try {
    parseSpec(typeof spec === 'string' ? spec : stringify(spec, { aliasDuplicateObjects: false }), 'x.yaml');
  } catch (error) {
    expect(error).toMatchObject({ code: 'BAD_OPTION' });
    const { message } = error as Error; // it is a BenchlabError
    return (
      /^The specification x\.yaml is wrong: (.*)\. Its format is in docs\/formats\/pipeline-spec\.md\.$/s.exec(
        message,
      )?.[1] ?? message
    );
  }
  return 'nothing';
}

describe('a specification', () => {
  it('is read, with its defaults: the example', () => {
    const { backends, operators } = parseSpec(example, 'kernels.yaml');
    expect(backends).toEqual(['c', 'javascript', 'python']);
    expect(operators.map(({ name, numbers, maturity, from }) => [name, numbers, maturity, from])).toEqual([
      ['dot', 'float64', 'stable', 0],
      ['scaled_sum', 'float64', 'stable', undefined],
      ['clipped', 'float32', 'experimental', undefined],
    ]);
    expect(isValid(parse(example)), JSON.stringify(isValid.errors)).toBe(true);
  });

  it('may be JSON', () => {
    expect(parseSpec(JSON.stringify(good), 'x.json').operators).toHaveLength(1);
    expect(isValid(good)).toBe(true);
  });
});

describe('each key that is wrong is named with its value and what it must be:', () => {
  const missing = (key: string) => Object.fromEntries(Object.entries(good).filter(([name]) => name !== key));
  const lines: readonly [unknown, string][] = [
    ['', 'it is null. It must be an object'],
    [[], 'it is a list of 0. It must be an object'],
    [missing('version'), 'version is missing. It must be 1'],
    [{ ...good, version: 2 }, 'version is 2. It must be 1'],
    [missing('name'), 'name is missing. It must be a text'],
    [
      { ...good, name: 'a b' },
      'name is "a b". It must be 1 to 40 lower-case letters, digits and -, with a letter first',
    ],
    [
      { ...good, name: '../x' },
      'name is "../x". It must be 1 to 40 lower-case letters, digits and -, with a letter first',
    ],
    [missing('revision'), 'revision is missing. It must be a text: put it in quotes'],
    [{ ...good, revision: 1.5 }, 'revision is 1.5. It must be a text: put it in quotes'],
    [{ ...good, revision: 'a/b' }, 'revision is "a/b". It must be 1 to 64 letters, digits and . + _ -'],
    [{ ...good, backends: 'c' }, 'backends is "c". It must be a list'],
    [{ ...good, backends: [] }, 'backends is a list of 0. It must name a backend'],
    [{ ...good, backends: ['rust'] }, 'backends[0] is "rust". It must be one of c, javascript, python'],
    [{ ...good, backends: ['c', 'c'] }, 'backends[1] is there twice'],
    [missing('operators'), 'operators is missing. It must be a list'],
    [{ ...good, operators: [] }, 'operators is a list of 0. It must have an operator'],
    [{ ...good, operators: Array(65).fill(dot) }, 'operators is a list of 65. It must have at most 64 operators'],
    [{ ...good, operators: ['dot'] }, 'operators[0] is "dot". It must be an object'],
    [{ ...good, operators: [dot, dot] }, 'operators[1].name is "dot", which an operator before it has'],
    [{ ...good, operator: [] }, 'operator is not a key (operators is one)'],
    [
      { ...good, '\u001b[31m': 1 },
      '\u001b[31m is not a key (the keys are version, name, revision, backends, operators)',
    ],
    [
      withOperator({ name: 'Dot' }),
      'operators[0].name is "Dot". It must be 1 to 40 lower-case letters, digits and _, with a letter first',
    ],
    [
      withOperator({ name: 'a; rm -rf /' }),
      'operators[0].name is "a; rm -rf /". It must be 1 to 40 lower-case letters, digits and _, with a letter first',
    ],
    [withOperator({ clause: ' ' }), 'operators[0].clause is " ". It must not be empty'],
    [
      withOperator({ clause: 'x'.repeat(10_001) }),
      `operators[0].clause is "${'x'.repeat(100)}". It must have at most 10000 characters`,
    ],
    [withOperator({ maturity: 'ripe' }), 'operators[0].maturity is "ripe". It must be stable or experimental'],
    [withOperator({ numbers: 'int8' }), 'operators[0].numbers is "int8". It must be float64 or float32'],
    [
      withOperator({ inputs: ['x'] }),
      'operators[0].inputs is a list of 1. It must be an object of names with number or vector',
    ],
    [
      withOperator({ inputs: { x: 'matrix', y: 'vector' } }),
      'operators[0].inputs.x is "matrix". It must be number or vector',
    ],
    [
      withOperator({ inputs: { 'x y': 'vector' } }),
      'operators[0].inputs.x y is a name that must be 1 to 40 lower-case letters, digits and _, with a letter first',
    ],
    [withOperator({ inputs: { x: 'number', y: 'number' } }), 'operators[0].inputs has no vector. It must have one'],
    [
      withOperator({ inputs: { total: 'vector', x: 'vector', y: 'vector' } }),
      'operators[0].inputs.total is a name that a fold uses',
    ],
    [
      withOperator({ inputs: Object.fromEntries(Array.from('abcdefgxy', (name) => [name, 'vector'])) }),
      'operators[0].inputs has 9 inputs. It must have at most 8',
    ],
    [
      withOperator({ fold: undefined, from: undefined }),
      'operators[0] has neither each nor fold. It must have one of them',
    ],
    [withOperator({ each: 'x' }), 'operators[0] has each and fold. It must have one of them'],
    [withOperator({ from: undefined }), 'operators[0] has fold without from, its first total'],
    [withOperator({ fold: undefined, each: 'x' }), 'operators[0].from is there without fold'],
    [withOperator({ from: '0' }), 'operators[0].from is "0". It must be a number'],
    [withOperator({ from: Number.NaN }), 'operators[0].from is NaN. It must be a number'],
    [withOperator({ from: Number.POSITIVE_INFINITY }), 'operators[0].from is Infinity. It must be a number'],
    [withOperator({ fold: '' }), 'operators[0].fold is "". It must not be empty'],
    [
      withOperator({ fold: 'x'.repeat(1001) }),
      `operators[0].fold is "${'x'.repeat(100)}". It must have at most 1000 characters`,
    ],
    [
      withOperator({ fold: 'totl + x' }),
      'operators[0].fold is "totl + x": it has "totl", which is not an input (total is one)',
    ],
    [withOperator({ folds: 'x' }), 'operators[0].folds is not a key (fold is one)'],
  ];
  it.each(lines)('%j', (spec, message) => {
    expect(faultOf(spec)).toBe(message);
  });

  it('five at a time', () => {
    const operators = Array.from({ length: 7 }, (_, index) => ({ ...dot, name: `a${index}`, maturity: 'ripe' }));
    expect(faultOf({ ...good, operators })).toMatch(/^operators\[0\].*operators\[4\].*; and 2 more$/);
  });
});

describe('a file is refused', () => {
  it.each<[string, string, string | RegExp]>([
    ['that is not YAML', 'a: [', /^it is not YAML: Flow sequence in block collection must be/],
    ['with a key twice', 'version: 1\nversion: 1', /^it is not YAML: Map keys must be unique/],
    [
      'with aliases, which make a small file large',
      'a: &a [1]\nb: [*a, *a]',
      'it is not YAML: Alias resolution is disabled',
    ],
    ['of two documents', 'a: 1\n---\na: 1', /^it is not YAML: Source contains multiple documents/],
    ['beyond the bound', ' '.repeat(maxSpecBytes + 1), `it has more than ${maxSpecBytes} bytes`],
    ['that is nested very deep', '['.repeat(20_000), /^it /],
  ])('%s', (_, text, message) => {
    expect(faultOf(text)).toMatch(message);
  });
});

it('the published schema is the schema that is checked', async () => {
  await expect(`${JSON.stringify(specJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(schemaFile.pathname);
});

it.each<[string, unknown, boolean]>([
  ['each and fold', withOperator({ each: 'x' }), false],
  ['neither', withOperator({ fold: undefined }), false],
  ['fold without from', withOperator({ from: undefined }), false],
  ['an unknown key', { ...good, more: 1 }, false],
  ['no backends', good, true],
])('the published schema knows a file with %s', (_, spec, isGood) => {
  expect(isValid(JSON.parse(JSON.stringify(spec)))).toBe(isGood);
});
