import { type Flag, textFlag } from './flag.ts';

export const telemetryOutFlag: Flag<string | undefined> = textFlag(
  '--telemetry-out <file>',
  'write runtime events as JSON Lines, to the end of a file or to a FIFO',
);
