import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { BenchlabError } from '@benchlab-otel/core';
import { exitCode } from '../command/exitCode.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { table } from '../report/table.ts';
import { prepareOutputFile } from '../run/outputFile.ts';
import type { Footprint, Footprints } from './footprint.ts';
import { claimText, footprintPage, header, row } from './footprintPage.ts';
import { measureRate } from './measureRate.ts';

export interface FootprintOptions {
  /** Default 1, 10 and 50. */
  readonly rates?: readonly number[];
  /** ms. Default a minute. */
  readonly for?: number;
  readonly out?: string;
  readonly json?: boolean;
}

/** `footprint`: measures one rate after the other, and prints what each takes. */
export async function runFootprint(host: CommandHost, options: FootprintOptions): Promise<number> {
  const { terminal } = host;
  const { rates: rateList = [1, 10, 50], for: ms = 60_000 } = options;
  if (!existsSync('/proc/self/status')) {
    throw new BenchlabError('UNSUPPORTED', 'This system has no /proc, which states what processes take.', 'Use Linux.');
  }
  const page = options.out === undefined ? undefined : await prepareOutputFile(options.out, '--out');
  const folder = mkdtempSync(join(tmpdir(), 'benchlab-footprint-'));
  const rates: Footprint[] = [];
  let hasGpu = false;
  try {
    for (const rateHz of rateList) {
      terminal.err(`benchlab-probe: ${rateHz} samples a second: ${Math.round(ms / 1000) + 10} s …\n`);
      const measured = await measureRate(host, { rateHz, ms, folder: join(folder, `${rateHz}`) });
      ({ hasGpu } = measured);
      const { agent, service, bare } = measured;
      rates.push({ rateHz, agent, service, bare });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const seconds = ms / 1000;
  const all: Footprints = { schema: 'benchlab-otel/footprint', version: 1, machine: machine(), seconds, hasGpu, rates };
  await page?.write(footprintPage(all));
  if (options.json) terminal.out(`${JSON.stringify(all)}\n`);
  else terminal.out(`${[...table(header, rates.map(row)), '', claimText(all)].join('\n')}\n`);
  return exitCode.pass;
}

/** What the host is, without its name. */
function machine(): string {
  const gib = Math.round(totalmem() / 2 ** 30);
  const model = cpus()[0]?.model.trim() ?? 'a processor without a name';
  return `${availableParallelism()} cores, ${model}, ${gib} GiB, Node ${process.versions.node}`;
}
