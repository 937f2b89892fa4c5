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
  #leftOut: readonly string[] = [];

  constructor(devices: HostDevices, files: HostFiles, place: FilePlace, nowNs: () => number) {
    this.#place = place;
    const isLeftOut = (path: string) => this.#leftOut.some((unit) => path === unit || path.startsWith(`${unit}/`));
    this.#reader = new HostReader(devices, watchedFiles(files, place, isLeftOut), nowNs);
  }

  answer({ kind, leftOut }: HostRequest): HostReply {
    this.#leftOut = leftOut;
    const reply = kind === 'host' ? this.#host() : this.#power();
    this.#place.enter('');
    return reply;
  }

  close(): void {
    this.#reader.close();
  }

  #host(): HostReply {
    const { samples, lost, problems, hasPower } = this.#reader.read();
    return { numbered: this.#numbers.encode(samples, lost), problems, hasPower };
  }

  #power(): HostReply {
    const { samples, problem, marks } = this.#reader.readPower();
    const base = { numbered: this.#numbers.encode(samples, []), problems: [], hasPower: true, ...(marks && { marks }) };
    if (problem === undefined) return base;
    const { code, message, fix } = problem;
    return { ...base, powerProblem: { code, what: message.slice(0, -fix.length).trimEnd(), fix } };
  }
}
