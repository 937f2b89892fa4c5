import {
  attribute,
  type PollReport,
  type Sample,
  type SampleConsumer,
  type Source,
  type SourceLoss,
} from '@benchlab-otel/core';

/** The part of a logger that is needed here. */
export interface AgentLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** A trouble that continues is logged again after this time, ns. */
const repeatNs = 600e9;
/** Troubles and sources that are remembered. Beyond them the oldest is forgotten, and logged again when it returns. */
const maxRemembered = 256;

/** Logs what an agent reads, what is lost, and what is missing and why: each trouble once in ten minutes. */
export class AgentLog implements SampleConsumer {
  readonly #logger: AgentLogger;
  readonly #nowNs: () => number;
  readonly #read = new Map<string, Source>();
  readonly #troubles = new Map<string, number>();

  constructor(logger: AgentLogger, nowNs: () => number) {
    this.#logger = logger;
    this.#nowNs = nowNs;
  }

  sample({ source }: Sample): void {
    if (this.#read.get(source.id) === source) return;
    remember(this.#read, source.id, source);
    const mark = source.simulated ? ' It is simulated.' : '';
    this.#logger.info(fieldsOf(source), `${source.name} is read.${mark}`);
  }

  lost({ source, error }: SourceLoss): void {
    this.#read.delete(source.id);
    this.#logger.warn({ ...fieldsOf(source), code: error.code }, `${source.name} is lost: ${error.message}`);
  }

  polled({ receiver, outcome, error }: PollReport): void {
    if (error === undefined) return;
    const trouble = `${receiver}: ${error.message}`;
    const nowNs = this.#nowNs();
    if (nowNs - (this.#troubles.get(trouble) ?? Number.NEGATIVE_INFINITY) < repeatNs) return;
    remember(this.#troubles, trouble, nowNs);
    const fields = { [attribute.receiverName]: receiver, [attribute.pollOutcome]: outcome, code: error.code };
    // Absent hardware is not a fault. It is logged because a user may expect it.
    if (outcome === 'no_data') this.#logger.info(fields, trouble);
    else this.#logger.warn(fields, trouble);
  }
}

function fieldsOf({ id, simulated, attributes }: Source): object {
  return { [attribute.hwId]: id, ...attributes, ...(simulated ? { [attribute.simulated]: true } : {}) };
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > maxRemembered && oldest !== undefined) map.delete(oldest);
}
