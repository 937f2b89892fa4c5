import { type Budget, isOfEnergy } from '@benchlab-otel/analysis';
import { BenchlabError, type SampleConsumer } from '@benchlab-otel/core';
import { type ComparisonRequest, comparesEnergy } from '../compare/comparisonRequest.ts';
import type { Terminal } from '../host/terminal.ts';
import { printable } from '../report/printable.ts';
import { boardsToRead } from './boardsToRead.ts';
import { noBoardToRead, type StartedMeter, startAgentMeter, startMeter } from './meter.ts';

/** What of the options of a run concerns its meter. */
export interface MeterOptions {
  readonly port: readonly string[];
  readonly allowSimulated?: boolean;
  readonly assumeFirmware?: number;
  readonly dither: boolean;
  readonly agent?: string | true;
  readonly idle?: number;
}

/** All that the run is held to. */
export interface Limits {
  readonly budgets: readonly Budget[];
  readonly request: ComparisonRequest | undefined;
}

/** A meter that runs, or a note why there is none. Without a board, latency is measured and energy is not. */
export async function openMeter(
  limits: Limits,
  options: MeterOptions,
  consumers: readonly SampleConsumer[],
  terminal: Terminal,
): Promise<StartedMeter | { note: string }> {
  if (options.agent !== undefined) return openAgent(options.agent, limits, options, terminal);
  const wanted = { ports: options.port, dither: options.dither, ...assumed(options) };
  const { boards, refused } = await boardsToRead(wanted);
  if (boards.length === 0) {
    const missing = noBoardToRead(refused);
    const isNeeded = options.port.length > 0 || options.idle !== undefined || limitsEnergy(limits);
    if (isNeeded) throw missing;
    terminal.err('benchlab-probe: no board: no energy\n');
    return { note: `no board: no energy. ${missing.message}` };
  }
  if (boards.some(({ simulated }) => simulated)) refuseSimulated(limits, options);
  for (const { product, port, simulated } of boards) {
    terminal.err(`benchlab-probe: reading ${printable(product)} at ${port}${simulated ? ' (simulated)' : ''}\n`);
  }
  return startMeter(boards, { ...wanted, consumers });
}

/** The meters of an agent. */
async function openAgent(
  agent: string | true,
  limits: Limits,
  options: MeterOptions,
  terminal: Terminal,
): Promise<StartedMeter> {
  const meter = await startAgentMeter(agent === true ? {} : { path: agent });
  try {
    if (meter.watch.meters.some(({ simulated }) => simulated)) refuseSimulated(limits, options);
  } catch (error) {
    await meter.stop();
    throw error;
  }
  for (const { name, simulated } of meter.watch.meters) {
    terminal.err(`benchlab-probe: reading ${printable(name)} from the agent${simulated ? ' (simulated)' : ''}\n`);
  }
  return meter;
}

function assumed({ assumeFirmware }: MeterOptions): { assumeFirmware?: number } {
  return assumeFirmware === undefined ? {} : { assumeFirmware };
}

function limitsEnergy({ budgets, request }: Limits): boolean {
  return budgets.some(isOnJoules) || comparesEnergy(request);
}

function isOnJoules(budget: Budget): boolean {
  return budget.function === 'joules';
}

/** The joules of an emulated board are not those of this machine: judging them needs `--allow-simulated`. */
export function refuseSimulated({ budgets, request }: Limits, { allowSimulated }: MeterOptions): void {
  const energy = budgets.find(isOnJoules) ?? request?.budgets.find(isOfEnergy);
  if (energy === undefined || allowSimulated) return;
  throw new BenchlabError(
    'BAD_OPTION',
    `The board is simulated, and the budget "${energy.text}" is about energy.`,
    'Use a real board, or add --allow-simulated to try the command out.',
  );
}
