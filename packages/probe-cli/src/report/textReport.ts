import type { EnergySummary } from '@benchlab-otel/analysis';
import {
  counted,
  interval95,
  inUnitOf,
  type OperationSummary,
  percent,
  seconds,
  significant,
  statedEnergy,
  type Verdict,
} from '@benchlab-otel/analysis';
import { printable } from './printable.ts';
import type { RunResult } from './result.ts';
import { table } from './table.ts';

/** The report for people: a table of operations, how the joules were measured, the verdicts. */
export function textReport(result: RunResult): string {
  const sections = [
    [headline(result)],
    operationLines(result.operations),
    energyLines(result),
    verdictLines(result.verdicts),
    footLines(result),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** Operations shown; the JSON report has all of them. */
const maxRows = 50;
const maxName = 60;
const notMeasured = '-  not measured: not covered by samples, or too short for so few calls';

function headline({ command, durationSeconds, child }: RunResult): string {
  const ended = child.signal === undefined ? `exit code ${child.code}` : `ended by ${child.signal}`;
  return `benchlab-probe run: ${printable(command.join(' '))} (${seconds(durationSeconds)}, ${ended})`;
}

/** The table of operations, also shown while the demo runs. */
export function operationLines(operations: readonly OperationSummary[]): readonly string[] {
  if (operations.length === 0) return ['No span arrived.'];
  const energy = operations.some((operation) => operation.energy !== undefined);
  const header = ['operation', 'calls', 'errors', 'p50', 'p95', 'p99', 'max'];
  const lines = table(
    energy ? [...header, 'J/call', '± 95 %', 'total J', 'coverage', 'method'] : header,
    operations
      .slice(0, maxRows)
      .map((operation) => [
        shortened(operation.name),
        String(operation.calls),
        String(operation.errors),
        seconds(operation.p50Seconds),
        seconds(operation.p95Seconds),
        seconds(operation.p99Seconds),
        seconds(operation.maxSeconds),
        ...(energy ? energyCells(operation) : []),
      ]),
  );
  const shown = operations.slice(0, maxRows);
  const more = operations.length - maxRows;
  return [
    ...lines,
    ...(energy && shown.some((operation) => measured(operation).length === 0) ? [notMeasured] : []),
    ...(more > 0 ? [`and ${counted(more, 'more operation')}: --json FILE has all of them`] : []),
  ];
}

function energyCells(operation: OperationSummary): readonly string[] {
  const energy = statedEnergy(operation);
  const system = energy?.roles.system;
  const figures =
    system === undefined
      ? ['-', '-', '-']
      : [significant(system.joules), significant(interval95 * system.stderr), significant(system.totalJoules)];
  return [...figures, percent(operation.energyCoverage), system === undefined ? '-' : (energy?.method ?? '-')];
}

function energyLines({ meters, operations }: RunResult): readonly string[] {
  const lines = meters.map((meter) => {
    const firmware = meter.firmware === undefined ? '' : `, firmware ${meter.firmware}`;
    const assumed = meter.assumedFirmware === undefined ? '' : ` (read as ${meter.assumedFirmware}: assumed)`;
    const asked = meter.askedHz === undefined ? '' : `, ${meter.askedHz} Hz asked`;
    const seen = meter.seenHz === undefined ? '' : `, ${significant(meter.seenHz)} Hz seen`;
    const losses = meter.losses === 0 ? '' : `, lost ${counted(meter.losses, 'time')} (${meter.lastLoss})`;
    const mark = meter.simulated ? ' (simulated)' : '';
    return `meter     ${meter.name}${mark}, ${meter.id}${firmware}${assumed}: ${counted(meter.samples, 'sample')}${asked}${seen}${losses}`;
  });
  const [energy] = operations.flatMap(measured);
  if (energy === undefined) return lines;
  return [
    ...lines,
    ...(meters.length > 1 ? [`joules    measured by ${measuringMeters(operations)}`] : []),
    `boundary  ${energy.boundary}: ${boundaries[energy.boundary]}`,
    `method    ${methodsOf(operations)}`,
    `nature    ${naturesOf(operations)}`,
    ...(energy.nature === 'simulated'
      ? ['SIMULATED: an emulated board produced these joules. They are not those of this machine.']
      : []),
  ];
}

const boundaries: Record<EnergySummary['boundary'], string> = {
  dc_rails: 'the rails behind the power supply, without its loss',
  gpu_board: "the GPU's own meter",
  cpu_package: "the CPU's own counter",
};

const methods: Record<EnergySummary['method'], string> = {
  direct: 'direct (alone on the bench)',
  counter: "counter (alone on the bench, by the device's own counter of energy)",
  apportioned: 'apportioned (operations that ran at the same time share the power in equal parts)',
};

function methodsOf(operations: readonly OperationSummary[]): string {
  return unique(operations.flatMap(measured).map(({ method }) => methods[method]));
}

function naturesOf(operations: readonly OperationSummary[]): string {
  return unique(operations.flatMap(measured).map(({ nature }) => nature));
}

function measuringMeters(operations: readonly OperationSummary[]): string {
  return unique(operations.flatMap(measured).map(({ source }) => `${printable(source.name)}, ${source.id}`));
}

/** The energy of an operation that has a figure. */
function measured(operation: OperationSummary): readonly EnergySummary[] {
  const energy = statedEnergy(operation);
  return energy?.roles.system === undefined ? [] : [energy];
}

function unique(words: readonly string[]): string {
  return [...new Set(words)].join(', ');
}

/** One line a budget: verdict, budget, the observed figure and its interval. */
function verdictLines(verdicts: readonly Verdict[]): readonly string[] {
  const width = Math.max(...verdicts.map(({ budget }) => budget.text.length));
  return verdicts.map((verdict) => {
    const { budget, outcome, observed, interval, n, simulated, reason } = verdict;
    const facts = [
      observed === undefined ? 'nothing observed' : `observed ${inUnitOf(budget, observed)}`,
      ...(interval === undefined
        ? []
        : [`95 % interval ${inUnitOf(budget, interval.low)} to ${inUnitOf(budget, interval.high)}`]),
      `n ${n}`,
      ...(simulated ? ['on simulated readings'] : []),
      ...(reason === undefined ? [] : [printable(reason)]),
    ];
    return `${outcome.toUpperCase().padEnd(12)}  ${budget.text.padEnd(width)}  ${facts.join(', ')}`;
  });
}

function footLines({ received, troubles, notes }: RunResult): readonly string[] {
  return [
    `received  ${counted(received.spans, 'span')}, ${counted(received.metrics, 'metric')}, ${counted(received.logRecords, 'log record')} over OTLP`,
    ...troubles.map((trouble) => `trouble   ${printable(trouble)}`),
    ...notes.map((note) => `note      ${printable(note)}`),
  ];
}

function shortened(name: string): string {
  const plain = printable(name);
  return plain.length > maxName ? `${plain.slice(0, maxName - 1)}…` : plain;
}
