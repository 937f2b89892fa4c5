import {
  BenchlabError,
  type LogEventDefinition,
  logEvents,
  type PollReport,
  type SampleConsumer,
  type Source,
} from '@benchlab-otel/core';
import { BadLine } from '../lines/badLine.ts';
import { LineSplitter } from '../lines/lineSplitter.ts';
import { maxNumberedLineBytes } from '../samples/bounds.ts';
import {
  attributesField,
  type Fields,
  fieldsOf,
  positiveField,
  textField,
  timeField,
  wholeField,
} from '../samples/fields.ts';
import { SampleDecoder } from '../samples/sampleDecoder.ts';
import { errorOf, marked } from '../samples/sampleParts.ts';
import { Vocabulary } from '../samples/vocabulary.ts';
import { readHello } from './hello.ts';
import { isPossible, isPossibleTime } from './possible.ts';
import type { ClockIdentity, HelloMessage } from './protocol.ts';

/** Takes what came over the bus. */
export type BusListener = Required<Pick<SampleConsumer, 'sample' | 'lost' | 'polled' | 'event'>>;

export interface DecoderOptions {
  /** The clock of this process. A bus of another clock is refused: its times would mean something else here. */
  readonly identity: ClockIdentity;
  /** CLOCK_MONOTONIC, ns. */
  readonly nowNs: () => number;
  readonly consumer: BusListener;
  /** The first line was read, and it is a bus that can be read. */
  hello(hello: HelloMessage): void;
}

const events = new Map<string, LogEventDefinition>(Object.values(logEvents).map((each) => [each.name, each]));
const outcomes: readonly PollReport['outcome'][] = ['success', 'partial', 'failure', 'no_data'];

/**
 * Reads the lines of the bus. Each line is checked whole before anything of it is delivered; a bad line ends the stream,
 * because the lines that follow could mean something else. What a newer agent writes and this registry does not know is left
 * out and counted in `unknown`.
 */
export class BusDecoder {
  /** Messages that the agent has dropped for this reader, as it reports. */
  dropped = 0;
  /** Samples and events that were refused, because their times or powers are impossible. */
  impossible = 0;
  readonly #options: DecoderOptions;
  readonly #lines = new LineSplitter(maxNumberedLineBytes);
  readonly #words = new Vocabulary();
  readonly #samples: SampleDecoder;
  readonly #kinds: ReadonlyMap<string, (message: Fields, bytes: number) => void>;
  #isGreeted = false;

  constructor(options: DecoderOptions) {
    this.#options = options;
    const { consumer, nowNs } = options;
    const checked: Pick<SampleConsumer, 'sample' | 'lost'> = {
      sample: (sample) => {
        if (isPossible(sample, nowNs())) consumer.sample(sample);
        else this.impossible += 1;
      },
      // The source is lost at any rate.
      lost: (loss) => consumer.lost(isPossibleTime(loss.timeNs, nowNs()) ? loss : { ...loss, timeNs: nowNs() }),
    };
    this.#samples = new SampleDecoder(checked, this.#words);
    const kinds = {
      ...this.#samples.kinds,
      poll: (message: Fields) => this.#polled(message),
      event: (message: Fields) => this.#event(message),
      dropped: (message: Fields) => this.#dropped(message),
    };
    this.#kinds = new Map(Object.entries(kinds));
  }

  get sources(): readonly Source[] {
    return this.#samples.sources;
  }

  /** Messages, sensors, boundaries and totals that were left out because their names are not known here. */
  get unknown(): number {
    return this.#words.unknown;
  }

  /** @throws BenchlabError BAD_REPLY or UNSUPPORTED when the stream cannot be read on */
  push(bytes: Uint8Array): void {
    try {
      for (const line of this.#lines.push(bytes)) {
        if (line === undefined) throw new BadLine(`more than ${maxNumberedLineBytes} bytes`);
        this.#read(fieldsOf(line), Buffer.byteLength(line));
      }
    } catch (thrown) {
      throw thrown instanceof BadLine ? badStream(thrown) : thrown;
    }
  }

  #read(message: Fields, bytes: number): void {
    const read = this.#isGreeted ? this.#kinds.get(textField(message, 'kind')) : this.#greet;
    if (read === undefined) this.#words.unknown += 1;
    else read(message, bytes);
  }

  readonly #greet = (message: Fields): void => {
    const { identity, nowNs, hello } = this.#options;
    hello(readHello(message, identity, nowNs()));
    this.#isGreeted = true;
  };

  #polled(message: Fields): void {
    const receiver = textField(message, 'receiver');
    const [durationNs, missed] = [positiveField(message, 'durationNs'), wholeField(message, 'missed')];
    const error = message.error === undefined ? undefined : errorOf(message);
    const outcome = this.#words.word(outcomes, message, 'outcome');
    if (outcome === undefined) return;
    this.#options.consumer.polled({ receiver, outcome, durationNs, missed, ...(error && { error }) });
  }

  #event(message: Fields): void {
    const source = this.#samples.sourceOf(message);
    const [name, timeNs] = [textField(message, 'event'), timeField(message)];
    const attributes = marked(attributesField(message), source.simulated);
    const definition = events.get(name);
    if (definition === undefined) this.#words.unknown += 1;
    else if (!isPossibleTime(timeNs, this.#options.nowNs())) this.impossible += 1;
    else this.#options.consumer.event({ source, timeNs, definition, attributes });
  }

  #dropped(message: Fields): void {
    this.dropped += wholeField(message, 'count');
  }
}

function badStream(cause: BadLine): BenchlabError {
  const fix = 'Check that a benchlab-probe agent of this version has the socket.';
  return new BenchlabError('BAD_REPLY', `The sample bus sent a bad line: ${cause.message}.`, fix, { cause });
}
