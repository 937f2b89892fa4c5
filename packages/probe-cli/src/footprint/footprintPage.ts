import type { Footprint, Footprints } from './footprint.ts';

/** What benchlab-linux-telemetry asks of a host: cores, bytes of memory, bytes of disk for 90 days. */
const claim = { cores: 2, memoryBytes: 4e9, diskBytes: 50e9, days: 90 } as const;

/** The header of the table. */
export const header: readonly string[] = [
  'samples a second',
  'agent, MiB',
  '% of a core',
  'scrapes, MB/h',
  'samples, MB/day',
  '90 days of them, GB',
  'with frames, MB/day',
  '90 days, GB',
  'service, MiB',
  '% of a core',
  'of it SDK, MiB',
  '% of a core',
];

/** One row for a rate. */
export function row({ rateHz, agent, service, bare }: Footprint): readonly string[] {
  return [
    String(rateHz),
    mebibytes(agent.rssBytes),
    agent.cpuPercent.toFixed(1),
    (agent.networkBytesAnHour / 1e6).toFixed(1),
    (agent.sampleBytesADay / 1e6).toFixed(0),
    (diskOfSamples(agent) / 1e9).toFixed(1),
    ((agent.sampleBytesADay + agent.stageBytesADay + agent.rowBytesADay) / 1e6).toFixed(0),
    (diskOfAll(agent) / 1e9).toFixed(1),
    mebibytes(service.rssBytes),
    service.cpuPercent.toFixed(1),
    mebibytes(service.rssBytes - bare.rssBytes),
    (service.cpuPercent - bare.cpuPercent).toFixed(1),
  ];
}

/** What the largest rate takes of what benchlab-linux-telemetry asks for. */
export function claimText({ rates }: Footprints): string {
  const worst = (of: (each: Footprint) => number) => Math.max(...rates.map(of));
  const cpu = worst(({ agent }) => agent.cpuPercent) / claim.cores;
  const memory = worst(({ agent }) => agent.rssBytes) / claim.memoryBytes;
  const samples = worst(({ agent }) => diskOfSamples(agent)) / claim.diskBytes;
  const all = worst(({ agent }) => diskOfAll(agent)) / claim.diskBytes;
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  return (
    `benchlab-linux-telemetry asks for ${claim.cores} cores, 4 GB of memory and 50 GB of disk for ${claim.days} days. Of that the ` +
    `agent takes at most ${cpu.toFixed(1)} % of the cores, ${percent(memory)} of the memory and ${percent(samples)} of the disk; ` +
    `with the frames of a pipeline that runs all day ${percent(all)} of the disk.`
  );
}

/** docs/footprint.md */
export function footprintPage(footprints: Footprints): string {
  const { machine, seconds, hasGpu } = footprints;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return `# Footprint

What the agent and the SDK take of a host. \`benchlab-probe footprint --out docs/footprint.md\` writes this page; run it on yours.

Measured on: ${machine}. Each rate for ${seconds} s, after 10 s.

${line(header)}
${line(header.map(() => '---:'))}
${footprints.rates.map((each) => line(row(each))).join('\n')}

${claimText(footprints)}

- **agent**: reads an emulated board, this host${hasGpu ? ' and its GPU' : ', which has no GPU,'} at the rate, each within its own bounds (a host at most 10
  times a second), records sessions with the frames of a pipeline, 30 a second, and shows its metrics. Memory is VmRSS; Node alone is part of it.
- **scrapes**: the bodies of its metrics page, each 15 s, not compressed.
- **disk**: raw lines of a day as they are packed (gzip), and with the frames of a pipeline their rows of latency too. In 90 days:
  raw lines of 7 days, and rows of all, which are packed once the raw lines are gone, as \`[retention]\` has it by default. Computed from the measured time. \`quota_gb\` bounds it.
- **service**: a program that works for about a millisecond at the rate, each time in a span with its energy, and takes the samples of the
  agent. The last two columns are the difference to the same program without telemetry.
`;
}

const rawDays = 7;

function diskOfSamples({ sampleBytesADay }: Footprint['agent']): number {
  return sampleBytesADay * rawDays;
}

function diskOfAll(agent: Footprint['agent']): number {
  const { stageBytesADay, rowBytesADay, keptBytesADay } = agent;
  return diskOfSamples(agent) + (stageBytesADay + rowBytesADay) * rawDays + keptBytesADay * (claim.days - rawDays);
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
