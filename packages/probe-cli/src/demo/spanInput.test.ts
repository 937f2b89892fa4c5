import { systemClock } from '@benchlab-otel/core';
import type { Fact } from '@benchlab-otel/dashboard/model';
import { expect, it } from 'vitest';
import type { MeasuredSpan } from '../run/liveEnergy.ts';
import { SpanInput } from './spanInput.ts';

const startNs = systemClock.nowNs();
/** A span from `at` ms on for `ms`. The rest of a received span is not read. */
function measured(traceId: string, name: string, at: number, ms: number, more: object = {}): MeasuredSpan {
  const span = {
    traceId,
    name,
    startNs: startNs + at * 1e6,
    endNs: startNs + (at + ms) * 1e6,
    failed: false,
    attributes: {},
  };
  const energy = { roles: { system: { joules: ms } }, source: { simulated: true } };
  return { span: { ...span, ...more }, energy } as unknown as MeasuredSpan;
}

async function started() {
  const facts: Fact[] = [];
  const input = new SpanInput('spans', 'demo', systemClock);
  await input.start({ fact: (fact) => facts.push(fact), changed: () => undefined, found: () => undefined });
  return { input, facts };
}

it('makes a launch and a completion of each span of a trace, once its first span has ended', async () => {
  const { input, facts } = await started();
  input.add([
    measured('a', 'charge', 2, 3, { parentSpanId: 'x', failed: true, attributes: { 'error.type': 'Declined' } }),
  ]);
  expect(facts).toEqual([]);
  input.add([measured('a', 'checkout', 1, 5)]);

  expect(facts).toMatchObject([
    { component: 'checkout', event: 'launch', run: 'a' },
    { component: 'checkout', event: 'completion', energyJoules: 5, simulated: true },
    { component: 'charge', event: 'launch', run: 'a' },
    { component: 'charge', event: 'completion', energyJoules: 3, errorType: 'Declined' },
  ]);
  expect((facts[1]?.timeMs ?? 0) - (facts[0]?.timeMs ?? 0)).toBeCloseTo(5, 2);
});

it('shows the oldest of more than 1,000 traces without their first span, and leaves out energy that was not measured', async () => {
  const { input, facts } = await started();
  for (let at = 0; at <= 1_000; at++) input.add([measured(`t${at}`, 'charge', at, 1, { parentSpanId: 'x' })]);
  expect(facts.map((fact) => fact.kind === 'event' && fact.run)).toEqual(['t0', 't0']);
  const { span } = measured('b', 'checkout', 0, 1);
  input.add([{ span, energy: { roles: {}, source: { simulated: false } } } as unknown as MeasuredSpan]);
  expect(facts.at(-1)).toEqual({
    kind: 'event',
    node: 'demo',
    component: 'checkout',
    run: 'b',
    event: 'completion',
    timeMs: expect.any(Number),
  });
});
