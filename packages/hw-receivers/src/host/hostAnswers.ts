import { SampleNumbers } from '../thread/numberedSamples.ts';
import type { HostFiles } from './files.ts';
import type { HostDevices } from './hostDevices.ts';
import { HostReader } from './hostReader.ts';
import type { HostReply, HostRequest } from './messages.ts';
import { type FilePlace, watchedFiles } from './watchedFiles.ts';

/** The answers of the thread: what it reads of the host, as messages. */
export class HostAnswers {
  readonly #reader: HostReader;
  readonly #numbers = new SampleNumbers();
  readonly #place: FilePlace;
  readonly #files: HostFiles;
  #leftOut: readonly string[] = [];
  /** Files that hung before, and whether they answer now. */
  #tried = new Map<string, boolean>();

  constructor(devices: HostDevices, files: HostFiles, place: FilePlace, nowNs: () => number) {
    this.#place = place;
    const isLeftOut = (path: string) => this.#leftOut.some((unit) => path === unit || path.startsWith(`${unit}/`));
    const answered = (path: string) => {
      if (this.#tried.has(path)) this.#tried.set(path, true);
    };
    this.#files = watchedFiles(files, place, isLeftOut, answered);
    this.#reader = new HostReader(devices, this.#files, nowNs);
  }

  answer({ kind, leftOut, tried }: HostRequest): HostReply {
    this.#leftOut = leftOut;
    this.#tried = new Map(tried.map((path) => [path, false]));
    const reply = kind === 'host' ? this.#host() : this.#power();
    const answered = tried.filter((path) => this.#tried.get(path) || this.#isGone(path));
    this.#place.enter('');
    return { ...reply, answered };
  }

  close(): void {
    this.#reader.close();
  }

  /** A device that was unplugged never answers. Its folder is looked for, and nothing in it is opened. */
  #isGone(path: string): boolean {
    return this.#files.resolve(path) === undefined;
  }

  #host(): Omit<HostReply, 'answered'> {
    const { samples, lost, problems, hasPower } = this.#reader.read();
    return { numbered: this.#numbers.encode(samples, lost), problems, hasPower };
  }

  #power(): Omit<HostReply, 'answered'> {
    const { samples, problem, marks } = this.#reader.readPower();
    const base = { numbered: this.#numbers.encode(samples, []), problems: [], hasPower: true, ...(marks && { marks }) };
    if (problem === undefined) return base;
    const { code, message, fix } = problem;
    return { ...base, powerProblem: { code, what: message.slice(0, -fix.length).trimEnd(), fix } };
  }
}
