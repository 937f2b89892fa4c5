import { expect, it } from 'vitest';
import { type AlertRule, checkedRules } from './alertRule.ts';
import { AlertStates } from './alertStates.ts';

const rule = (more: Partial<AlertRule> = {}): AlertRule => ({
  name: 'Hot',
  series: 'hw_temperature_celsius',
  when: '> 90',
  severity: 'warning',
  summary: 'It is hot.',
  ...more,
});
const states = (...rules: AlertRule[]) => new AlertStates(checkedRules('alerts.rules', rules));
const at = (value: number, labels: Record<string, string> = { hw_id: 'a' }) => ({
  name: 'hw_temperature_celsius',
  labels,
  value,
});

it('fires after its time, once for each series, and is resolved when the condition does not hold', () => {
  const alerts = states(rule({ forMs: 10_000 }));
  alerts.look([at(95), at(50, { hw_id: 'b' })], 0);
  expect(alerts.firing).toEqual([]);
  alerts.look([at(96), at(99, { hw_id: 'b' })], 10e9);
  expect(alerts.firing.map(({ labels, value }) => [labels, value])).toEqual([
    [{ hw_id: 'a', alertname: 'Hot', severity: 'warning' }, 96],
  ]);
  alerts.look([at(90), at(99, { hw_id: 'b' })], 20e9);
  expect(alerts.firing.map(({ labels }) => labels.hw_id)).toEqual(['b']);
});

it('begins its time again after a look at which the condition did not hold, or the series was missing', () => {
  const alerts = states(rule({ forMs: 10_000 }));
  alerts.look([at(95)], 0);
  alerts.look([], 5e9);
  alerts.look([at(95)], 10e9);
  expect(alerts.firing).toEqual([]);
  alerts.look([at(95)], 20e9);
  expect(alerts.firing).toHaveLength(1);
});

it('fires for a series that is absent, with the labels that it was looked for with', () => {
  const alerts = states(rule({ when: 'absent', labels: { hw_id: 'b' } }));
  alerts.look([at(1)], 0);
  expect(alerts.firing[0]).toMatchObject({ labels: { hw_id: 'b', alertname: 'Hot' }, value: undefined });
  alerts.look([at(1), at(1, { hw_id: 'b', more: 'x' })], 1);
  expect(alerts.firing).toEqual([]);
});

it.each([
  ['> 90', [91], [90, 89]],
  ['>= 90', [90], [89]],
  ['< -1.5', [-2], [-1.5, 0]],
  ['<=1e3', [1000], [1001]],
  ['== 1', [1], [0, Number.NaN]],
  ['!= 0', [1, -1], [0]],
])('%s holds for %j and not for %j', (when, yes, no) => {
  const firing = (value: number) => {
    const alerts = states(rule({ when }));
    alerts.look([at(value)], 0);
    return alerts.firing.length === 1;
  };
  expect(yes.map(firing)).toEqual(yes.map(() => true));
  expect(no.map(firing)).toEqual(no.map(() => false));
});

it('keeps 500 alerts, and counts the others', () => {
  const alerts = states(rule());
  alerts.look(
    Array.from({ length: 503 }, (_, index) => at(95, { hw_id: `${index}` })),
    0,
  );
  expect([alerts.firing.length, alerts.dropped]).toEqual([500, 3]);
});

it.each([
  [[], 'alerts.rules is a list of 0.'],
  [[rule(), rule()], 'alerts.rules is "Hot". It must be a list of rules, each with a name of its own.'],
  [[rule({ name: 'a b' })], 'alerts.rules[0].name'],
  [[rule({ series: 'hw.temperature' })], 'alerts.rules[0].series'],
  [[rule({ when: 'hot' })], 'alerts.rules[0].when is "hot". It must be absent, or a comparison'],
  [[rule({ when: '> x' })], 'alerts.rules[0].when'],
  [[rule({ forMs: -1 })], 'alerts.rules[0].forMs'],
  [[rule({ severity: 'page' as never })], 'alerts.rules[0].severity'],
  [[rule({ summary: ' ' })], 'alerts.rules[0].summary'],
  [[rule({ runbook: 'wiki' })], 'alerts.rules[0].runbook'],
  [[rule({ labels: { a: 1 } as never })], 'alerts.rules[0].labels'],
  [[{ ...rule(), wehn: '> 1' }], 'the nearest option is when'],
])('refuses wrong rules (case %#)', (rules, message) => {
  expect(() => checkedRules('alerts.rules', rules)).toThrow(message);
});
