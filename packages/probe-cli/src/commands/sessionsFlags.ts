import { duration } from '../command/duration.ts';
import { type Flag, repeatedFlag, valueFlag } from '../command/flag.ts';
import { stagePair } from '../command/valueParsers.ts';

// What the commands of sessions share.

export const pairFlag: ReturnType<typeof repeatedFlag<ReturnType<typeof stagePair>>> = repeatedFlag(
  '--pair <from:to>',
  'two stages, may be repeated; neighbours by default',
  stagePair,
);

export const windowFlag: Flag<number | undefined> = valueFlag(
  '--window <duration>',
  'the longest time between two stages: a frame that takes longer was dropped; 2s by default',
  duration,
  { sets: 'windowMs' },
);

export const partFlags: { readonly from: Flag<number | undefined>; readonly to: Flag<number | undefined> } = {
  from: valueFlag('--from <duration>', 'leave out what is before this time of the session: 10s', duration),
  to: valueFlag('--to <duration>', 'leave out what is after this time of the session: 70s', duration),
};

export const howPaired = `
Frames are paired by their id; where a line has none, by trace (pairing "trace"); where lines have neither, by order of time:
pairing "fifo", which is wrong once a frame was dropped. Power is that of the whole bench when a frame reached the first stage, between the samples around it; across a
gap and after the last sample there is none.`;
