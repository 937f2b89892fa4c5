import { realpathSync } from 'node:fs';
import { messageOf, OptionError } from '@benchlab-otel/core';
import { baselineOf, type DashboardInput, Feed, recordedLine, replayInput } from '@benchlab-otel/dashboard';
import { Dashboard, type Fact } from '@benchlab-otel/dashboard/model';
import { formatRecordingHeader, type LineWriter, writeLines } from '@benchlab-otel/wire';
import type { CommandHost } from '../host/commandHost.ts';
import { builtKernels } from '../live/builtKernels.ts';
import { liveInputs } from '../live/liveInputs.ts';
import type { TuiCommandOptions } from './tuiOptions.ts';

/** A dashboard with its inputs, before they start. */
export interface OpenFeed {
  readonly dashboard: Dashboard;
  readonly feed: Feed;
  /** Writes what waits for the recording. Safe repeated. */
  close(): Promise<void>;
}

type FeedOptions = Pick<TuiCommandOptions, 'input' | 'baseline' | 'kernels' | 'record' | 'replay' | 'speed'>;

/**
 * @param isFollowed false: what is recorded now is read once
 * @throws BenchlabError for an input, a baseline, a list of kernels or a recording that cannot be used
 */
export async function openFeed(host: CommandHost, options: FeedOptions, isFollowed = true): Promise<OpenFeed> {
  const inputs = inputsOf(host, options, isFollowed);
  const { baseline, kernels, record } = options;
  const dashboard = new Dashboard({
    ...(baseline === undefined ? {} : { baseline: await baselineOf(baseline, host.clock) }),
    ...(kernels === undefined ? {} : { kernels: await builtKernels(kernels) }),
  });
  const recording = record === undefined ? undefined : await openRecording(host, record, options.input);
  const feed = new Feed(dashboard, inputs, recording === undefined ? {} : { taken: recording.taken });
  return { dashboard, feed, close: async () => recording?.close() };
}

function inputsOf(host: CommandHost, options: FeedOptions, isFollowed: boolean): readonly DashboardInput[] {
  if (options.replay !== undefined) return [replayInput(options.replay, options.speed, host.clock)];
  return liveInputs(host, options.input, 'Write --input telemetry.jsonl, --input agent, or --replay FILE.', isFollowed);
}

async function openRecording({ clock, terminal }: CommandHost, path: string, inputs: readonly string[]) {
  const own = realPath(path);
  if (own !== undefined && inputs.some((input) => realPath(input.replace(/^[^/=]*=/, '')) === own)) {
    throw new OptionError({ option: '--record', value: path, allowed: 'another file than the inputs' });
  }
  const anchor = clock.anchor();
  const writer: LineWriter = await writeLines(path, {
    option: '--record',
    notice: (dropped) =>
      JSON.stringify({
        timestamp: new Date().toISOString(),
        component: 'benchlab-probe',
        event: 'dropped',
        diagnostics: { dropped_events: dropped },
      }),
    failed: (error) => terminal.err(`${path} was not written any more: ${messageOf(error)}\n`),
  });
  writer.push(formatRecordingHeader(clock));
  return {
    taken(fact: Fact) {
      const line = recordedLine(fact, anchor);
      if (line !== undefined) writer.push(line);
    },
    async close() {
      writer.flushSync();
      await writer.close();
    },
  };
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
