import { attribute } from '@benchlab-otel/core';
import { describe, expect, it } from 'vitest';
import { parseRelativeBudget } from '../budget/relativeBudget.ts';
import { figure, span, summary } from '../operations/example.suite.ts';
import { summariseOperations } from '../operations/operations.ts';
import { type RunFigures, runFigure } from './runFigure.ts';

const spans = [
  span('checkout', 0, 100),
  span('checkout', 200, 400, { failed: true }),
  span('checkout', 500, 800),
  span('instant', 5, 5),
];
const run: RunFigures = { operations: summariseOperations(spans), spansAreMissing: false, watts: { system: 61.5 } };

function figureOf(text: string, more: Partial<RunFigures> = {}) {
  return runFigure(parseRelativeBudget(text), { ...run, ...more });
}

describe('the figure of a run', () => {
  it.each([
    ['p50(checkout) < baseline', 0.2],
    ['p90(checkout) < baseline', 0.3],
    ['max(checkout) < baseline', 0.3],
    ['mean(checkout) < baseline', 0.2],
    ['errors(checkout) < baseline', 1 / 3],
  ])('for %s', (text, value) => {
    expect(figureOf(text)).toEqual({ value: expect.closeTo(value, 9), calls: 3 });
  });

  it('needs the kind of span where a name has several kinds', () => {
    const operations = summariseOperations([span('pay', 0, 100, { kind: 1 }), span('pay', 0, 900, { kind: 2 })]);

    expect(figureOf('max(pay, server) < baseline', { operations })).toMatchObject({ value: 0.1 });
    expect(figureOf('max(pay, client) < baseline', { operations })).toMatchObject({ value: 0.9 });
    expect(figureOf('max(pay) < baseline', { operations })).toMatchObject({
      missing: expect.stringMatching(
        /several operations have this name; write pay, (client or pay, server|server or pay, client)/,
      ),
    });
  });

  it('of watts is that of its rails', () => {
    expect(figureOf('watts() < baseline')).toEqual({ value: 61.5, calls: 0 });
    expect(figureOf('watts(gpu) < baseline')).toEqual({
      missing: 'samples of the gpu rails do not cover it',
      isGap: true,
    });
  });

  it('of joules is a call on the rails asked for, or a unit of work', () => {
    const attributes = { [attribute.energyUnit]: 'token', [attribute.energyUnits]: 50 };
    const energies = new Map([['chat', summary(1, figure(100, 2))]]);
    const operations = summariseOperations([span('chat', 0, 1000, { attributes })], energies);

    expect(figureOf('joules(chat) < baseline', { operations })).toEqual({ value: 100, calls: 1 });
    expect(figureOf('joules(chat) < baseline/token', { operations })).toEqual({ value: 2, calls: 1 });
    expect(figureOf('joules(chat) < baseline/frame', { operations })).toEqual({
      missing: 'its calls state the unit "token", not "frame"',
      isGap: false,
    });
    expect(figureOf('joules(chat, cpu) < baseline', { operations })).toMatchObject({ isGap: true });
  });

  it('is a gap where the meter left one', () => {
    const gap = { kind: 'none', reason: { kind: 'not-covered', coverage: 0.5, needed: 0.95 } } as const;
    const operations = summariseOperations([span('chat', 0, 1000)], new Map([['chat', summary(1, gap)]]));

    expect(figureOf('joules(chat) < baseline', { operations })).toEqual({
      missing: expect.stringContaining('samples cover 50 %'),
      isGap: true,
    });
  });
});

describe('there is no figure', () => {
  it('for an operation that did not come, with the nearest names', () => {
    expect(figureOf('p95(chekout) < baseline')).toEqual({
      missing: 'it sent no span named "chekout"; did you mean checkout?; what arrived: checkout, instant',
      isGap: false,
    });
    expect(figureOf('p95(a) < baseline', { operations: [] })).toEqual({ missing: 'it sent no span', isGap: false });
  });

  it('where spans are missing, and where it is 0 and has no ratio', () => {
    expect(figureOf('p95(checkout) < baseline', { spansAreMissing: true })).toEqual({
      missing: 'spans that it sent are missing from its figures',
      isGap: false,
      spansAreMissing: true,
    });
    expect(figureOf('p95(instant) < baseline')).toEqual({
      missing: 'its figure is 0, which has no ratio',
      isGap: false,
    });
    expect(figureOf('errors(instant) < baseline')).toEqual({ value: 0, calls: 1 });
  });
});
