import {
  type ComparisonVerdict,
  changeText,
  comparisonJudgement,
  counted,
  figureText,
  isOfEnergy,
} from '@benchlab-otel/analysis';
import { printable } from '../report/printable.ts';
import { short } from './comparedPrograms.ts';
import type { BaselineName, Comparison } from './comparison.ts';
import type { MachineState } from './machineState.ts';

/** The comparison for people: what ran, one line a budget, the change that would have been caught, the machine. */
export function comparisonLines(comparison: Comparison, isSimulated: boolean): readonly string[] {
  const { verdicts, pairs, warmupPairs, baseline, machine } = comparison;
  const width = Math.max(...verdicts.map(({ budget }) => printable(budget.text).length));
  return [
    `compared  ${counted(pairs, 'pair')} after ${counted(warmupPairs, 'pair')} of warm-up, with ${baselineText(baseline)}`,
    ...verdicts.map((verdict) => verdictLine(verdict, width, isSimulated)),
    ...verdicts.flatMap((verdict) => caughtLine(verdict, comparison)),
    `machine   ${machineText(machine)}`,
  ];
}

function baselineText(baseline: BaselineName): string {
  if (baseline.kind === 'command') return printable(baseline.command);
  return `${printable(baseline.ref)} (${short(baseline.commit)})`;
}

function verdictLine(verdict: ComparisonVerdict, width: number, isSimulated: boolean): string {
  const { budget, outcome, candidate, baseline, pairs, leftOut, reason } = verdict;
  const { observed = 'nothing observed' } = comparisonJudgement(verdict);
  const facts = [
    observed,
    ...(candidate === undefined ? [] : [`candidate ${figureText(budget.function, candidate)}`]),
    ...(baseline === undefined ? [] : [`baseline ${figureText(budget.function, baseline)}`]),
    counted(pairs, 'pair'),
    ...(leftOut > 0 ? [`${leftOut} left out without a figure`] : []),
    ...(isSimulated && isOfEnergy(budget) ? ['on simulated readings'] : []),
    ...(reason === undefined ? [] : [printable(reason)]),
  ];
  return `${outcome.toUpperCase().padEnd(12)}  ${printable(budget.text).padEnd(width)}  ${facts.join(', ')}`;
}

function caughtLine({ budget, detectable }: ComparisonVerdict, { maxPairs }: Comparison): readonly string[] {
  if (detectable === undefined) return [];
  const text = printable(budget.text);
  return [
    `caught    ${text}: on this noise, ${changeText(detectable)} would fail in 95 of 100 comparisons of up to ${maxPairs} pairs`,
  ];
}

function machineText({ model, processors, governors, loadBefore, throttled }: MachineState): string {
  return [
    printable(model),
    counted(processors, 'processor'),
    governors.length === 0 ? 'no governor shown' : `governor ${governors.join(', ')}`,
    `load ${loadBefore.toFixed(1)}`,
    throttled === undefined ? 'throttling not shown' : `throttled ${counted(throttled, 'time')}`,
  ].join(', ');
}
