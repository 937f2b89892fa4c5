import { attribute, metric, type Reading, type Sensor } from '@benchlab-otel/core';
import { gpuAttributes } from './gpuSensors.ts';
import type { GpuIdentity, GpuProcess } from './values.ts';

/** Processes of one GPU that become series. A busy GPU has a handful. */
const maxProcesses = 32;
const percent = 100;
const tasks = ['general', 'encoder', 'decoder'] as const;

interface ProcessSensors {
  readonly memory: Sensor;
  readonly tasks: readonly (readonly [(typeof tasks)[number], Sensor])[];
}

/** Makes readings of the processes of one GPU. Their sensors are kept while they run. */
export class ProcessReadings {
  readonly #gpu: GpuIdentity;
  readonly #count: Sensor;
  /** By process id and start. */
  #sensors = new Map<string, ProcessSensors>();

  constructor(gpu: GpuIdentity) {
    this.#gpu = gpu;
    this.#count = { metric: metric.benchlabGpuProcesses, attributes: gpuAttributes(gpu) };
  }

  /** Returns how many values were rejected: drivers are known to report more than 100 % (Syllo/nvtop#110). */
  append(readings: Reading[], processes: readonly GpuProcess[]): number {
    readings.push({ sensor: this.#count, value: processes.length });
    let rejected = 0;
    const kept = new Map<string, ProcessSensors>();
    for (const process of processes.slice(0, maxProcesses)) {
      const { bytes, utilization } = process;
      const key = `${process.pid} ${process.startMs}`;
      const sensors = this.#sensors.get(key) ?? this.#sensorsOf(process);
      kept.set(key, sensors);
      if (bytes !== undefined) readings.push({ sensor: sensors.memory, value: bytes });
      if (utilization === undefined) continue;
      for (const [task, sensor] of sensors.tasks) {
        const value = utilization[task];
        if (value <= percent) readings.push({ sensor, value: value / percent });
        else rejected++;
      }
    }
    this.#sensors = kept;
    return rejected;
  }

  #sensorsOf({ pid, startMs }: GpuProcess): ProcessSensors {
    const attributes = {
      ...gpuAttributes(this.#gpu),
      [attribute.processPid]: pid,
      // A process id is used again. With its start a process has its own series.
      ...(startMs === undefined ? {} : { [attribute.processCreationTime]: new Date(startMs).toISOString() }),
    };
    return {
      memory: { metric: metric.benchlabGpuProcessMemory, attributes },
      tasks: tasks.map((task) => [
        task,
        { metric: metric.benchlabGpuProcessUtilization, attributes: { ...attributes, [attribute.hwGpuTask]: task } },
      ]),
    };
  }
}
