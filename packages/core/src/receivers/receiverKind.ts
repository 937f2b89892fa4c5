import type { Receiver } from '../contracts/receiver.ts';

/** Samples a second: what a receiver takes when nothing is asked for, and the range that its option allows. */
export interface ReceiverRate {
  readonly default: number;
  readonly least: number;
  readonly most: number;
}

/**
 * One kind of receiver as the table of receivers lists it: all that a command line, the documentation and the contract
 * suite need to know without naming the receiver.
 */
export interface ReceiverKind<Options extends object = object> {
  /** As it appears in `benchlab.receiver.name`. It is also the key in the table and the name of its folder. */
  readonly name: string;
  /** What it reads, one line without a full stop, for help texts and tables. */
  readonly summary: string;
  /** Of the option `rateHz`, in Hz. */
  readonly rate: ReceiverRate;
  /** @throws OptionError that names the wrong option */
  create(options?: Options): Receiver;
}
