import { type Clock, systemClock } from '@benchlab-otel/core';
import type { FirmwareContract, Variant } from '@benchlab-otel/hw-receivers/protocol';
import type { BenchModel } from './bench/bench.ts';
import { hostLoadBench } from './bench/hostLoad.ts';
import { type Delivery, deliveriesOf, greetingsOf, type LineState } from './board/delivery.ts';
import { encodeSensors } from './board/encode.ts';
import { checkLineFault, faultWord, type LineFault } from './board/fault.ts';
import { type EmulatedAperture, publishedContract, simulatedUid } from './board/identity.ts';
import { nameBytes } from './board/memory.ts';
import { BoardProtocol } from './board/protocol.ts';
import { linkTerminal } from './pty/link.ts';
import { openPty, type Pty } from './pty/pty.ts';

/** The options of `emulateBoard`. */
export interface EmulatorOptions {
  /** Default `bl2`. */
  readonly product?: Variant;
  /** A published firmware of the product; the newest unless given. */
  readonly firmware?: number;
  /** What READ_NAME answers, up to 31 bytes. */
  readonly name?: string;
  /** Makes the UID: boards with different numbers are different boards. 0 to 2^32 - 1, default 1. */
  readonly serial?: number;
  /** What the board measures. Default: a PC whose CPU power follows the load of this host. */
  readonly bench?: BenchModel;
  /** What the power of the bench stands for: its mean since the read before (the default), or the instant of the read. */
  readonly aperture?: EmulatedAperture;
  readonly fault?: LineFault;
  /** Faults that the board reports, by the contract's names: `FAULT_OCP_HPWR1` … BENCHLAB 2 from firmware 5 on. */
  readonly connectorFaults?: readonly string[];
  /** A path for a symbolic link to the terminal. The terminal itself has another name in every run. */
  readonly link?: string;
  readonly clock?: Clock;
}

/** An emulated board on a real serial line. */
export interface EmulatedBoard {
  /** What to open: the link when one was asked for, `/dev/pts/N` otherwise. */
  readonly path: string;
  /** 24 hexadecimal digits. They begin with 53494D, "SIM": everything that is read from here is marked as simulated. */
  readonly uid: string;
  readonly contract: FirmwareContract;
  /** May be changed at any time; replies on their way are not. An unknown one throws an OptionError. */
  fault: LineFault | undefined;
  /** May be changed at any time. A fault that goes stays in the latched word. An unknown one throws an OptionError. */
  connectorFaults: readonly string[];
  /** Every request so far in hexadecimal, the last 1,000: `00`, `0e`, `050002`. */
  readonly requests: readonly string[];
  /** Unplugs the cable. The port does not come back. */
  unplug(): void;
  /** Unplugs, if that has not happened, and leaves nothing behind. Safe to call twice. */
  close(): Promise<void>;
}

/** Bytes between the fields of a power record: any bytes of the firmware's memory. A reader must not look at them. */
const padding = 0xa5;
const maxRequests = 1000;
/** More than a late line has under way at 100 requests a second. */
const maxDeliveries = 200;
const nsPerMs = 1e6;

/**
 * Emulates a BENCHLAB on a real pseudo-terminal: a client reads from it what it would read from `/dev/ttyACM0`.
 *
 * @throws OptionError that names the wrong option; BenchlabError where the host has no pseudo-terminals (UNSUPPORTED) or
 *   the link cannot be made (PORT_IN_USE)
 *
 * @example
 * const board = await emulateBoard({ product: 'bl2', link: '/tmp/benchlab0' });
 * const receiver = benchlabReceiver({ ports: [board.path] });
 */
export async function emulateBoard(options: EmulatorOptions = {}): Promise<EmulatedBoard> {
  const contract = publishedContract(options.product ?? 'bl2', options.firmware);
  const board = new Board(contract, options);
  await board.plugIn(options.link);
  return board;
}

class Board implements EmulatedBoard {
  readonly contract: FirmwareContract;
  readonly uid: string;
  readonly #protocol: BoardProtocol;
  readonly #bench: BenchModel;
  readonly #clock: Clock;
  /** Cancels the replies that are on their way. */
  readonly #underWay = new Set<() => void>();
  #repeating: (() => void) | undefined;
  #pty: Pty | undefined;
  #unlink: (() => void) | undefined;
  #path = '';
  #fault: LineFault | undefined;
  #sensorRequests = 0;
  #connectorFaults: readonly string[] = [];
  #live = 0n;
  #latched = 0n;
  #requests: string[] = [];

  constructor(contract: FirmwareContract, options: EmulatorOptions) {
    const uid = simulatedUid(contract, options.serial ?? 1, options.aperture ?? 'mean');
    const name = options.name ?? 'emulated';
    nameBytes(name); // throws for a name that does not fit
    this.contract = contract;
    this.uid = Buffer.from(uid).toString('hex').toUpperCase();
    this.#bench = options.bench ?? hostLoadBench();
    this.#clock = options.clock ?? systemClock;
    this.#protocol = new BoardProtocol({ contract, uid, name, sensors: () => this.#sensors() });
    this.fault = options.fault;
    this.connectorFaults = options.connectorFaults ?? [];
  }

  async plugIn(link: string | undefined): Promise<void> {
    const events = {
      opened: () => this.#deliver(greetingsOf(this.#protocol.greeting(), this.#line())),
      received: (bytes: Uint8Array) => this.#receive(bytes),
      hungUp: () => this.#forgetClient(),
    };
    const pty = await openPty(events, this.#clock);
    this.#pty = pty;
    this.#path = link ?? pty.path;
    try {
      if (link !== undefined) this.#unlink = linkTerminal(link, pty.path);
    } catch (error) {
      pty.close();
      throw error;
    }
  }

  get path(): string {
    return this.#path;
  }

  get fault(): LineFault | undefined {
    return this.#fault;
  }

  set fault(fault: LineFault | undefined) {
    checkLineFault(fault);
    this.#fault = fault;
    this.#sensorRequests = 0;
    this.#repeating?.();
  }

  get connectorFaults(): readonly string[] {
    return this.#connectorFaults;
  }

  set connectorFaults(names: readonly string[]) {
    this.#live = faultWord(this.contract, names);
    this.#latched |= this.#live;
    this.#connectorFaults = [...names];
  }

  get requests(): readonly string[] {
    return this.#requests;
  }

  unplug(): void {
    this.#forgetClient();
    this.#pty?.close();
    this.#unlink?.();
    this.#unlink = undefined;
  }

  async close(): Promise<void> {
    this.unplug();
    // The stream of the terminal releases its handle in the next turn of the event loop.
    await new Promise<void>((resolve) => setImmediate(resolve));
  }

  #sensors(): Uint8Array {
    this.#sensorRequests++;
    const faults = { live: this.#live, latched: this.#latched };
    return encodeSensors(this.contract, this.#bench(this.#clock.nowNs()), faults, padding);
  }

  #line(): LineState {
    return { fault: this.#fault, contract: this.contract, sensorRequests: this.#sensorRequests };
  }

  #receive(bytes: Uint8Array): void {
    this.#repeating?.();
    this.#requests = [...this.#requests.slice(1 - maxRequests), Buffer.from(bytes).toString('hex')];
    for (const reply of this.#protocol.receive(bytes)) this.#deliver(deliveriesOf(reply, this.#line()));
  }

  #deliver(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      if (delivery.afterMs === 0) this.#send(delivery);
      else if (this.#underWay.size < maxDeliveries) this.#sendLater(delivery);
    }
  }

  #sendLater(delivery: Delivery): void {
    const cancelTimer = this.#clock.at(this.#clock.nowNs() + delivery.afterMs * nsPerMs, () => {
      this.#underWay.delete(cancel);
      this.#send(delivery);
    });
    const cancel = (): void => {
      cancelTimer();
      this.#underWay.delete(cancel);
    };
    this.#underWay.add(cancel);
    if (delivery.next === 'again') this.#repeating = cancel;
  }

  #send(delivery: Delivery): void {
    this.#pty?.write(delivery.bytes);
    if (delivery.next === 'again') this.#sendLater(delivery);
    if (delivery.next === 'unplug') this.unplug();
  }

  #forgetClient(): void {
    for (const cancel of this.#underWay) cancel();
    this.#protocol.hangUp();
  }
}
