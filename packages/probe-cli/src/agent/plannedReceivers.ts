import type { Receiver } from '@benchlab-otel/core';
import { emulatedGpu } from '@benchlab-otel/emulator';
import { hostSourceNames, receivers } from '@benchlab-otel/hw-receivers';
import type { AgentConfig, AgentSource } from './config/agentConfig.ts';
import type { EffectiveConfig } from './config/effectiveConfig.ts';
import { namedByOrigin } from './config/namedByOrigin.ts';

/** A receiver as the configuration asks for it. */
export interface PlannedReceiver {
  /** The same for the same devices: after a reload, a receiver of the same key and the same options runs on. */
  readonly key: string;
  readonly name: AgentSource;
  readonly options: Readonly<Record<string, unknown>>;
  create(): Receiver;
}

export interface ReceiverPlan {
  readonly receivers: readonly PlannedReceiver[];
  /** What became of a wish: a rate that a receiver cannot have. */
  readonly notes: readonly string[];
}

/**
 * The receivers that a configuration asks for.
 *
 * @param emulatedPort the port of the emulated board, which stands in for the boards; GPUs are emulated too then
 * @throws OptionError of a receiver that names the setting with a wrong value
 */
export function plannedReceivers(
  { config, origins }: Pick<EffectiveConfig, 'config' | 'origins'>,
  emulatedPort?: string,
): ReceiverPlan {
  const { sources } = config.agent;
  const planned = [
    ...boards(config, emulatedPort),
    ...(sources.includes('host') ? [plan('host', 'host', hostOptions(config))] : []),
    ...(sources.includes('nvml') ? [gpus(config, emulatedPort !== undefined)] : []),
  ];
  try {
    // A wrong option throws here, before anything starts.
    for (const each of planned) each.create();
  } catch (error) {
    throw namedByOrigin(error, origins);
  }
  return { receivers: planned, notes: rateNotes(config) };
}

/** Each port that is named has a receiver of its own, so that one can come or go at a reload while the others are read on. */
function boards(config: AgentConfig, emulatedPort: string | undefined): readonly PlannedReceiver[] {
  const { agent, benchlab, general } = config;
  if (!agent.sources.includes('benchlab')) return [];
  const wanted = benchlab.rate_hz ?? general.sample_hz;
  const options = {
    dither: benchlab.dither,
    ...(wanted === undefined ? {} : { rateHz: benchlab.rate_hz ?? rateOf('benchlab', wanted) }),
    ...(benchlab.assume_firmware === undefined ? {} : { assumeFirmware: benchlab.assume_firmware }),
  };
  const ports = emulatedPort === undefined ? [benchlab.device ?? []].flat() : [emulatedPort];
  if (ports.length === 0) return [plan('benchlab', 'benchlab', options)];
  return ports.map((port) => plan(`benchlab ${port}`, 'benchlab', { ...options, ports: [port] }));
}

/** An emulated GPU stands in for all. */
function gpus(config: AgentConfig, isEmulated: boolean): PlannedReceiver {
  const { devices, ...options } = gpuOptions(config);
  if (!isEmulated) return plan('nvml', 'nvml', { ...options, ...(devices && { devices }) });
  return { key: 'nvml', name: 'nvml', options, create: () => emulatedGpu(options) };
}

function hostOptions({ general, cpu }: AgentConfig): Record<string, unknown> {
  return {
    ...(general.sample_hz === undefined ? {} : { rateHz: rateOf('host', general.sample_hz) }),
    ...(cpu.enable_rapl ? {} : { sources: hostSourceNames.filter((name) => name !== 'rapl') }),
  };
}

interface GpuOptions {
  readonly rateHz?: number;
  readonly devices?: readonly (number | string)[];
}

function gpuOptions({ general, gpu }: AgentConfig): GpuOptions {
  const devices = gpu.devices ?? (gpu.device_index === undefined ? undefined : [gpu.device_index]);
  return {
    ...(general.sample_hz === undefined ? {} : { rateHz: rateOf('nvml', general.sample_hz) }),
    ...(devices === undefined ? {} : { devices }),
  };
}

function plan(key: string, name: AgentSource, options: Readonly<Record<string, unknown>>): PlannedReceiver {
  return { key, name, options, create: () => receivers[name].create(options) };
}

function rateOf(name: AgentSource, wantedHz: number): number {
  const { least, most } = receivers[name].rate;
  return Math.min(most, Math.max(least, wantedHz));
}

function rateNotes({ general, agent, benchlab }: AgentConfig): readonly string[] {
  const { sample_hz } = general;
  if (sample_hz === undefined) return [];
  return agent.sources
    .filter((name) => name !== 'benchlab' || benchlab.rate_hz === undefined)
    .filter((name) => rateOf(name, sample_hz) !== sample_hz)
    .map(
      (name) =>
        `general.sample_hz is ${sample_hz}: ${name} takes ${rateOf(name, sample_hz)} samples a second, its bound.`,
    );
}
