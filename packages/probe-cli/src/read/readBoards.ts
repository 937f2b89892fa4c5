import type { Sample, SourceLoss } from '@benchlab-otel/core';
import { emulateBoard, hostLoadBench } from '@benchlab-otel/emulator';
import { formatSampleLine } from '@benchlab-otel/wire';
import { exitCode } from '../command/exitCode.ts';
import type { CommandEvents } from '../events/commandEvents.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { untilSignalOr } from '../host/ending.ts';
import { Screen } from '../host/screen.ts';
import { printable } from '../report/printable.ts';
import { sampleTable } from '../report/sampleTable.ts';
import { boardsToRead } from '../run/boardsToRead.ts';
import { type MeterOptions, noBoardToRead, type StartedMeter, startAgentBoards, startMeter } from '../run/meter.ts';

export interface ReadOptions {
  readonly port: readonly string[];
  readonly simulate?: boolean;
  readonly assumeFirmware?: number;
  /** Show the samples of an agent: of the one at this socket, or at the default socket. */
  readonly agent?: string | true;
  readonly rate: number;
  /** False polls boards on time. */
  readonly dither: boolean;
  /** Ends after this, ms. */
  readonly for?: number;
  readonly json?: boolean;
}

/** Shows the readings of the boards until a signal or the end of the time. A board that was lost is trouble. */
export async function readBoards(host: CommandHost, options: ReadOptions, events: CommandEvents): Promise<number> {
  const board = options.simulate ? await emulateBoard({ bench: hostLoadBench() }) : undefined;
  try {
    const open = await meterOpener(board === undefined ? options : { ...options, port: [board.path] });
    const ending = untilSignalOr(options.for, host);
    host.terminal.onClosed(ending.end);
    const view = new SampleView(host, options.json ?? false, events);
    try {
      const meter = await open({
        consumers: [...events.consumers, view],
        ...(options.for === undefined ? {} : { firstSampleMs: options.for }),
      });
      await ending.ended;
      await meter.stop();
    } finally {
      ending.end();
    }
    view.close();
    return view.losses === 0 ? exitCode.pass : exitCode.trouble;
  } finally {
    await board?.close();
  }
}

type Opener = (started: Pick<MeterOptions, 'consumers' | 'firstSampleMs'>) => Promise<StartedMeter>;

/** Looks for the boards, and returns what starts reading them. An agent has found its boards already. */
async function meterOpener({ agent, port, rate, dither, assumeFirmware }: ReadOptions): Promise<Opener> {
  if (agent !== undefined)
    return (started) => startAgentBoards({ ...started, ...(agent === true ? {} : { path: agent }) });
  const wanted = { ports: port, rateHz: rate, dither, ...(assumeFirmware === undefined ? {} : { assumeFirmware }) };
  const { boards, refused } = await boardsToRead(wanted);
  if (boards.length === 0) throw noBoardToRead(refused);
  return (started) => startMeter(boards, { ...wanted, ...started });
}

/** The newest sample of each board as tables, or every sample as a JSON line. */
class SampleView {
  losses = 0;
  readonly #terminal: CommandHost['terminal'];
  readonly #isJson: boolean;
  readonly #screen: Screen;
  readonly #events: CommandEvents;
  readonly #latest = new Map<string, Sample>();

  constructor({ terminal }: CommandHost, isJson: boolean, events: CommandEvents) {
    this.#events = events;
    this.#terminal = terminal;
    this.#isJson = isJson;
    this.#screen = new Screen(terminal, { redrawEveryMs: 200, plainEveryMs: 1000 });
  }

  sample(sample: Sample): void {
    if (!this.#latest.has(sample.source.id)) {
      const { name, simulated } = sample.source;
      this.#events.emit({ event: 'diagnostic', diagnostics: { device: name, simulated } });
    }
    this.#latest.set(sample.source.id, sample);
    if (this.#isJson) this.#terminal.out(`${formatSampleLine(sample)}\n`);
    else this.#screen.show(() => [...this.#latest.values()].flatMap((latest) => [...sampleTable(latest), '']));
  }

  lost({ source, error }: SourceLoss): void {
    this.losses++;
    this.#latest.delete(source.id);
    this.#events.emit({ event: 'diagnostic', diagnostics: { lost_device: source.name, error_type: error.code } });
    this.#terminal.err(`benchlab-probe: ${printable(source.name)} is lost: ${printable(error.message)}\n`);
  }

  close(): void {
    if (!this.#isJson) this.#screen.last();
  }
}
