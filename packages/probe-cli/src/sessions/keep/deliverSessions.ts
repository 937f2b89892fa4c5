import type { WantedPair } from '@benchlab-otel/analysis';
import { counted } from '@benchlab-otel/analysis';
import { messageOf } from '@benchlab-otel/core';
import {
  checkedApplication,
  type DeliveredFile,
  deliverSession,
  deliveryOf,
  type ListedSession,
  listSessions,
  readSession,
  watchedFiles,
} from '@benchlab-otel/session';
import { exitCode } from '../../command/exitCode.ts';
import type { CommandHost } from '../../host/commandHost.ts';
import { untilSignalOr } from '../../host/ending.ts';
import { printable } from '../../report/printable.ts';
import { dataRootOf } from '../record/dataRoot.ts';
import { alignOptions } from '../sessionOptions.ts';

export interface DeliverOptions {
  readonly dataRoot?: string;
  readonly to: string;
  readonly application: string;
  readonly pair: readonly WantedPair[];
  /** Deliver what is closed now, and end. */
  readonly once?: boolean;
}

/** Time between two looks for closed sessions, ns; after a failure it grows up to the longest. */
const [lookEveryNs, longestWaitNs] = [5e9, 300e9];

/** `sessions deliver`: puts tables of each closed session into a folder that CapFrameX watches. */
export async function deliverSessions(host: CommandHost, options: DeliverOptions): Promise<number> {
  checkedApplication(options.application);
  const { terminal, clock } = host;
  const deliverer = new Deliverer(host, options);
  const report = (problem: string) => terminal.err(`benchlab-probe: ${printable(problem)}\n`);
  if (options.once) {
    const problem = await deliverer.round();
    if (problem !== undefined) report(problem);
    return problem === undefined ? exitCode.pass : exitCode.trouble;
  }
  const ending = untilSignalOr(undefined, host);
  let [cancel, waitNs, isEnding] = [(): void => undefined, lookEveryNs, false];
  let reported: string | undefined;
  let running: Promise<void> = Promise.resolve();
  const look = () => {
    running = deliverer.round().then((problem) => {
      if (problem !== undefined && problem !== reported) report(problem);
      reported = problem;
      waitNs = problem === undefined ? lookEveryNs : Math.min(waitNs * 2, longestWaitNs);
      if (!isEnding) cancel = clock.at(clock.nowNs() + waitNs, look);
    });
  };
  look();
  await ending.ended;
  isEnding = true;
  cancel();
  await running;
  return exitCode.pass;
}

class Deliverer {
  readonly #host: CommandHost;
  readonly #options: DeliverOptions;
  /** Sessions without lines, or that cannot be read: they are reported once, and not read again while they stay as they are. */
  readonly #skipped = new Map<string, number>();

  constructor(host: CommandHost, options: DeliverOptions) {
    this.#host = host;
    this.#options = options;
  }

  /** Delivers what is closed. Returns what kept it from doing so. */
  async round(): Promise<string | undefined> {
    const { to, dataRoot } = this.#options;
    const root = dataRootOf(dataRoot, this.#host.environment);
    let problem: string | undefined;
    for (const session of await listSessions(root).catch((error) => {
      problem = messageOf(error);
      return [];
    })) {
      const isDue = session.standing === 'closed' && this.#skipped.get(session.folder) !== session.closedMs;
      if (!isDue || (await deliveryOf(session.folder, to)) !== undefined) continue;
      const files = await this.#filesOf(session);
      if (files === undefined) continue;
      try {
        const nowMs = Number(this.#host.clock.anchor().epochNs / 1_000_000n);
        await deliverSession(session.folder, to, files, nowMs);
        this.#host.terminal.out(`${printable(session.folder)}: ${counted(files.length, 'file')} in ${printable(to)}\n`);
      } catch (error) {
        // The folder is away: the other sessions would find the same.
        return messageOf(error);
      }
    }
    return problem;
  }

  async #filesOf(session: ListedSession): Promise<readonly DeliveredFile[] | undefined> {
    const { application, pair } = this.#options;
    try {
      const read = await readSession(session.folder, alignOptions({ pair }));
      return watchedFiles(read, session.name, { application, closedMs: session.closedMs });
    } catch (error) {
      this.#skipped.set(session.folder, session.closedMs);
      this.#host.terminal.err(
        `benchlab-probe: not delivered: ${printable(`${session.folder}: ${messageOf(error)}`)}\n`,
      );
      return undefined;
    }
  }
}
