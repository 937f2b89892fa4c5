import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import type { SessionHost } from '../folder/sessionFile.ts';

/** What can be known of this host without a device. Graphics cards come with their samples. */
export function hostFacts(): SessionHost {
  const processor = cpus()[0]?.model.trim();
  const board = ['board_vendor', 'board_name'].map((name) => textOf(`/sys/class/dmi/id/${name}`)).filter(Boolean);
  return {
    ...(processor ? { processor } : {}),
    memoryBytes: totalmem(),
    kernel: release(),
    ...(board.length > 0 ? { board: board.join(' ') } : {}),
  };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim().slice(0, 200);
  } catch {
    return ''; // a container, or a host without firmware tables
  }
}
