import type { HostFiles } from './files.ts';

const maxPathBytes = 1024;
const [operationsAt, lengthAt, wordBytes] = [0, 1, 8];

/** Which file a thread reads, in memory that its parent sees too: a thread that hangs can no longer say it. */
export class FilePlace {
  readonly shared: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #path: Buffer;

  constructor(shared: SharedArrayBuffer = new SharedArrayBuffer(wordBytes + maxPathBytes)) {
    this.shared = shared;
    this.#words = new Int32Array(shared, 0, 2);
    this.#path = Buffer.from(shared, wordBytes, maxPathBytes);
  }

  /** Empty: the thread reads nothing now. */
  enter(path: string): void {
    Atomics.store(this.#words, lengthAt, this.#path.write(path));
    Atomics.add(this.#words, operationsAt, 1);
  }

  /** Changes with each file. */
  get operations(): number {
    return Atomics.load(this.#words, operationsAt);
  }

  get path(): string {
    return this.#path.toString('utf8', 0, Atomics.load(this.#words, lengthAt));
  }
}

/**
 * Files that state where they are, and that leave out what hung before.
 *
 * @param answered called with each path once it has answered
 */
export function watchedFiles(
  files: HostFiles,
  place: FilePlace,
  isLeftOut: (path: string) => boolean,
  answered: (path: string) => void,
): HostFiles {
  const inside = <Result>(path: string, instead: Result, read: () => Result): Result => {
    if (isLeftOut(path)) return instead;
    place.enter(path);
    const result = read();
    answered(path);
    return result;
  };
  return {
    read: (path) => inside(path, { kind: 'broken' }, () => files.read(path)),
    list: (path) => inside(path, [], () => files.list(path)),
    resolve: (path) => inside(path, undefined, () => files.resolve(path)),
    space: (path) => inside(path, undefined, () => files.space(path)),
    close: (folder) => files.close(folder),
  };
}
