import { InvalidArgumentError } from 'commander';
import { type Command, defineCommand } from '../command/command.ts';
import { duration } from '../command/duration.ts';
import { switchFlag, textFlag, valueFlag } from '../command/flag.ts';

/** From the first seconds of a process nothing follows for a day. */
const shortestMs = 5_000;

/** `1,10,50` */
function rates(given: string): readonly number[] {
  const values = given
    .split(',')
    .map((each) => (/^[0-9]+(?:\.[0-9]+)?$/.test(each.trim()) ? Number(each) : Number.NaN));
  if (values.length <= 5 && values.every((value) => value >= 1 && value <= 100)) return values;
  throw new InvalidArgumentError('Write one to five numbers from 1 to 100: 1,10,50.');
}

function measuredTime(given: string): number {
  const ms = duration(given);
  if (ms >= shortestMs) return ms;
  throw new InvalidArgumentError(`Write a time of at least ${shortestMs / 1000}s: 60s.`);
}

export const footprint: Command = defineCommand({
  name: 'footprint',
  summary: 'measure what the agent and the SDK take of this host: memory, processor, network, disk',
  options: {
    rates: valueFlag('--rates <list>', 'samples a second, one run each; 1,10,50 by default', rates),
    for: valueFlag('--for <duration>', 'measure each rate for this time, after 10 s; 60s by default', measuredTime),
    out: textFlag('--out <file>', 'write the table as a page of Markdown too'),
    json: switchFlag('--json', 'one JSON object, instead of a table'),
  },
  help: {
    text: `
Starts an agent that reads an emulated board, this host and its GPUs, records sessions with the frames of an emulated pipeline, and is
scraped each 15 s; and a small service that makes spans at the same rate, with and without telemetry. All of them are processes of
their own. Their memory and processor time are those of the kernel (/proc); the emulated board is not part of it. Days are computed
from the measured time.`,
    exitCodes: ['pass', 'trouble', 'usage'],
    examples: ['footprint', 'footprint --rates 10 --for 10m', 'footprint --out footprint.md'],
  },
  async run(host, options) {
    const { runFootprint } = await import('../footprint/runFootprint.ts');
    return runFootprint(host, options);
  },
});
