import { counted } from '@benchlab-otel/analysis';
import { printable } from '../report/printable.ts';
import { table } from '../report/table.ts';
import { bundleNames } from './bundle/bundle.ts';
import type { EmittedSignals } from './emitted.ts';
import { kernelNameOf } from './pipeline/kernelOutcome.ts';
import { target } from './pipeline/pipelineContext.ts';
import type { PipelineResult } from './pipeline/runPipeline.ts';

export interface CycleReport {
  readonly result: PipelineResult;
  readonly emitted: EmittedSignals;
  /** The folder that was asked for. Undefined where everything was removed at the end. */
  readonly out?: string;
  readonly isKeyOfRun: boolean;
}

/** Words for people, of a reason in the list of kernels. */
const reasons = {
  cannot_lower: 'cannot be lowered',
  missing_toolchain: 'not compiled',
  compile_failed: 'FAILED',
  blocked: 'BLOCKED',
} as const;

/** What a cycle made, and what it emitted. */
export function cycleReport({ result, emitted, out, isKeyOfRun }: CycleReport): string {
  const { spec, plan, kernels, failed } = result;
  const rows = [
    ...kernels.map((kernel) => {
      const { name, variant } = kernelNameOf(kernel);
      return [name, variant, `${kernel.bytes.length} B`, `verified by ${kernel.verifiedBy.join(', ')}`];
    }),
    ...failed.map((kernel) => {
      const { name, variant } = kernelNameOf(kernel);
      return [name, variant, '–', `${reasons[kernel.reason]}: ${kernel.detail}`];
    }),
  ];
  const toolchains = [...plan.toolchains.values(), ...plan.verifiers.values()].map(
    ({ binary, version }) => `${binary} (${version ?? 'no version'})`,
  );
  const missing = plan.missingBinaries.map(({ binary }) => `${binary} is missing`);
  return [
    `benchlab-probe cycle: ${spec.name} ${spec.revision} for ${target}`,
    `toolchains  ${printable([...toolchains, ...missing].join(', '))}`,
    '',
    ...leftAligned(['kernel', 'variant', 'size', 'result'], rows),
    '',
    `bundle      ${bundleLine(result, out, isKeyOfRun)}`,
    `spans       ${countsText(emitted.spans)}`,
    `metrics     ${countsText(emitted.series)}`,
    `log events  ${countsText(emitted.logEvents)}`,
    '',
  ].join('\n');
}

function bundleLine({ bundleBytes, failed }: PipelineResult, out: string | undefined, isKeyOfRun: boolean): string {
  if (bundleBytes === undefined) {
    const [first] = failed.filter(({ reason }) => reason === 'blocked' || reason === 'compile_failed');
    const why = first?.reason === 'blocked' ? 'verification blocked a kernel' : 'a kernel was not compiled';
    return `not made, because ${why}`;
  }
  const where = out === undefined ? 'removed: --out keeps it' : printable(`${out}/${bundleNames.archive}`);
  const key = isKeyOfRun
    ? 'signed with a key made for this run, which shows that it is whole, not where it comes from'
    : 'signed with the key of --key';
  return `${counted(bundleBytes, 'byte')}, ${where}; ${key}; signature checked`;
}

function countsText(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, count]) => `${name} ${count}`).join(', ') || 'none';
}

/** The table of reports has numbers to the right; here the last column is text. */
function leftAligned(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const last = header.length - 1;
  const lines = table(
    header.slice(0, last),
    rows.map((row) => row.slice(0, last)),
  );
  return lines.map(
    (line, index) => `${line}  ${printable(index === 0 ? (header[last] ?? '') : (rows[index - 1]?.[last] ?? ''))}`,
  );
}
