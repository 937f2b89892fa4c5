import { dirname, resolve } from 'node:path';
import type { ProbeFile } from './probeFile.ts';

/** The options of a run that a file can set, too. */
interface FileOptions {
  readonly allowSimulated?: boolean;
  readonly idle?: number;
  readonly calibration?: string;
}

/** The options of a command line with those of a file where the command line has none. Paths in the file are from its folder. */
export function withFile<Options extends FileOptions>(options: Options, { path, energy }: ProbeFile): Options {
  const { calibration, idleMs, allowSimulated } = energy;
  return {
    ...(calibration === undefined ? {} : { calibration: resolve(dirname(path), calibration) }),
    ...(idleMs === undefined ? {} : { idle: idleMs }),
    ...(allowSimulated === undefined ? {} : { allowSimulated }),
    ...options,
  };
}
