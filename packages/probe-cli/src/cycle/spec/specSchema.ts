import { z } from 'zod';

// The format of docs/formats/pipeline-spec.md, version 1. schema/pipeline-spec.schema.json is made of it.

/** The largest file, bytes. */
export const maxSpecBytes: number = 256 * 1024;

export type BackendName = 'c' | 'javascript' | 'python';
const backendNames = ['c', 'javascript', 'python'] as const satisfies readonly BackendName[];

// Names become names of files, of functions and of label values: they are words, and short.
const pipelineName = /^[a-z][a-z0-9-]{0,39}$/;
const identifier = /^[a-z][a-z0-9_]{0,39}$/;
const revisionForm = /^[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}$/;

const expression = z
  .string('must be a text')
  .min(1, 'must not be empty')
  .max(1000, 'must have at most 1000 characters');

const inputKind = z.enum(['number', 'vector'], 'must be number or vector');

const operator = z.strictObject(
  {
    name: z
      .string('must be a text')
      .regex(identifier, 'must be 1 to 40 lower-case letters, digits and _, with a letter first')
      .describe('The operator: label `operator`, attribute `operator.name`.'),
    clause: z
      .string('must be a text')
      .trim()
      .min(1, 'must not be empty')
      .max(10_000, 'must have at most 10000 characters')
      .describe('What the operator must do, for people. Signals carry its SHA-256 alone.'),
    maturity: z
      .enum(['stable', 'experimental'], 'must be stable or experimental')
      .default('experimental')
      .describe('How finished the operator is.'),
    numbers: z
      .enum(['float64', 'float32'], 'must be float64 or float32')
      .default('float64')
      .describe('The numbers of IEEE 754 in which every operation is rounded.'),
    inputs: z
      .record(
        z.string().regex(identifier, 'must be 1 to 40 lower-case letters, digits and _, with a letter first'),
        inputKind,
        'must be an object of names with number or vector',
      )
      .describe('Inputs by their names, at least one vector. All vectors have the same length.'),
    each: expression.optional().describe('The result for each element of the vectors.'),
    fold: expression.optional().describe('The next `total`, for one element after the other.'),
    from: z.number('must be a number').optional().describe('The first `total` of a fold.'),
  },
  'must be an object',
);

const specSchema = z.strictObject(
  {
    version: z.literal(1, 'must be 1').describe('Of the format.'),
    name: z
      .string('must be a text')
      .regex(pipelineName, 'must be 1 to 40 lower-case letters, digits and -, with a letter first')
      .describe('The pipeline.'),
    revision: z
      .string('must be a text: put it in quotes')
      .regex(revisionForm, 'must be 1 to 64 letters, digits and . + _ -')
      .describe('The revision that is packaged.'),
    backends: z
      .array(z.enum(backendNames, `must be one of ${backendNames.join(', ')}`), 'must be a list')
      .min(1, 'must name a backend')
      .max(backendNames.length, 'must name each backend once')
      .default([...backendNames])
      .describe('What the operators are lowered to.'),
    operators: z
      .array(operator, 'must be a list')
      .min(1, 'must have an operator')
      .max(64, 'must have at most 64 operators'),
  },
  'must be an object',
);

/** An operator as it is written, with defaults filled in. */
export interface WrittenOperator {
  readonly name: string;
  readonly clause: string;
  readonly maturity: string;
  readonly numbers: 'float64' | 'float32';
  readonly inputs: Readonly<Record<string, 'number' | 'vector'>>;
  readonly each?: string | undefined;
  readonly fold?: string | undefined;
  readonly from?: number | undefined;
}

/** A pipeline as it is written, with defaults filled in. */
export interface WrittenSpec {
  readonly version: 1;
  readonly name: string;
  readonly revision: string;
  readonly backends: readonly BackendName[];
  readonly operators: readonly WrittenOperator[];
}

/** Keys of the whole and of an operator. */
export const specKeys: { readonly whole: readonly string[]; readonly operator: readonly string[] } = {
  whole: Object.keys(specSchema.shape),
  operator: Object.keys(operator.shape),
};

/** A value that has the form of a specification, or what is wrong with it. */
export function checkedSpec(
  value: unknown,
): { readonly spec: WrittenSpec } | { readonly issues: readonly z.core.$ZodIssue[] } {
  const read = specSchema.safeParse(value);
  return read.success ? { spec: read.data } : { issues: read.error.issues };
}

/** The JSON Schema of a file. */
export function specJsonSchema(): Record<string, unknown> {
  const made = z.toJSONSchema(specSchema, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema !== (operator as unknown)) return;
      jsonSchema.oneOf = [{ required: ['each'] }, { required: ['fold', 'from'] }];
    },
  });
  return {
    $schema: made.$schema,
    $id: 'https://benchlab-otel.example/schema/pipeline-spec.schema.json',
    title: 'Pipeline specification',
    description: 'What benchlab-probe cycle lowers, compiles, verifies and packages.',
    ...made,
  };
}
