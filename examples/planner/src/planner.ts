import { pathToFileURL } from 'node:url';
import type { ArtifactStore } from '@benchlab-otel/enrichers';
import { checkArtefact } from '@benchlab-otel/node';
import { spans, withModel } from '@benchlab-otel/presets';
import { withSpanOf } from '@benchlab-otel/sdk';
import { callModel, traceHeaders } from './callModel.ts';
import type { Made } from './executor.ts';
import { dataset, model } from './versions.ts';

export interface PlannerParts {
  readonly aiUrl: string;
  readonly executorUrl: string;
  readonly artifacts: ArtifactStore;
}

/** A kernel that was verified. */
export interface Verified {
  readonly operator: string;
  readonly score: number;
  readonly reportHash: string | undefined;
}

const versions = { 'model.version': model.version, 'dataset.version': dataset.version };
/** What each kernel must give for (1, 2, 3) and (4, 5, 6). */
const expected: Readonly<Record<string, unknown>> = { dot: 32, scaled_sum: [6, 9, 12], clipped: [1, 1, 1] };

/** Plans with the model, lets the executor make each kernel, and verifies them: one trace over both processes. */
export function plan({ aiUrl, executorUrl, artifacts }: PlannerParts): Promise<readonly Verified[]> {
  return withModel({ model: model.name, version: model.version, dataset }, () =>
    withSpanOf(spans.plannerCall, { ...versions, 'dataset.name': dataset.name }, async () => {
      const operators = (await callModel(aiUrl, 'Write a plan.')).split('\n');
      const verified: Verified[] = [];
      for (const operator of operators)
        verified.push(await verify(operator, await execute(executorUrl, operator), artifacts));
      return verified;
    }),
  );
}

function execute(url: string, operator: string): Promise<Made> {
  return withSpanOf(spans.executorCall, versions, async () => {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify({ operator }), headers: traceHeaders() });
    if (!response.ok) throw new Error(`The executor failed: ${await response.text()}`);
    return (await response.json()) as Made; // our own process
  });
}

/** Refuses a file that differs from its stamp, compares one result, and keeps the report as evidence for a year. */
async function verify(operator: string, { file }: Made, artifacts: ArtifactStore): Promise<Verified> {
  const { provenance } = await checkArtefact(file);
  const judged = { 'verify.tool': 'one example', 'provenance.id': provenance, 'operator.name': operator };
  return withSpanOf(spans.verifyRun, judged, async (span) => {
    const { href } = pathToFileURL(file);
    const { kernel } = (await import(href)) as { kernel: (a: number[], b: number[]) => unknown };
    const result = kernel([1, 2, 3], [4, 5, 6]);
    const score = JSON.stringify(result) === JSON.stringify(expected[operator]) ? 1 : 0;
    span.setAttributes({ 'verify.score': score, 'verify.blocked': score < 1 });
    const report = await artifacts.keep('report', `${operator} gave ${JSON.stringify(result)}: score ${score}\n`);
    const until = new Date(Date.now() + 365 * 86_400_000);
    if (report !== undefined) await artifacts.hold(report.sha256, { until, reason: `verification of ${operator}` });
    return { operator, score, reportHash: report?.sha256 };
  });
}
