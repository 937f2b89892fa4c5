import {
  attribute,
  type MetricDefinition,
  metric,
  type Reading,
  type Sample,
  type Sensor,
  type Source,
} from '@benchlab-otel/core';

const nsPerSecond = 1e9;

/** The agent's clock against ours, as the first line of a connection shows it. */
export interface ClockBracket {
  /** The agent's clock less ours, ns. */
  readonly offsetNs: number;
  /** The offset is known within this, ns. */
  readonly uncertaintyNs: number;
}

/**
 * The agent read its clock after we asked for the connection and before we read its first line. So its clock less ours is
 * within half of that time of the difference to the middle. Undefined when these are not times.
 */
export function clockBracket(askedNs: number, agentNs: number, readNs: number): ClockBracket | undefined {
  const bracket = { offsetNs: agentNs - (askedNs + readNs) / 2, uncertaintyNs: (readNs - askedNs) / 2 };
  return Number.isFinite(bracket.offsetNs) && bracket.uncertaintyNs >= 0 ? bracket : undefined;
}

/**
 * Adds the readings of the agent's clock to its samples, for one connection. They end with the sources of the agent, which
 * are lost when it is gone.
 */
export class AgentClock {
  /** Undefined before the first line was read. */
  bracket: ClockBracket | undefined;
  readonly #sensors = new WeakMap<Source, readonly [offset: Sensor, uncertainty: Sensor]>();

  withReadings(sample: Sample): Sample {
    if (this.bracket === undefined) return sample;
    const [offset, uncertainty] = this.#sensorsOf(sample.source);
    const readings: readonly Reading[] = [
      ...sample.readings,
      { sensor: offset, value: this.bracket.offsetNs / nsPerSecond },
      { sensor: uncertainty, value: this.bracket.uncertaintyNs / nsPerSecond },
    ];
    return { ...sample, readings };
  }

  #sensorsOf(source: Source): readonly [Sensor, Sensor] {
    const known = this.#sensors.get(source);
    if (known !== undefined) return known;
    const attributes = { [attribute.hwId]: source.id, ...(source.simulated && { [attribute.simulated]: true }) };
    const sensor = (definition: MetricDefinition): Sensor => ({ metric: definition, attributes });
    const sensors = [sensor(metric.benchlabAgentClockOffset), sensor(metric.benchlabAgentClockUncertainty)] as const;
    this.#sensors.set(source, sensors);
    return sensors;
  }
}
