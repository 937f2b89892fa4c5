import type { Sample } from '@benchlab-otel/core';
import { emulateBoard, hostLoadBench } from '@benchlab-otel/emulator';
import { formatSampleLine } from '@benchlab-otel/wire';
import { exitCode } from '../exitCode.ts';
import { printable } from '../report/printable.ts';
import { sampleTable } from '../report/sampleTable.ts';
import { boardsToRead } from '../run/boardsToRead.ts';
import { type FoundBoards, noBoard, startAgentMeter, startMeter } from '../run/meter.ts';
import { Screen } from './screen.ts';
import type { Terminal } from './terminal.ts';
import { untilSignalOr } from './until.ts';

export interface ReadOptions {
  readonly port: readonly string[];
  readonly simulate?: boolean;
  readonly assumeFirmware?: number;
  /** Show what an agent reads: the one at this socket, or where agents are by default. */
  readonly agent?: string | true;
  readonly rate: number;
  readonly for?: number;
  readonly json?: boolean;
}

/** An agent has found its boards already. */
const noBoards: FoundBoards = { boards: [], refused: [] };

/** `benchlab-probe read`: what the boards say, until it is interrupted or the time is over. A board that was lost is trouble. */
export async function read(options: ReadOptions, terminal: Terminal): Promise<number> {
  const board = options.simulate ? await emulateBoard({ bench: hostLoadBench() }) : undefined;
  try {
    const wanted = {
      ports: board === undefined ? options.port : [board.path],
      rateHz: options.rate,
      ...(options.assumeFirmware === undefined ? {} : { assumeFirmware: options.assumeFirmware }),
    };
    const { boards, refused } = options.agent === undefined ? await boardsToRead(wanted) : noBoards;
    if (boards.length === 0 && options.agent === undefined) throw noBoard(refused);

    const ending = untilSignalOr(options.for);
    terminal.onClosed(ending.end);
    const screen = new Screen(terminal, { redrawEveryMs: 200, plainEveryMs: 1000 });
    const latest = new Map<string, Sample>();
    let losses = 0;
    const lines = () => [...latest.values()].flatMap((sample) => [...sampleTable(sample), '']);
    const consumer = {
      sample(sample: Sample) {
        latest.set(sample.source.id, sample);
        if (options.json) terminal.out(`${formatSampleLine(sample)}\n`);
        else screen.show(lines);
      },
      lost({ source, error }: { source: Sample['source']; error: Error }) {
        losses++;
        latest.delete(source.id);
        terminal.err(`benchlab-probe: ${printable(source.name)} is lost: ${printable(error.message)}\n`);
      },
    };
    try {
      const started = {
        consumers: [consumer],
        ...(options.for === undefined ? {} : { firstSampleMs: options.for }),
      };
      const meter = await (options.agent === undefined
        ? startMeter(boards, { ...wanted, ...started })
        : startAgentMeter({ ...started, ...(options.agent === true ? {} : { path: options.agent }) }));
      await ending.ended;
      await meter.stop();
    } finally {
      ending.end();
    }
    if (!options.json) screen.last();
    return losses === 0 ? exitCode.pass : exitCode.trouble;
  } finally {
    await board?.close();
  }
}
