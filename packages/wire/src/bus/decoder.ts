import {
  attribute,
  BenchlabError,
  type BenchlabErrorCode,
  type LogEventDefinition,
  logEvents,
  type MetricDefinition,
  metric,
  type PollReport,
  type PowerBoundary,
  type PowerRole,
  type Reading,
  type SampleConsumer,
  type Sensor,
  type Source,
} from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import { LineSplitter } from '../lines/lineSplitter.ts';
import {
  busSchema,
  busVersion,
  type ClockIdentity,
  type HelloMessage,
  maxLineBytes,
  maxSensors,
  maxSources,
} from './protocol.ts';

/** Who hears what came over the bus. */
export type BusListener = Required<Pick<SampleConsumer, 'sample' | 'lost' | 'polled' | 'event'>>;

export interface DecoderOptions {
  /** The clock of this process. A bus of another one is refused: its times would mean something else here. */
  readonly identity: ClockIdentity;
  /** CLOCK_MONOTONIC, ns. */
  readonly nowNs: () => number;
  readonly consumer: BusListener;
  /** The first line was read, and the bus is one to read from. */
  hello(hello: HelloMessage): void;
}

interface KnownSource {
  readonly source: Source;
  readonly number: number;
  /** By number; undefined for those whose metric is not known here. */
  readonly sensors: Map<number, Sensor | undefined>;
}

/** The first line is read within milliseconds of being written; a process that was stopped meanwhile connects again. */
const mostApartNs = 10e9;

type Fields = Readonly<Record<string, unknown>>;

const metrics = new Map<string, MetricDefinition>(Object.values(metric).map((each) => [each.name, each]));
const events = new Map<string, LogEventDefinition>(Object.values(logEvents).map((each) => [each.name, each]));
const boundaries: readonly PowerBoundary[] = ['dc_rails', 'gpu_board', 'cpu_package'];
const roles: readonly PowerRole[] = ['system', 'cpu', 'gpu', 'board'];
const outcomes: readonly PollReport['outcome'][] = ['success', 'partial', 'failure', 'no_data'];

/**
 * Lines of the bus to samples. Every line is checked whole before anything of it is handed on; one that cannot be means
 * that the stream is not what it seems, and ends it. What a newer agent says and this registry does not know is left
 * out and counted in `unknown`.
 */
export class BusDecoder {
  /** Messages, sensors, boundaries and totals that were left out because their names are not known here. */
  unknown = 0;
  /** Messages that the agent says it has dropped for this reader. */
  dropped = 0;
  readonly #options: DecoderOptions;
  readonly #lines = new LineSplitter(maxLineBytes);
  readonly #byNumber = new Map<number, KnownSource>();
  readonly #byId = new Map<string, KnownSource>();
  readonly #readers = new Map<string, (message: Fields) => void>([
    ['source', this.#source],
    ['sensor', this.#sensor],
    ['sample', this.#sample],
    ['lost', this.#lost],
    ['poll', this.#polled],
    ['event', this.#event],
    ['dropped', this.#tellDropped],
  ]);
  #isGreeted = false;

  constructor(options: DecoderOptions) {
    this.#options = options;
  }

  get sources(): readonly Source[] {
    return [...this.#byId.values()].map(({ source }) => source);
  }

  /** @throws BenchlabError BAD_REPLY or UNSUPPORTED: the stream cannot be read on */
  push(bytes: Uint8Array): void {
    for (const line of this.#lines.push(bytes)) {
      if (line === undefined) throw notTheBus(`a line of more than ${maxLineBytes} bytes`);
      this.#read(fieldsOf(line));
    }
  }

  #read(message: Fields): void {
    const read = this.#isGreeted ? this.#readers.get(text(message, 'kind')) : this.#greet;
    if (read === undefined) this.unknown += 1;
    else read.call(this, message);
  }

  #greet(message: Fields): void {
    const { identity, hello, nowNs } = this.#options;
    if (message.bus !== busSchema) throw notTheBus('a first line of something else');
    const version = whole(message, 'version');
    if (version !== busVersion) {
      const what = `The agent speaks version ${version} of the sample bus, and this program version ${busVersion}.`;
      throw new BenchlabError('UNSUPPORTED', what, 'Install the same version of benchlab-otel on both sides.');
    }
    const [boot, clock] = [text(message, 'boot'), text(message, 'clock')];
    if (boot !== identity.boot || clock !== identity.clock) {
      const whose = boot === identity.boot ? 'another time namespace' : 'another host, or of before a restart';
      const what = `The clock of the agent is that of ${whose}: its samples have no time here.`;
      throw new BenchlabError('UNSUPPORTED', what, 'Run the agent on this host, outside of a time namespace.');
    }
    const timeNs = instant(message);
    // Some sandboxes show the boot id of their host and have a clock of their own.
    if (Math.abs(nowNs() - timeNs) > mostApartNs) {
      const what = "The clock of the agent is not this process's: they are more than ten seconds apart.";
      throw new BenchlabError(
        'UNSUPPORTED',
        what,
        'Run the agent and its readers on one host, in one kind of container.',
      );
    }
    hello({ bus: busSchema, version, boot, clock, pid: whole(message, 'pid'), timeNs });
    this.#isGreeted = true;
  }

  #source(message: Fields): void {
    const number = this.#newNumber(message);
    const id = text(message, 'id');
    const simulated = message.simulated;
    if (typeof simulated !== 'boolean') throw notTheBus('a source that does not say whether it is simulated');
    const boundary = this.#known(boundaries, message.boundary, 'boundary');
    const source: Source = {
      id,
      name: text(message, 'name'),
      simulated,
      ...(boundary === undefined ? {} : { boundary }),
      attributes: attributesOf(message, simulated),
    };
    // A source that is announced again has new numbers; the old ones are not used any more.
    const before = this.#byId.get(id);
    if (before !== undefined) this.#byNumber.delete(before.number);
    else if (this.#byId.size >= maxSources) throw notTheBus(`more than ${maxSources} sources`);
    const known = { source, number, sensors: new Map() };
    this.#byNumber.set(number, known);
    this.#byId.set(id, known);
  }

  #sensor(message: Fields): void {
    const { source, sensors } = this.#knownSource(message);
    const number = this.#newNumber(message);
    if (sensors.has(number)) throw notTheBus('a sensor that is announced twice');
    if (sensors.size >= maxSensors) throw notTheBus(`more than ${maxSensors} sensors of a source`);
    const definition = metrics.get(text(message, 'metric'));
    const [unit, instrument] = [text(message, 'unit'), text(message, 'instrument')];
    const energyMetric = message.energyMetric === undefined ? undefined : metrics.get(text(message, 'energyMetric'));
    const attributes = attributesOf(message, source.simulated);
    // The same name with another unit would turn every value into a wrong one.
    if (definition === undefined || definition.unit !== unit || definition.instrument !== instrument) {
      this.unknown += 1;
      sensors.set(number, undefined);
      return;
    }
    if (message.energyMetric !== undefined && energyMetric === undefined) this.unknown += 1;
    sensors.set(number, { metric: definition, attributes, ...(energyMetric && { energyMetric }) });
  }

  #sample(message: Fields): void {
    const { source, sensors } = this.#knownSource(message);
    const timeNs = instant(message);
    const uncertaintyNs = notNegative(message, 'uncertaintyNs');
    const pairs = message.readings;
    if (!Array.isArray(pairs) || pairs.length % 2 !== 0) throw notTheBus('a sample without readings in pairs');
    const readings: Reading[] = [];
    for (let at = 0; at < pairs.length; at += 2) {
      const [number, value] = [pairs[at], pairs[at + 1]];
      if (!sensors.has(number)) throw notTheBus('a reading of a sensor that was not announced');
      const sensor = sensors.get(number);
      if (!isNumber(value)) throw notTheBus('a reading that is no number');
      if (sensor !== undefined) readings.push({ sensor, value });
    }
    const totals = message.totals === undefined ? undefined : this.#totals(message.totals);
    this.#options.consumer.sample({ source, timeNs, uncertaintyNs, readings, ...(totals && { totals }) });
  }

  #totals(given: unknown): Partial<Record<PowerRole, number>> {
    const totals: Partial<Record<PowerRole, number>> = {};
    for (const [name, watts] of Object.entries(object(given, 'totals'))) {
      const role = this.#known(roles, name, 'role');
      if (!isNumber(watts)) throw notTheBus('a total that is no number');
      if (role !== undefined) totals[role] = watts;
    }
    return totals;
  }

  #lost(message: Fields): void {
    const known = this.#knownSource(message);
    const loss = { source: known.source, timeNs: instant(message), error: errorOf(message) };
    this.#byNumber.delete(known.number);
    this.#byId.delete(known.source.id);
    this.#options.consumer.lost(loss);
  }

  #polled(message: Fields): void {
    const receiver = text(message, 'receiver');
    const [durationNs, missed] = [notNegative(message, 'durationNs'), whole(message, 'missed')];
    const error = message.error === undefined ? undefined : errorOf(message);
    const outcome = this.#known(outcomes, message.outcome, 'outcome');
    if (outcome === undefined) return;
    this.#options.consumer.polled({ receiver, outcome, durationNs, missed, ...(error && { error }) });
  }

  #event(message: Fields): void {
    const { source } = this.#knownSource(message);
    const [name, timeNs] = [text(message, 'event'), instant(message)];
    const attributes = attributesOf(message, source.simulated);
    const definition = events.get(name);
    if (definition === undefined) this.unknown += 1;
    else this.#options.consumer.event({ source, timeNs, definition, attributes });
  }

  #tellDropped(message: Fields): void {
    this.dropped += whole(message, 'count');
  }

  #knownSource(message: Fields): KnownSource {
    const known = this.#byNumber.get(whole(message, 'source'));
    if (known === undefined) throw notTheBus('a source that was not announced');
    return known;
  }

  #newNumber(message: Fields): number {
    const number = whole(message, 'number');
    if (this.#byNumber.has(number)) throw notTheBus('a number that is given away twice');
    return number;
  }

  /** One of a closed set that newer agents may have added to. */
  #known<Word extends string>(words: readonly Word[], given: unknown, what: string): Word | undefined {
    if (given === undefined && what === 'boundary') return undefined;
    if (typeof given !== 'string') throw notTheBus(`a ${what} that is no text`);
    const word = words.find((each) => each === given);
    if (word === undefined) this.unknown += 1;
    return word;
  }
}

function fieldsOf(line: string): Fields {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch (cause) {
    throw notTheBus('a line that is not JSON', cause);
  }
  return object(parsed, 'line');
}

function object(given: unknown, what: string): Fields {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw notTheBus(`a ${what} that is no object`);
  return given as Fields; // every field is unknown, and checked where it is read
}

function text(message: Fields, field: string): string {
  const value = message[field];
  if (typeof value !== 'string') throw notTheBus(`a line whose ${field} is no text`);
  return value;
}

function whole(message: Fields, field: string): number {
  const value = message[field];
  if (!Number.isSafeInteger(value) || (value as number) < 0)
    throw notTheBus(`a line whose ${field} is no whole number`);
  return value as number; // an integer, by the line above
}

function notNegative(message: Fields, field: string): number {
  const value = message[field];
  if (!isNumber(value) || value < 0) throw notTheBus(`a line whose ${field} is not a number of at least 0`);
  return value;
}

function instant(message: Fields): number {
  return notNegative(message, 'timeNs');
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

/** What an emulated device brings is marked, whatever the agent forgot. */
function attributesOf(message: Fields, simulated: boolean): Attributes {
  const entries = Object.entries(object(message.attributes, 'set of attributes'));
  for (const [, value] of entries) {
    const values = Array.isArray(value) ? value : [value];
    if (!values.every(isScalar)) throw notTheBus('an attribute that is neither text, number nor truth');
  }
  const attributes = Object.fromEntries(entries) as Attributes; // checked above
  if (simulated) attributes[attribute.simulated] = true;
  return attributes;
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || isNumber(value);
}

function errorOf(message: Fields): BenchlabError {
  const error = object(message.error, 'reason');
  // A newer agent may have codes that this version has no name for; they mean what they say.
  return new BenchlabError(text(error, 'code') as BenchlabErrorCode, text(error, 'what'), text(error, 'fix'));
}

function notTheBus(what: string, cause?: unknown): BenchlabError {
  const fix = 'See that a benchlab-probe agent of this version has the socket.';
  return new BenchlabError('BAD_REPLY', `The sample bus sent ${what}.`, fix, { cause });
}
