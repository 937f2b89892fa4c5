import { type Finding, type Severity, severityOrder } from './findings.ts';
import type { InputView } from './inputStates.ts';
import type { SeriesView } from './view.ts';

/**
 * What was found in facts, what is wrong with inputs, and what is slower than the baseline: the worst first.
 *
 * @param atMs the end of what is shown
 */
export function findingViews(
  found: readonly Finding[],
  inputs: readonly InputView[],
  series: readonly SeriesView[],
  atMs: number,
): readonly Finding[] {
  const now = (severity: Severity, text: string, node: string, count = 1): Finding => ({
    severity,
    text,
    node,
    firstMs: atMs,
    lastMs: atMs,
    count,
  });
  const slower = series.flatMap(({ series: { name, node }, delta }) => {
    if (delta?.word !== 'slower' || delta.p95Ratio === undefined) return [];
    const change = `${Math.round((delta.p95Ratio - 1) * 100)} % slower than the baseline`;
    return [now('bad', `${name}: p95 is ${change} (n ${delta.n} against ${delta.baselineN})`, node)];
  });
  const troubles = inputs.flatMap(({ name, node, condition, reason, refused, clock }) => [
    ...(reason === undefined ? [] : [now('warn', `${name}: ${condition}. ${reason}`, node)]),
    ...(refused === undefined
      ? []
      : [now('warn', `${name}: lines refused, the latest: ${refused.reason}`, node, refused.count)]),
    ...(clock === 'unknown'
      ? [now('note', `${name}: its clock is of another host, so its times count from their arrival`, node)]
      : []),
  ]);
  return [...slower, ...troubles, ...found].sort((a, b) => severityOrder[a.severity] - severityOrder[b.severity]);
}
