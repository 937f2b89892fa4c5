import { OptionError, type SpanDefinition } from '@benchlab-otel/core';
import { type Span, SpanKind } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { spans } from '../../test/compileVocabulary.ts';
import { Recorder } from '../../test/recorder.ts';
import { withSpan } from '../api/withSpan.ts';
import { provenanceId } from './provenance.ts';
import { withSpanOf } from './withSpanOf.ts';

const { compileExecute, plannerCall, verifyRun } = spans;

let recorder: Recorder;
beforeEach(() => {
  recorder = Recorder.start();
});
afterEach(() => recorder.stop());

// As from a caller without types, with reports of its own.
const run = (definition: SpanDefinition, attributes: unknown, fn: (span: Span) => unknown = () => 0) =>
  withSpanOf({ ...definition } as SpanDefinition, attributes as Record<string, string>, fn);
const faults = () => recorder.points('benchlab.record.faults');
const compile = { 'backend.name': 'cuda', 'toolchain.binary': 'nvcc', 'host.kind': 'offline' } as const;

test('a span has the name, the kind and the attributes of its definition, and what is set on it later', () => {
  const result = withSpanOf(compileExecute, { ...compile, 'compile.output.sizes': [12, 7] }, (span) => {
    span.setAttribute('process.exit.code', 0);
    return 'built';
  });
  expect(result).toBe('built');
  const span = recorder.span('compile.execute');
  expect(span.kind).toBe(SpanKind.INTERNAL);
  expect(span.attributes).toEqual({ ...compile, 'compile.output.sizes': [12, 7], 'process.exit.code': 0 });
  expect(recorder.troubles).toEqual([]);
});

test('a span whose definition has the kind client is a client span', () => {
  withSpanOf(plannerCall, { 'model.version': '3.3', 'dataset.version': '2025-11' }, () => {});
  expect(recorder.span('planner.call').kind).toBe(SpanKind.CLIENT);
});

test('a missing, unknown or wrong attribute is reported once and counted; the work is done all the same', async () => {
  const attributes = { 'toolchain.binary': 'nvcc', 'host.kind': 'mobile', secret: 1, 'build.cache_hit': 'yes' };
  expect(run(compileExecute, attributes, () => 'built')).toBe('built');
  expect(recorder.span('compile.execute').attributes).toEqual({ 'toolchain.binary': 'nvcc', 'host.kind': '_OTHER' });
  expect(recorder.troubles).toHaveLength(1);
  expect(await faults()).toEqual({
    '{"benchlab.record.fault":"attribute"}': 3,
    '{"benchlab.record.fault":"missing_attribute"}': 1,
  });
});

test.each([
  undefined,
  null,
  'x',
  new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('no');
      },
    },
  ),
])('a span whose attributes cannot be read has no attributes, and the work is done', (attributes) => {
  expect(run(compileExecute, attributes, () => 'built')).toBe('built');
  expect(recorder.span('compile.execute').attributes).toEqual({});
});

test('the code of an error is on the span next to its type, thrown or rejected', async () => {
  const broken = Object.assign(new Error('no space'), { code: 'ENOSPC' });
  expect(() =>
    run(compileExecute, compile, () => {
      throw broken;
    }),
  ).toThrow(broken);
  await expect(
    run(compileExecute, compile, async () => {
      throw Object.assign(new RangeError('x'), { code: 127 });
    }),
  ).rejects.toThrow('x');
  expect(recorder.ended.map(({ attributes }) => [attributes['error.type'], attributes['error.code']])).toEqual([
    ['ENOSPC', 'ENOSPC'],
    ['RangeError', '127'],
  ]);
});

test.each([
  undefined,
  null,
  0,
  'text',
  {},
  { code: {} },
  {
    get code() {
      throw new Error('no');
    },
  },
])('a thrown value without a code reaches the caller unchanged', (thrown) => {
  let caught: unknown = 'nothing';
  try {
    run(compileExecute, compile, () => {
      throw thrown;
    });
  } catch (error) {
    caught = error;
  }
  expect(caught).toBe(thrown);
  expect(recorder.span('compile.execute').attributes).not.toHaveProperty('error.code');
});

test('without an SDK the work is done and nothing is checked', () => {
  recorder.stop();
  expect(run(compileExecute, undefined, () => 'built')).toBe('built');
  expect(recorder.troubles).toEqual([]);
});

test('without a function it throws', () => {
  expect(() => withSpanOf(compileExecute, compile, 'x' as never)).toThrow(OptionError);
  expect(() => withSpanOf(compileExecute, compile, undefined as never)).toThrow(
    'fn of withSpanOf is undefined. It must be a function.',
  );
});

describe('provenance', () => {
  test('a judging span is linked to the span whose work it judges', () => {
    const id = withSpan('codegen', (span) => provenanceId(span));
    withSpanOf(verifyRun, { 'verify.tool': 'cbmc', 'provenance.id': id }, () => {});
    const span = recorder.span('verify.run');
    const { traceId, spanId } = recorder.span('codegen').spanContext();
    expect(span.links.map(({ context }) => `${context.traceId}-${context.spanId}`)).toEqual([`${traceId}-${spanId}`]);
    expect(span.attributes).toEqual({ 'verify.tool': 'cbmc', 'provenance.id': `${traceId}-${spanId}` });
  });

  test.each([
    ['absent', undefined],
    ['empty', ''],
    ['not an id', 'release-7'],
    ['cut off', '4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902'],
    ['too long', '4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7ff'],
    ['in capitals', '4BF92F3577B34DA6A3CE929D0E0E4736-00F067AA0BA902B7'],
    ['all zeros', `${'0'.repeat(32)}-${'0'.repeat(16)}`],
    ['not a text', 7],
  ])('one whose provenance is %s is marked, counted and reported', async (_what, id) => {
    expect(run(verifyRun, { 'verify.tool': 'cbmc', 'provenance.id': id }, () => 'checked')).toBe('checked');
    const span = recorder.span('verify.run');
    expect(span.links).toEqual([]);
    expect(span.attributes).toEqual({ 'verify.tool': 'cbmc', 'provenance.missing': true });
    expect(await faults()).toMatchObject({ '{"benchlab.record.fault":"missing_provenance"}': 1 });
    expect(recorder.troubles).toHaveLength(1);
  });

  test('without an SDK an id does not name a span', () => {
    recorder.stop();
    expect(withSpan('codegen', (span) => provenanceId(span))).toBe(`${'0'.repeat(32)}-${'0'.repeat(16)}`);
  });
});

test('a list of another kind, and half an exit code, are left out', () => {
  const attributes = {
    ...compile,
    'compile.output.hashes': 'ab',
    'compile.output.sizes': [1, 'x'],
    'process.exit.code': 0.5,
  };
  run(compileExecute, attributes);
  expect(recorder.span('compile.execute').attributes).toEqual(compile);
});
