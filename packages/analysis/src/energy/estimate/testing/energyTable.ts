import type { Disturbance } from './disturbance.ts';
import type { BenchCell } from './simulatedBench.ts';

/** A cell of the table with its name and what it has to reach. */
export interface TableCell {
  readonly name: string;
  readonly group: 'plain' | 'all at random' | 'reported';
  readonly cell: BenchCell;
  /** Why the interval of the whole does not have to hold here. */
  readonly knownLimit?: string;
}

/** A meter that averages cancels power that swings faster than about half its rate; calls near its period see it. */
const fastSwing = 'a sine faster than half the rate is cancelled by the averaging';

const callLengths: readonly [string, number][] = [
  ['10 us', 1e-5],
  ['1 ms', 1e-3],
  ['30 ms', 0.03],
  ['0.3 s', 0.3],
  ['10 s', 10],
];
const disturbances: readonly Disturbance[] = ['sine', 'noise', 'steps', 'job', 'both'];

/** All cells of the table. */
export function energyTable(): TableCell[] {
  return [...plainCells(), ...randomCells(), ...reportedCells()];
}

const base = {
  rateHz: 20,
  addedWatts: 0,
  isDithered: false,
  hasMeterErrors: false,
  gaps: 'never',
} as const;

function loadOf(callSeconds: number): Pick<BenchCell, 'callSeconds' | 'runSeconds' | 'duty'> {
  return { callSeconds, runSeconds: callSeconds >= 10 ? 120 : 20, duty: callSeconds >= 10 ? 0.4 : 0.2 };
}

/** Without errors of the meter, so that nothing hides the error of the sampling. */
function plainCells(): TableCell[] {
  return callLengths.flatMap(([call, seconds]) =>
    (['instant', 'mean'] as const).flatMap((meter) =>
      disturbances
        .map((disturbance): TableCell => {
          // Without the dither a job in step with the sampling is invisible: that is reported apart.
          const isDithered = meter === 'instant' && disturbance === 'job';
          const isSwing = meter === 'mean' && seconds === 0.03 && (disturbance === 'sine' || disturbance === 'both');
          return {
            name: `${disturbance}, ${call}, ${meter}${isDithered ? ', dithered' : ''}`,
            group: 'plain',
            ...(isSwing && { knownLimit: fastSwing }),
            cell: {
              ...base,
              ...loadOf(seconds),
              meter,
              disturbance,
              isDithered,
              addedWatts: disturbance === 'noise' || disturbance === 'both' ? 60 : 0,
            },
          };
        })
        .concat({
          name: `sine and gaps, ${call}, ${meter}`,
          group: 'plain',
          ...(meter === 'mean' && seconds === 0.03 && { knownLimit: fastSwing }),
          cell: { ...base, ...loadOf(seconds), meter, disturbance: 'sine', addedWatts: 60, gaps: 'always' },
        }),
    ),
  );
}

/** Gain, offset, step, gaps and added watts drawn at random in each run, as on a real bench. */
function randomCells(): TableCell[] {
  return [10, 20, 100].flatMap((rateHz) =>
    callLengths.flatMap(([call, seconds]) =>
      (['instant', 'mean'] as const).flatMap((meter) =>
        disturbances.map(
          (disturbance): TableCell => ({
            name: `${disturbance}, ${call}, ${meter}, ${rateHz} Hz`,
            group: 'all at random',
            cell: {
              ...loadOf(seconds),
              ...(rateHz === 100 && seconds < 0.3 && { runSeconds: 10 }), // as many samples as 50 s at 20 Hz
              rateHz,
              meter,
              disturbance,
              addedWatts: 'drawn',
              isDithered: meter === 'instant',
              hasMeterErrors: true,
              gaps: 'drawn',
            },
          }),
        ),
      ),
    ),
  );
}

/** What is not in the bars: without the dither, windows without a place, and other special cases. */
function reportedCells(): TableCell[] {
  const cell = (name: string, more: Partial<BenchCell> & { callSeconds: number }): TableCell => ({
    name,
    group: 'reported',
    cell: { ...base, ...loadOf(more.callSeconds), meter: 'instant', disturbance: 'noise', addedWatts: 60, ...more },
  });
  return [
    cell('job, 1 ms, instant, not dithered', { callSeconds: 1e-3, disturbance: 'job' }),
    cell('job every sample, 1 ms, instant, not dithered', { callSeconds: 1e-3, disturbance: 'locked' }),
    cell('job every sample, 1 ms, instant, dithered', { callSeconds: 1e-3, disturbance: 'locked', isDithered: true }),
    cell('noise, 10 us, place not stated', { callSeconds: 1e-5, meter: 'unplaced' }),
    cell('noise, 1 ms, place not stated', { callSeconds: 1e-3, meter: 'unplaced' }),
    cell('noise, 30 ms, place not stated', { callSeconds: 0.03, meter: 'unplaced' }),
    cell('noise, 0.3 s, place not stated', { callSeconds: 0.3, meter: 'unplaced' }),
    cell('noise, 10 us, even rate, mean', { callSeconds: 1e-5, meter: 'mean', isEven: true }),
    cell('noise, 10 us, even rate, instant', { callSeconds: 1e-5, isEven: true }),
    cell('sine, 50 us, 5 s, 100 calls a second, mean', {
      callSeconds: 5e-5,
      meter: 'mean',
      disturbance: 'sine',
      runSeconds: 5,
      duty: 0.005,
    }),
    cell('noise, 0.3 s, watts of calls vary by 80 %', { callSeconds: 0.3, spread: 0.8 }),
    cell('both, 10 us, every call drawn, mean', {
      callSeconds: 1e-5,
      meter: 'mean',
      disturbance: 'both',
      isEachDrawn: true,
    }),
  ];
}
