import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FileText, type HostFiles, hostFiles } from '../host/files.ts';

/** What one path of a recorded tree is. */
type Entry = { readonly text: string } | { readonly link: string } | { readonly problem: Problem };
type Problem = Exclude<FileText['kind'], 'text'>;

/** A recorded /proc and /sys: what there was at first, and what had changed later. */
export interface HostTree {
  readonly first: ReadonlyMap<string, Entry>;
  readonly later: ReadonlyMap<string, Entry>;
}

/** The machines in fixtures/host, see the README there. */
export const machines = ['vm', 'gpu-h100', 'gpu-h200', 'desktop', 'server'] as const;

export function machineTree(name: (typeof machines)[number]): HostTree {
  const path = fileURLToPath(new URL(`../../fixtures/host/${name}.tree.txt`, import.meta.url));
  return parseTree(readFileSync(path, 'utf8'));
}

/** The format is in fixtures/host/README.md. */
export function parseTree(text: string): HostTree {
  const [first = '', later = ''] = text.split(/^== later\n/m);
  return { first: entries(first), later: entries(later) };
}

function entries(section: string): Map<string, Entry> {
  const found = new Map<string, Entry>();
  for (const block of section.split(/^@ /m).slice(1)) {
    const end = block.indexOf('\n');
    const [path = '', mark, target = ''] = block.slice(0, end).split(' ');
    if (mark === '->') found.set(path, { link: target });
    else if (mark === '!') found.set(path, { problem: target as Problem });
    else found.set(path, { text: block.slice(end + 1) });
  }
  return found;
}

/** A recorded tree in a real folder, read by the real code. Files that could not be read when it was recorded cannot be read now. */
export class UnpackedTree {
  readonly root: string;
  readonly #problems = new Map<string, Problem>();

  constructor(root: string, tree: ReadonlyMap<string, Entry>) {
    this.root = root;
    this.apply(tree);
  }

  apply(tree: ReadonlyMap<string, Entry>): void {
    for (const [path, entry] of tree) {
      const real = join(this.root, path);
      mkdirSync(dirname(real), { recursive: true });
      if ('link' in entry) symlinkSync(entry.link, real);
      else this.write(path, 'text' in entry ? entry.text : '');
      if ('problem' in entry) this.fail(path, entry.problem);
    }
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.root, path), text);
  }

  remove(path: string): void {
    rmSync(join(this.root, path), { recursive: true });
  }

  /** From now on the file cannot be read, under any path. Undefined: it can be read again. */
  fail(path: string, problem: Problem | undefined): void {
    if (problem === undefined) this.#problems.delete(path);
    else this.#problems.set(path, problem);
  }

  files(): HostFiles {
    const real = hostFiles(this.root);
    return {
      ...real,
      space: () => ({ total: 500e9, free: 150e9, available: 125e9 }),
      read: (path) => {
        const target = real.resolve(path);
        // A descriptor of a device that has gone reads nothing in /sys, where one of a deleted file still would here.
        if (target === undefined) return { kind: 'absent' };
        const problem = this.#problems.get(target);
        return problem === undefined ? real.read(path) : { kind: problem };
      },
    };
  }
}
