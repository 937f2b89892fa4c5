import { readFile } from 'node:fs/promises';

export interface Instruction {
  /** `FROM`, `RUN` … */
  readonly name: string;
  /** What follows, on one line. */
  readonly text: string;
}

/** The instructions of a Containerfile in their order. */
export async function instructions(path: string): Promise<readonly Instruction[]> {
  const text = (await readFile(path, 'utf8')).replace(/^#.*\n/gm, '').replace(/\\\n\s*/g, '');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
      return { name, text: rest.trim() };
    });
}
