import type { OperationSummary, RoleEnergySummary } from '@benchlab-otel/analysis';
import { counted, significant } from '@benchlab-otel/analysis';
import { shownRole } from './energyTable.ts';
import { printable, shortened } from './printable.ts';
import type { RunResult } from './result.ts';

/** What measured the joules, what they mean, and what their interval covers. */
export function energyNotes({ meters, operations, idle, calibration }: RunResult): readonly string[] {
  const role = shownRole(operations);
  const measured = operations.flatMap(({ energy }) => (role && energy?.roles[role]) ?? []);
  const figures = measured.filter(({ whole }) => whole.kind === 'figure');
  const [first] = figures;
  const baseline = idle === undefined ? [] : [`baseline  ${printable(`${idle.source}: ${idle.text}`)}`];
  const lines = [
    ...meters.map(meterLine),
    ...(calibration === undefined ? [] : [`calibrated by ${printable(calibration)}`]),
    ...baseline,
  ];
  if (first === undefined) return lines;
  return [
    ...lines,
    ...(meters.length > 1 ? [`joules    measured by ${unique(figures.map(nameOf))}`] : []),
    `boundary  ${unique(figures.map(({ boundary }) => `${boundary}: ${boundaries[boundary]}`))}`,
    'whole     J/call and total J: what was delivered while the calls ran, power at rest included',
    ...partsLine(operations),
    'added     what the calls caused: causal, without a baseline. Power that moves for other reasons is not in it',
    ...(idle === undefined ? [] : activeLines(measured)),
    `method    ${unique(figures.map(methodText))}`,
    `interval  95 %, of sampling and clocks${meterText(figures)}. Not in it: ${missingText(figures)}the spread between runs`,
    `nature    ${unique(figures.map(({ nature }) => nature))}`,
    ...(figures.some(({ nature }) => nature === 'simulated')
      ? ['SIMULATED: an emulated board produced these joules. They are not those of this machine.']
      : []),
  ];
}

function meterLine(meter: RunResult['meters'][number]): string {
  const firmware = meter.firmware === undefined ? '' : `, firmware ${meter.firmware}`;
  const assumed = meter.assumedFirmware === undefined ? '' : ` (read as ${meter.assumedFirmware}: assumed)`;
  const asked = meter.askedHz === undefined ? '' : `, ${meter.askedHz} Hz asked`;
  const seen = meter.seenHz === undefined ? '' : `, ${significant(meter.seenHz)} Hz seen`;
  const losses = meter.losses === 0 ? '' : `, lost ${counted(meter.losses, 'time')} (${meter.lastLoss})`;
  const mark = meter.simulated ? ' (simulated)' : '';
  const device = printable(`${meter.name}${mark}, ${meter.id}${firmware}${assumed}`);
  return `meter     ${device}: ${counted(meter.samples, 'sample')}${asked}${seen}${printable(losses)}`;
}

function activeLines(measured: readonly RoleEnergySummary[]): readonly string[] {
  const isBelow = measured.some(({ active }) => active?.kind === 'figure' && active.joules < 0);
  return [
    'active    the whole less the baseline times the time of the calls: true if the power at rest stayed as it was',
    ...(isBelow
      ? ['          it is below 0: the bench drew less than at rest. Measure its rest again, or for longer']
      : []),
  ];
}

function nameOf({ source }: RoleEnergySummary): string {
  return printable(`${source.name}, ${source.id}`);
}

const boundaries: Record<RoleEnergySummary['boundary'], string> = {
  dc_rails: 'the rails behind the power supply, without its loss',
  gpu_board: "the GPU's own meter",
  cpu_package: "the CPU's own counter",
};

function methodText({ method, weights }: RoleEnergySummary): string {
  if (method === 'direct') return 'direct (alone on the bench)';
  const by = weights === 'cpu_time' ? 'by their time on the CPU' : 'in equal parts';
  return `apportioned (operations that ran at the same time share the power ${by})`;
}

/** Operations named in the line on parts. */
const maxNames = 3;

function partsLine(operations: readonly OperationSummary[]): readonly string[] {
  const parents = operations.flatMap(({ label, energy }) => (energy?.includesParts ? [shortened(label)] : []));
  if (parents.length === 0) return [];
  const more = parents.length > maxNames ? ` and ${parents.length - maxNames} more` : '';
  const [include, them] = parents.length === 1 ? ['includes', 'it'] : ['include', 'them'];
  const names = `${parents.slice(0, maxNames).join(', ')}${more}`;
  return [`parts     ${names} ${include} the spans below ${them}, so the rows do not add up`];
}

const partNames = { gain: 'gain', offset: 'offset', quantum: 'step' } as const;

function meterText(figures: readonly RoleEnergySummary[]): string {
  const isStated = figures.some(
    ({ whole }) => whole.kind === 'figure' && (whole.meterStderr !== undefined || whole.meterBound !== undefined),
  );
  return isStated ? ' and of the meter' : '';
}

/** What of the meter's own error is not stated, so that no interval contains it. */
function missingText(figures: readonly RoleEnergySummary[]): string {
  const parts = figures.flatMap(({ whole }) => (whole.kind === 'figure' ? whole.meterNotStated : []));
  const names = unique(parts.map((part) => partNames[part]));
  return names === '' ? '' : `${names} of the meter (not stated by the vendor), `;
}

function unique(words: readonly string[]): string {
  return [...new Set(words)].join(', ');
}
