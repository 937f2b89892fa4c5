import { counted } from '@benchlab-otel/analysis';

/** GitHub drops a step summary above 1 MiB. Below that is room for what else the step writes. */
export const maxSummaryBytes: number = 900 * 1024;

/** Bytes for the line that states the cut, and for the end of a block of code. */
const reservedBytes = 1_024;

/**
 * A report in Markdown within `maxBytes`, cut between two lines. A cut is stated, and a block of code that it is in is ended.
 */
export function stepSummary(markdown: string, maxBytes: number): string {
  if (Buffer.byteLength(markdown) <= maxBytes) return markdown;
  const lines = markdown.split('\n');
  const kept: string[] = [];
  let bytes = 0;
  let fence: string | undefined;
  let isInDetails = false;
  for (const line of lines) {
    bytes += Buffer.byteLength(line) + 1;
    if (bytes > maxBytes - reservedBytes) break;
    kept.push(line);
    if (line.startsWith('<details>')) isInDetails = true;
    else if (line === '</details>') isInDetails = false;
    if (line === fence) fence = undefined;
    else if (fence === undefined && /^`{3,}$/.test(line)) fence = line;
  }
  const left = counted(lines.length - kept.length, 'line');
  const end = [
    ...(fence === undefined ? [] : [fence]),
    ...(isInDetails ? ['', '</details>'] : []),
    '',
    `**Cut:** ${left} more would make this summary larger than ${Math.floor(maxBytes / 1024)} KiB. --markdown FILE has all of it.`,
    '',
  ];
  return maxBytes < reservedBytes ? '' : [...kept, ...end].join('\n');
}
