import {
  attribute,
  BenchlabError,
  type DeviceEvent,
  type GuardedConsumer,
  logEvents,
  type PollResult,
  type Reading,
  type Source,
} from '@benchlab-otel/core';
import type { Attributes } from '@opentelemetry/api';
import type { FaultChange } from '../frame/faultWatch.ts';
import type { FrameReader } from '../frame/frameReader.ts';
import { Freshness, type FreshnessReport } from '../frame/freshness.ts';
import type { Exchange } from '../wire/exchange.ts';
import type { BoardInfo, Connection } from './connect.ts';
import { type Identity, verify } from './identify.ts';

// One bad reply is a fault of the line. After this many in a row (about two seconds of silence) the board is gone.
const maxFailures = 3;

/** One board over one connection: asks it for frames and makes samples of them. */
export class LiveBoard {
  readonly info: BoardInfo;
  readonly source: Source;
  /** Set when the connection has ended, or the board has stopped answering. It does not come back: make a new connection. */
  lost: BenchlabError | undefined;
  isReading = false;
  readonly #exchange: Exchange;
  readonly #identity: Identity;
  readonly #reader: FrameReader;
  readonly #freshness = new Freshness();
  readonly #partial: BenchlabError;
  #failures = 0;

  /** @param onLost called once when the connection ends between two reads */
  constructor(connection: Connection, reader: FrameReader, onLost: () => void) {
    this.info = connection.info;
    this.source = sourceOf(connection.info);
    this.#exchange = connection.exchange;
    this.#identity = connection.identity;
    this.#reader = reader;
    const what = `${this.info.port}: some readings were dropped: a sensor failed, or its value is impossible.`;
    this.#partial = new BenchlabError('BAD_REPLY', what, 'Check the temperature and humidity sensors of the board.');
    this.#exchange.onLost = (error) => {
      this.lost ??= error;
      if (!this.isReading) onLost();
    };
  }

  /** Reads one frame: its sample goes to the consumer, and then the events that it shows. Does not throw. */
  async read(consumer: GuardedConsumer): Promise<PollResult> {
    this.isReading = true;
    try {
      if (this.#failures > 0) await verify(this.#exchange, this.info.port, this.#identity);
      const reply = await this.#exchange.ask('READ_SENSORS', { bytes: this.#reader.frameBytes });
      const { readings, totals, rejected, faultChanges } = this.#reader.read(reply);
      this.#appendLink(readings, reply.uncertaintyNs, this.#freshness.observe(reply.bytes, reply.timeNs));
      const { timeNs, uncertaintyNs } = reply;
      consumer.sample({ source: this.source, timeNs, uncertaintyNs, readings, totals });
      for (const change of faultChanges) consumer.event(this.#faultEvent(change, timeNs));
      this.#failures = 0;
      return rejected === 0 ? { outcome: 'success' } : { outcome: 'partial', error: this.#partial };
    } catch (thrown) {
      return { outcome: 'failure', error: this.#failed(thrown) };
    } finally {
      this.isReading = false;
    }
  }

  close(): Promise<void> {
    return this.#exchange.close();
  }

  #faultEvent({ name, kind, state }: FaultChange, timeNs: number): DeviceEvent {
    const attributes: Attributes = {
      [attribute.hwId]: this.info.uid,
      [attribute.faultName]: name,
      [attribute.faultKind]: kind,
      [attribute.faultState]: state,
      ...(this.info.simulated && { [attribute.simulated]: true }),
    };
    return { source: this.source, timeNs, definition: logEvents.benchlabFaultChange, attributes };
  }

  #appendLink(readings: Reading[], uncertaintyNs: number, freshness: FreshnessReport | undefined): void {
    const { link, implausible, ambientFailures } = this.#reader;
    readings.push(
      { sensor: link.roundTrip, value: (2 * uncertaintyNs) / 1e9 },
      { sensor: link.offset, value: uncertaintyNs / 1e9 },
      { sensor: link.staleBytes, value: this.#exchange.staleBytes },
      { sensor: link.implausible, value: implausible },
      { sensor: link.ambientFailures, value: ambientFailures },
    );
    if (freshness === undefined) return;
    readings.push({ sensor: link.uniqueRatio, value: freshness.uniqueRatio });
    if (freshness.refreshHz !== undefined) readings.push({ sensor: link.refreshRate, value: freshness.refreshHz });
  }

  #failed(thrown: unknown): BenchlabError {
    const { port } = this.info;
    const defect = { cause: thrown };
    const error =
      thrown instanceof BenchlabError
        ? thrown
        : new BenchlabError('BAD_REPLY', `Reading ${port} failed.`, 'Please report it.', defect);
    this.#failures++;
    if (this.#failures >= maxFailures) {
      const what = `The board at ${port} failed ${maxFailures} reads in a row, the last with ${error.code}.`;
      this.lost ??= new BenchlabError('BOARD_LOST', what, 'Check the cable. The board is looked for again.', {
        cause: error,
      });
    }
    return error;
  }
}

function sourceOf(info: BoardInfo): Source {
  const attributes: Attributes = {
    [attribute.hwModel]: info.product,
    [attribute.hwFirmwareVersion]: String(info.firmware),
    [attribute.port]: info.port,
  };
  if (info.assumedFirmware !== undefined) attributes[attribute.firmwareAssumed] = String(info.assumedFirmware);
  if (info.simulated) attributes[attribute.simulated] = true;
  const name = info.name === '' ? info.product : `${info.product} "${info.name}"`;
  const { uid: id, simulated, aperture } = info;
  return { id, name, simulated, boundary: 'dc_rails', ...(aperture && { aperture }), attributes };
}
