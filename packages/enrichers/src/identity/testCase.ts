import { type Enricher, textOption } from '@benchlab-otel/core';
import { type Attributes, type Context, context, createContextKey } from '@opentelemetry/api';

/** A test that runs. */
export interface TestCase {
  readonly name: string;
  /** The file or the group that it belongs to. */
  readonly suite?: string;
}

const key = createContextKey('benchlab-otel test case');

/**
 * Runs `work` as a test: spans that start in it, log lines and events carry its name and suite, where `testCase()` is among
 * the enrichers. Returns and throws what `work` does.
 *
 * @throws OptionError when the name or the suite is not a text
 * @example await withTestCase({ name: 'pays', suite: 'checkout' }, () => checkout.pay());
 */
export function withTestCase<T>(test: TestCase, work: () => T): T {
  const { name, suite } = Object(test) as Partial<TestCase>;
  textOption('name', name);
  if (suite !== undefined) textOption('suite', suite);
  return context.with(context.active().setValue(key, { ...test }), work);
}

/**
 * Puts the test that runs on spans, log lines and events: `test.case.name` and `test.suite.name`. Metrics have neither, because
 * each test would be a series of its own.
 *
 * @example const telemetry = await startTelemetry({ enrichers: [testCase()] });
 */
export function testCase(): Enricher {
  return {
    name: 'test-case',
    signals: ['log', 'event'],
    spanStarted(span, parent) {
      span.setAttributes(attributesIn(parent));
    },
    fields: () => attributesIn(context.active()),
  };
}

function attributesIn(of: Context): Attributes {
  const test = of.getValue(key) as TestCase | undefined; // only `withTestCase` sets it
  if (test === undefined) return {};
  return { 'test.case.name': test.name, ...(test.suite !== undefined && { 'test.suite.name': test.suite }) };
}

/** What Vitest knows of a test: the part of its `task` that is used here. */
export interface VitestTask {
  readonly name: string;
  readonly suite?: { readonly name: string } | undefined;
  readonly file?: { readonly name: string } | undefined;
}

/**
 * For Vitest, in a file of `setupFiles`: each test, and what it awaits, runs as its case. The suite is the group with the
 * file before it.
 *
 * @example aroundEach(vitestCase);
 */
export function vitestCase<T>(runTest: () => T, { task }: { readonly task: VitestTask }): T {
  const suite = [task.file?.name, task.suite?.name].filter(Boolean).join(' > ');
  return withTestCase({ name: task.name, ...(suite !== '' && { suite }) }, runTest);
}

/** The part of the context of `node:test` that is used here. */
export interface NodeTestContext {
  readonly name: string;
  readonly fullName?: string;
  readonly filePath?: string | undefined;
}

/**
 * For `node:test`: a test that runs as its case. The suite is its file, where Node states it.
 *
 * @example test('pays', nodeTestCase(async (t) => { await checkout.pay(); }));
 */
export function nodeTestCase<C extends NodeTestContext, T>(fn: (t: C) => T): (t: C) => T {
  return (t) => {
    const suite = t.filePath;
    return withTestCase({ name: t.fullName ?? t.name, ...(suite && { suite }) }, () => fn(t));
  };
}
