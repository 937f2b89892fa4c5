import { existsSync } from 'node:fs';
import { type LineEnd, LineServer, type LineServerCounts, readLines } from '@benchlab-otel/wire';
import { exitCode } from '../command/exitCode.ts';
import type { CommandEvents } from '../events/commandEvents.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { untilSignalOr } from '../host/ending.ts';
import { printable } from '../report/printable.ts';

export interface TailOptions {
  readonly input: string;
  readonly to: string;
  readonly unprotected?: boolean;
  readonly maxReaders: number;
}

/** Time between two checks whether the source is there, ns. */
const lookEveryNs = 0.5e9;
/** Time between two reports of what was dropped, ns. */
const reportEveryNs = 60e9;

/** Serves the lines of `input` at `to` until a signal, or until the input has ended. */
export async function runTail(host: CommandHost, options: TailOptions, events: CommandEvents): Promise<number> {
  const { input, to, unprotected = false, maxReaders } = options;
  const { terminal, clock } = host;
  const server = new LineServer(to, { unprotected, maxReaders, option: '--to' });
  const source = readLines(input === '-' ? host.input.stream() : input, { name: input, clock });
  const ending = untilSignalOr(undefined, host);
  const isPath = !/^(?:-$|unix:|udp:)/.test(input);
  const report = new DropReport(server, (line) => terminal.err(line));
  let lines = 0;
  let failure: unknown;
  let cancel = (): void => undefined;
  const every = (ns: number, call: () => void): void => {
    const next = () => {
      call();
      cancel = clock.at(clock.nowNs() + ns, next);
    };
    cancel = clock.at(clock.nowNs() + ns, next);
  };
  try {
    await server.start();
    terminal.err(`The lines of ${input} are served at ${server.address}.\n`);
    if (isPath) await thereOr(ending.ended, input, host);
    every(reportEveryNs, () => report.write());
    const consumer = {
      line: (text: string) => {
        lines++;
        server.push(text);
        return undefined;
      },
      rejected: ({ reason }: { readonly reason: string }) => terminal.err(`${input}: ${printable(reason)}\n`),
      ended: ({ error }: LineEnd) => {
        failure = error;
        ending.end();
      },
    };
    if (!isPath || existsSync(input)) await source.start(consumer);
    await ending.ended;
  } finally {
    cancel();
    ending.end();
    await source.stop();
    await server.stop();
    report.write();
    events.emit({ event: 'served', metrics: { lines, ...countsOf(server.counts) } });
  }
  if (failure !== undefined) throw failure;
  return exitCode.pass;
}

/** Resolves when there is a file of this name, or with `ended`. An application may make its FIFO later than this starts. */
async function thereOr(ended: Promise<void>, path: string, { terminal, clock }: CommandHost): Promise<void> {
  if (existsSync(path)) return;
  terminal.err(`There is no ${path} yet: waiting for it.\n`);
  let cancel = (): void => undefined;
  const there = new Promise<void>((resolve) => {
    const look = () => {
      if (existsSync(path)) resolve();
      else cancel = clock.at(clock.nowNs() + lookEveryNs, look);
    };
    look();
  });
  await Promise.race([there, ended]);
  cancel();
}

/** Writes what readers missed, when there is more than at the last time. */
class DropReport {
  readonly #server: LineServer;
  readonly #write: (line: string) => void;
  #last = '';

  constructor(server: LineServer, write: (line: string) => void) {
    this.#server = server;
    this.#write = write;
  }

  write(): void {
    const text = textOf(this.#server.counts);
    if (text === this.#last) return;
    this.#last = text;
    this.#write(`${text}\n`);
  }
}

function countsOf({ dropped, refusedLines, refusedReaders }: LineServerCounts): Readonly<Record<string, number>> {
  const { too_many, too_slow, not_silent } = refusedReaders;
  return { dropped_lines: dropped, refused_lines: refusedLines, refused_readers: too_many + too_slow + not_silent };
}

function textOf({ dropped, refusedLines, refusedReaders }: LineServerCounts): string {
  const { too_many, too_slow, not_silent } = refusedReaders;
  const parts = [
    [dropped, 'lines dropped for readers that were too slow'],
    [refusedLines, 'lines refused: longer than 64 KiB'],
    [too_many, 'readers refused: more than --max-readers'],
    [too_slow, 'readers disconnected: too slow'],
    [not_silent, 'readers disconnected: they wrote'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`)
    .join('; ');
}
