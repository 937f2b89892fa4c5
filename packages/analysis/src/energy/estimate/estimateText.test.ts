import { expect, test } from 'vitest';
import type { EnergyFigure, NoFigureReason } from './energyEstimate.ts';
import { energyText } from './estimateText.ts';

function figureOf(joules: number, half: number): EnergyFigure {
  return {
    joules,
    low: joules - half,
    high: joules + half,
    samplingStderr: half / 2,
    degreesOfFreedom: 50,
    meterNotStated: [],
  };
}

test('a figure has two digits of its half width', () => {
  expect(energyText({ kind: 'figure', ...figureOf(61.23456, 3.2) })).toBe('61.2 J (58.0 to 64.4)');
  expect(energyText({ kind: 'figure', ...figureOf(0.000123, 0.000003) })).toBe('0.0001230 J (0.0001200 to 0.0001260)');
  expect(energyText({ kind: 'figure', ...figureOf(12345.6, 250) })).toBe('12346 J (12096 to 12596)');
});

test('an interval that contains 0 gives no figure in words either', () => {
  const zero = { kind: 'not-different-from-zero', ...figureOf(1.1, 2.3) } as const;
  expect(energyText(zero)).toBe('not different from 0 (-1.2 to +3.4 J)');
  expect(energyText({ ...zero, secondsMore: 39.2 })).toBe(
    'not different from 0 (-1.2 to +3.4 J); 40 s more would tell',
  );
  expect(energyText({ ...zero, secondsMore: 150 })).toContain('; 3 min more would tell');
  expect(energyText({ ...zero, secondsMore: 10_000 })).toContain('; 3 h more would tell');
  expect(energyText({ ...zero, secondsMore: 1e9 })).toBe('not different from 0 (-1.2 to +3.4 J)');
});

test.each<[NoFigureReason, string]>([
  [{ kind: 'no-calls' }, 'no call was in flight'],
  [
    { kind: 'not-covered', coverage: 0.31, needed: 0.95 },
    'samples cover 31 % of the time of the calls, 95 % is needed',
  ],
  [{ kind: 'too-few-samples', samples: 6, needed: 10 }, '6 samples, 10 are needed'],
  [{ kind: 'no-contrast' }, 'the calls run so evenly that they do not stand out from what runs besides'],
  [{ kind: 'inseparable' }, 'these operations always run together, so their parts are not known'],
  [
    { kind: 'window-unplaced', windowSeconds: 0.1 },
    "the calls are about as long as the meter's window of 0.10 s, whose place is not known; " +
      'a calibration that states the aperture of the meter gives a figure (--calibration FILE)',
  ],
  [{ kind: 'too-many-operations', limit: 32 }, 'only the 32 operations with the most time have figures of their own'],
  [{ kind: 'too-wide', halfWidthJoules: 123 }, 'the interval is ± 123 J, more than half of the figure'],
])('the reason $kind is one sentence', (reason, text) => {
  expect(energyText({ kind: 'none', reason })).toBe(text);
  expect(energyText({ kind: 'none', reason, secondsMore: 0.25 })).toBe(`${text}; 0.25 s more would tell`);
});
