import type { AddedEnergy, OperationSummary, RoleEnergySummary, WholeEnergy } from '@benchlab-otel/analysis';
import { dividedEnergy, energyText, moreTimeText, percent, toHalfWidth } from '@benchlab-otel/analysis';
import { type EnergyRole, energyRoles } from '@benchlab-otel/core';
import { shortened } from './printable.ts';
import { table } from './table.ts';

/** The role that the table is about: the whole system where it is measured. */
export function shownRole(operations: readonly OperationSummary[]): EnergyRole | undefined {
  return energyRoles.find((role) => operations.some(({ energy }) => energy?.roles[role] !== undefined));
}

/** The energy of operations: a row each, and for each dash the reason. Empty without a meter. */
export function energyTable(operations: readonly OperationSummary[]): readonly string[] {
  const role = shownRole(operations);
  if (role === undefined) return [];
  const of = ({ energy }: OperationSummary) => energy?.roles[role];
  const hasActive = operations.some((operation) => of(operation)?.active !== undefined);
  const hasWork = operations.some(({ work }) => work !== undefined);
  const header = [
    role === 'system' ? 'energy' : `energy of ${role}`,
    ...['J/call', '± 95 %', 'total J', '± 95 %', 'coverage', 'method'],
    ...(hasWork ? ['a unit of work'] : []),
    ...(hasActive ? ['active J/call'] : []),
    'added J/call',
  ];
  const rows = operations.map((operation) => {
    const energy = of(operation);
    const calls = operation.energy?.calls ?? 0;
    if (energy === undefined) return [shortened(operation.label), ...header.slice(1).map(() => '-')];
    const { whole, added, active } = energy;
    return [
      shortened(operation.label),
      ...figureCells(dividedEnergy(whole, calls)),
      ...figureCells(whole),
      percent(energy.coverage),
      whole.kind === 'none' ? '-' : energy.method,
      ...(hasWork ? [workCell(operation, whole)] : []),
      ...(hasActive ? [withInterval(active && dividedEnergy(active, calls))] : []),
      withInterval(dividedEnergy(added, calls)),
    ];
  });
  return [...table(header, rows), ...reasons(operations, of)];
}

function figureCells(energy: WholeEnergy): readonly string[] {
  if (energy.kind === 'none') return ['-', '-'];
  const half = (energy.high - energy.low) / 2;
  return [toHalfWidth(energy.joules, half), toHalfWidth(half, half)];
}

function workCell({ work }: OperationSummary, whole: WholeEnergy): string {
  if (work === undefined || whole.kind === 'none') return '-';
  const [joules, half] = figureCells(dividedEnergy(whole, work.units));
  return `${joules} ± ${half} J/${work.unit}`;
}

function withInterval(energy: AddedEnergy | undefined): string {
  if (energy === undefined || energy.kind === 'none') return '-';
  if (energy.kind === 'figure') return figureCells(energy).join(' ± ');
  // How much longer would tell stands below the table.
  const { secondsMore, ...figure } = energy;
  return energyText(figure);
}

/** Why there are dashes, and what would help: a line for each reason with the operations that it holds for. */
function reasons(
  operations: readonly OperationSummary[],
  of: (operation: OperationSummary) => RoleEnergySummary | undefined,
): readonly string[] {
  const named = new Map<string, string[]>();
  for (const operation of operations) {
    const energy = of(operation);
    const found = energy === undefined ? { reason: unmetered } : reasonOf(energy, operation.energy?.calls ?? 0);
    if (found === undefined) continue;
    const { what = '', reason } = found;
    const names = named.get(`${what}\n${reason}`) ?? [];
    named.set(`${what}\n${reason}`, [...names, shortened(operation.label)]);
  }
  return [...named].map(([key, names]) => {
    const [what, reason] = key.split('\n');
    return `-  ${what}${names.join(', ')}: ${reason}`;
  });
}

const unmetered = 'no sample of its meter falls on its calls, or they took no time';

function reasonOf(
  { whole, added }: RoleEnergySummary,
  calls: number,
): { readonly what?: string; readonly reason: string } | undefined {
  if (whole.kind === 'none') return { reason: energyText(dividedEnergy(whole, calls)) };
  if (added.kind === 'figure') return undefined;
  const reason = added.kind === 'none' ? energyText(dividedEnergy(added, calls)) : moreTimeText(added.secondsMore);
  return reason === '' ? undefined : { what: 'added of ', reason };
}
