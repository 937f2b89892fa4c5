import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { checkedEvent } from './checkedEvent.ts';

const defaults = { timestamp: '2025-11-11T14:30:00.000Z', component: 'service' };
const schema = JSON.parse(readFileSync(new URL('../../schema/runtime-event.schema.json', import.meta.url), 'utf8'));
const isValid = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

const full = {
  timestamp: '2025-11-11T14:30:00.5Z',
  component: 'run_inference',
  event: 'completion',
  metrics: { tokens_per_second: 42.5, power_watts: 180, power_simulated: true, energy_joules: 12.5, tokens: 512 },
  diagnostics: { kernel_variant: 'gpu-cuda', missing_artifact: 'model.gguf', error_type: 'TypeError', exit: 1 },
  context: { correlation_id: 'run-1', trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16), tenant: { id: 7 } },
  'tenant.id': 'acme',
};

describe('checkedEvent', () => {
  it('keeps every field of a whole event, also unknown ones', () => {
    expect(checkedEvent(full, defaults)).toEqual({ event: full, faults: [] });
    expect(isValid(full)).toBe(true);
  });

  it('fills in time and component', () => {
    expect(checkedEvent({ event: 'launch' }, defaults)?.event).toEqual({ ...defaults, event: 'launch' });
  });

  it.each([undefined, null, 'launch', [], {}, { event: '' }, { event: 7 }, { event: 'x'.repeat(201) }])(
    'does not accept %j as an event',
    (given) => {
      expect(checkedEvent(given, defaults)).toBeUndefined();
    },
  );

  it.each<[string, object, string[]]>([
    ['a time that is not one', { timestamp: 'now' }, ['timestamp']],
    ['a time in another zone', { timestamp: '2025-11-11T14:30:00+01:00' }, ['timestamp']],
    ['a thirteenth month', { timestamp: '2025-13-11T14:30:00Z' }, ['timestamp']],
    ['a component that is not a text', { component: 5 }, ['component']],
    ['metrics that are not an object', { metrics: [1] }, ['metrics']],
    ['a metric that is not a number', { metrics: { a: Number.NaN, b: 'x', c: 1 } }, ['metrics.a', 'metrics.b']],
    ['a kernel that is not a text', { diagnostics: { kernel_variant: 7, other: 7 } }, ['diagnostics.kernel_variant']],
    ['an id that is empty', { context: { correlation_id: '' } }, ['context.correlation_id']],
    ['a context that is null', { context: null }, ['context']],
    [
      'a trace id that is not one',
      { context: { trace_id: 'A'.repeat(32), span_id: 'b' } },
      ['context.trace_id', 'context.span_id'],
    ],
    [
      'a flag as a number',
      { metrics: { power_simulated: 1, power_watts: true } },
      ['metrics.power_simulated', 'metrics.power_watts'],
    ],
    [
      'energy that is negative, or not a number',
      { metrics: { energy_joules: -1, power_watts: 1 } },
      ['metrics.energy_joules'],
    ],
    [
      'a number of dropped events that is not whole',
      { diagnostics: { dropped_events: 0.5 } },
      ['diagnostics.dropped_events'],
    ],
  ])('leaves %s out, names it, and writes what the schema accepts', (_what, fields, faults) => {
    const checked = checkedEvent({ event: 'x', ...fields }, defaults);
    expect(checked?.faults).toEqual(faults);
    expect(isValid(checked?.event), JSON.stringify(isValid.errors)).toBe(true);
  });
});

it('the schema refuses lines that are not events', () => {
  for (const bad of [
    {},
    { ...full, event: '' },
    { ...full, timestamp: 'now' },
    { ...full, metrics: { a: 'x' } },
    { ...full, diagnostics: { kernel_variant: 7 } },
    { ...full, context: { trace_id: 'x' } },
  ]) {
    expect(isValid(bad), JSON.stringify(bad)).toBe(false);
  }
});
