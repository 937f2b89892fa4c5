import {
  numberTestGrammar,
  numberTestPattern,
  seriesTypes,
  spanKinds,
  spanStatuses,
  valueTypes,
} from '@benchlab-otel/analysis';
import { z } from 'zod';
import type { WrittenProbeFile } from './writtenProbeFile.ts';

// The message of each part is what is allowed, as the end of "It must be …". JSON Schema is made of this, too.

/** Entries of a list, and keys of a map, that one file may have. */
const [maxEntries, maxKeys] = [1_000, 128];
/** Characters of names, as many as are kept of the name of a span; and of patterns, commands and paths. */
const [maxName, maxText] = [256, 1_000];

function text(what: string, most = maxName) {
  const allowed = `${what}: a text of 1 to ${most} characters`;
  return z.string(allowed).min(1, allowed).max(most, allowed);
}

function wholeNumber(what: string, least: number, most: number) {
  const allowed = `${what}: a whole number from ${least} to ${most}`;
  return z.number(allowed).int(allowed).min(least, allowed).max(most, allowed);
}

function word<const Word extends string>(words: readonly Word[]) {
  return z.enum(words, `one of ${words.join(', ')}`);
}

function numberTest() {
  const allowed = numberTestGrammar;
  return z.union([z.number(allowed), z.string(allowed).regex(numberTestPattern, allowed)], allowed);
}

function list<Item extends z.ZodType>(item: Item, what: string, least = 0, most = maxEntries) {
  const allowed = `a list of ${what}, ${least} to ${most} of them`;
  return z.array(item, allowed).min(least, allowed).max(most, allowed);
}

function map<Value extends z.ZodType>(value: Value, what: string) {
  const allowed = `a map of ${what}, at most ${maxKeys}`;
  return z
    .record(z.string().min(1).max(maxName), value, allowed)
    .refine((entries) => Object.keys(entries).length <= maxKeys, allowed);
}

const scalar = z.union([z.string().max(maxText), z.number(), z.boolean()], 'a text, a number, true or false');

const valueTest = z.union(
  [
    word(valueTypes),
    z.strictObject(
      {
        type: word(valueTypes).optional().describe('int is a whole number'),
        pattern: text('a regular expression of JavaScript', maxText)
          .optional()
          .describe('A text must match it somewhere: ^ and $ for the whole text'),
        oneOf: list(scalar, 'values', 1, maxKeys).optional().describe('The value is one of these'),
      },
      'a map with type, pattern, oneOf',
    ),
  ],
  `${valueTypes.join(', ')}, or a map with type, pattern, oneOf`,
);

const series = z.strictObject(
  {
    name: text('the name of a family of series on a page of Prometheus')
      .regex(
        /^[a-zA-Z_:][a-zA-Z0-9_:]*$/,
        'a name of Prometheus (letters, digits, _ and :), as it stands on a page: http_requests_total',
      )
      .describe(
        'A counter has _total; a histogram is without _bucket, _sum and _count. The same for OTLP and for a page',
      ),
    type: word(seriesTypes).optional(),
    unit: text('a unit of OpenTelemetry or its word in Prometheus').optional().describe('s or seconds, By or bytes'),
    labels: map(text('the value of a label, or *', maxText), 'labels with their values')
      .optional()
      .describe('Label sets that count have these, and may have others. * stands for any value'),
    atLeast: wholeNumber('how many label sets must be there', 1, 100_000).optional().describe('Default 1'),
    value: numberTest().optional().describe('Of each label set: of a histogram or summary its count'),
    delta: numberTest().optional().describe('How much all label sets together grew during the run'),
  },
  'a map with name',
);

const status = word(spanStatuses);

const span = z.strictObject(
  {
    name: text('the name of a span'),
    count: numberTest().optional().describe('Default >= 1. With == 0 no such span may arrive, while others do'),
    kind: word(spanKinds).optional(),
    status: z
      .union(
        [status, list(status, spanStatuses.join(', '), 1, 3)],
        `one of ${spanStatuses.join(', ')}, or a list of them`,
      )
      .optional(),
    parent: text('the name of the span right above').optional(),
    root: z.literal(true, 'true, or left out').optional().describe('It has no span above it'),
    attributes: map(valueTest, 'attributes').optional().describe('Each of the spans has them'),
    provenance: z
      .literal(true, 'true, or left out')
      .optional()
      .describe('provenance.id names a span that arrived, or that is linked'),
  },
  'a map with name',
);

const log = z.strictObject(
  {
    event: text('the name of a log event').describe('EventName of OTLP, or the attribute event.name or event'),
    atLeast: wholeNumber('how many records must arrive', 1, 100_000).optional().describe('Default 1'),
    fields: map(valueTest, 'fields').optional().describe('Each of the records has them'),
    within: text('the name of a span').optional().describe('The record is written in this span or below it'),
  },
  'a map with event',
);

const baseline = z.strictObject(
  {
    command: text('a command line', maxText).optional().describe('The program to compare with, a line for the shell'),
    ref: text('a branch, tag or commit of git').optional().describe('The state of this repository to compare with'),
    prepare: text('a command line', maxText).optional().describe('Builds in each tree, before the first run'),
    warmup: wholeNumber('how many pairs are not counted', 0, 100).optional(),
    margin: z
      .number('a number above 1, up to 10')
      .gt(1, 'a number above 1, up to 10')
      .max(10, 'a number above 1, up to 10')
      .optional()
      .describe('How much slower still counts as equal: 1.05'),
  },
  'a map with command or ref',
);

const energy = z.strictObject(
  {
    calibration: text('the path of a JSON file', maxText)
      .optional()
      .describe('What is known of the meter. From the folder of this file'),
    idle: text('a time from 1s to 10m').optional().describe('The bench is measured at rest for this time'),
    allowSimulated: z.boolean('true or false').optional().describe('Energy of an emulated board may be judged'),
  },
  'a map with calibration, idle, allowSimulated',
);

/** The form of `probe.yaml`. */
export const probeSchema: z.ZodType<WrittenProbeFile> = z.strictObject(
  {
    version: z.literal(1, '1'),
    series: list(series, 'families of series').optional(),
    spans: list(span, 'spans').optional(),
    logs: list(log, 'log events').optional(),
    budgets: list(text('a budget', maxText), 'budgets')
      .optional()
      .describe('Limits on latency, energy and counts, also with the baseline: p95(checkout) < 1.05 x baseline'),
    baseline: baseline.optional(),
    energy: energy.optional(),
  },
  'a map with version, series, spans, logs, budgets, baseline, energy',
);
