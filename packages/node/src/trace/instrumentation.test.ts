import { OptionError } from '@benchlab-otel/core';
import { trace } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import { telemetryRig } from '../start/telemetryRig.suite.ts';
import type { Instrumentation } from './instrumentation.ts';

const { start, warnings } = telemetryRig();

interface Fake extends Instrumentation {
  readonly calls: string[];
}

/** As the base class of OpenTelemetry's instrumentations behaves. */
function fake(name: string, { enabled = true, broken = '' } = {}): Fake {
  const calls: string[] = [];
  const called = (what: string) => {
    calls.push(what);
    if (what === broken) throw new Error('not made for this');
  };
  return {
    calls,
    instrumentationName: name,
    setTracerProvider: (provider) => called(provider === trace.getTracerProvider() ? 'tracer' : 'another tracer'),
    setMeterProvider: () => called('meter'),
    getConfig: () => ({ enabled }),
    enable: () => called('enable'),
    disable: () => called('disable'),
  };
}

it('instrumentations get the providers when telemetry starts, and are disabled when it ends', async () => {
  const [one, two] = [fake('one'), fake('two', { enabled: false })];
  const telemetry = await start({ instrumentations: [one, [two]] });
  expect([one.calls, two.calls]).toEqual([
    ['tracer', 'meter'],
    ['tracer', 'meter', 'enable'],
  ]);
  await telemetry.shutdown();
  expect([one.calls.at(-1), two.calls.at(-1)]).toEqual(['disable', 'disable']);
});

it('one that throws is left out with a line in the log, and the others work', async () => {
  const [broken, good] = [fake('instrumentation-x', { broken: 'tracer' }), fake('good')];
  const telemetry = await start({ instrumentations: [broken, good] });
  expect(good.calls).toEqual(['tracer', 'meter']);
  expect(warnings().map(({ event, msg }) => [event, msg])).toContainEqual([
    'instrumentation.failed',
    'instrumentation-x threw and is left out: not made for this. Check that its version is made for the installed SDK.',
  ]);
  await telemetry.shutdown();
});

it.each([[{}], ['http'], [[class {}]], [[undefined]]])('%j is refused', async (instrumentations) => {
  const starting = start({ instrumentations: instrumentations as never });
  await expect(starting).rejects.toBeInstanceOf(OptionError);
  await expect(starting).rejects.toThrow(/^instrumentations is .* must be/);
});
