import { boardIdentity, type CommandName, type FirmwareContract } from '@benchlab-otel/hw-receivers/protocol';
import { type BoardMemory, factoryMemory, fanCount, fanProfileCount, nameLength, rgbProfileCount } from './memory.ts';
import { divideRequests, type RequestShape, requestShapes } from './request.ts';

/** What a board sends, and the command that it belongs to. */
export interface Reply {
  readonly command: CommandName;
  readonly bytes: Uint8Array;
}

export interface BoardTraits {
  readonly contract: FirmwareContract;
  /** 12 bytes. */
  readonly uid: Uint8Array;
  readonly name: string;
  /** The sensor reply of this instant. */
  readonly sensors: () => Uint8Array;
}

// COMMAND_STATUS of the vendor's contracts.
const status = { ok: 0, badLength: 1, badParameter: 2, unknownOpcode: 3 } as const;

/** A request that is longer than one USB packet is joined from several. */
const packetBytes = 64;
const calibrationSlots = 2; // CAL_NUM

/**
 * The board's half of the conversation: request bytes in, replies out. A write has no reply. An unknown or malformed request
 * has none either: only a later STATUS reports it. Time, lines and their faults are not part of this.
 */
export class BoardProtocol {
  readonly #traits: BoardTraits;
  readonly #shapes: ReadonlyMap<number, RequestShape>;
  readonly #memory: BoardMemory;
  #status: number = status.ok;
  #unfinished: Uint8Array = new Uint8Array(0);

  constructor(traits: BoardTraits) {
    this.#traits = traits;
    this.#shapes = requestShapes(traits.contract);
    this.#memory = factoryMemory(traits.contract, traits.name);
  }

  /** Takes one transfer of the client. */
  receive(transfer: Uint8Array): readonly Reply[] {
    const bytes = joined(this.#unfinished, transfer);
    this.#unfinished = new Uint8Array(0);
    const wanted = this.#shapes.get(bytes[0] ?? -1)?.length;
    if (typeof wanted === 'number' && wanted > packetBytes && bytes.length < wanted) {
      this.#unfinished = bytes; // bounded by `wanted`: a whole struct and its opcode
      return [];
    }
    return divideRequests(bytes, this.#shapes).flatMap((request) => this.#answer(request));
  }

  /** The client is gone: an unfinished request is dropped. */
  hangUp(): void {
    this.#unfinished = new Uint8Array(0);
  }

  /** What newer firmware sends without a request when a client opens the port. */
  greeting(): Reply | undefined {
    // The firmwares that push their welcome are those that send it padded to 32 bytes (vendor's library).
    return this.#traits.contract.replyBytes.WELCOME === nameLength ? this.#welcome() : undefined;
  }

  #answer(request: Uint8Array): readonly Reply[] {
    const shape = this.#shapes.get(request[0] ?? -1);
    if (!shape) {
      this.#status = status.unknownOpcode;
      return [];
    }
    // STATUS reports the command before it and does not change it.
    if (shape.command === 'STATUS') return [{ command: 'STATUS', bytes: Uint8Array.of(this.#status) }];
    this.#status = hasRightLength(request, shape) ? status.ok : status.badLength;
    if (this.#status !== status.ok) return [];
    if (shape.command === 'WELCOME') return [this.#welcome()];
    const bytes = this.#read(shape.command, request) ?? this.#write(shape.command, request);
    return bytes ? [{ command: shape.command, bytes }] : [];
  }

  #welcome(): Reply {
    const bytes = new Uint8Array(this.#traits.contract.replyBytes.WELCOME ?? nameLength);
    new TextEncoder().encodeInto('BENCHLAB', bytes);
    return { command: 'WELCOME', bytes };
  }

  #read(command: CommandName, [, first = 0, second = 0]: Uint8Array): Uint8Array | undefined {
    const { contract, uid, sensors } = this.#traits;
    switch (command) {
      case 'READ_SENSORS':
        return sensors();
      case 'READ_NAME':
        return this.#memory.name;
      case 'READ_UID':
        return uid;
      case 'READ_VENDOR_DATA':
        return Uint8Array.of(boardIdentity.vendorId, contract.productId, contract.firmware);
      case 'READ_FAN_PROFILE':
        return this.#accept(first < fanProfileCount && second < fanCount)
          ? this.#memory.fanProfiles[first * fanCount + second]
          : undefined;
      case 'READ_RGB':
        return this.#accept(first < rgbProfileCount) ? this.#memory.rgbProfiles[first] : undefined;
      case 'READ_CALIBRATION':
        return this.#memory.calibration;
      case 'READ_FAULT':
        return this.#memory.faultConfig;
      case 'READ_DEFAULT_CONFIG':
        return this.#memory.defaultConfig;
      default:
        return undefined;
    }
  }

  /** Buttons, slots and resets only change STATUS: an emulated board has nothing that they could switch. */
  #write(command: CommandName, request: Uint8Array): undefined {
    const [, first = 0, second = 0] = request;
    switch (command) {
      case 'WRITE_NAME':
        this.#memory.name = padded(request.slice(1, nameLength), nameLength);
        break;
      case 'WRITE_FAN_PROFILE':
        if (this.#accept(first < fanProfileCount && second < fanCount))
          this.#memory.fanProfiles[first * fanCount + second] = request.slice(3);
        break;
      case 'WRITE_RGB':
        if (this.#accept(first < rgbProfileCount)) this.#memory.rgbProfiles[first] = request.slice(2);
        break;
      case 'WRITE_CALIBRATION':
        this.#writeCalibration(request);
        break;
      case 'WRITE_FAULT':
        this.#memory.faultConfig = request.slice(1);
        break;
      case 'LOAD_CALIBRATION':
      case 'STORE_CALIBRATION':
        this.#accept(first < calibrationSlots);
        break;
    }
  }

  #writeCalibration(request: Uint8Array): void {
    const { calibration } = this.#memory;
    if (request.length === 1 + calibration.length) {
      this.#memory.calibration = request.slice(1);
      return;
    }
    const [, offset = 0] = request; // older firmware: one byte of offset, and a piece
    const piece = request.subarray(2);
    if (this.#accept(offset + piece.length <= calibration.length)) calibration.set(piece, offset);
  }

  #accept(isValid: boolean): boolean {
    if (!isValid) this.#status = status.badParameter;
    return isValid;
  }
}

function hasRightLength(request: Uint8Array, { command, length, isExact }: RequestShape): boolean {
  if (command === 'WRITE_NAME') return request.length <= 1 + nameLength;
  if (length === 'rest') return request.length > 1;
  return isExact ? request.length === length : request.length >= length;
}

/** Always a copy, because the buffer of the reader changes. */
function joined(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return bytes;
}

function padded(bytes: Uint8Array, length: number): Uint8Array {
  const into = new Uint8Array(length);
  into.set(bytes);
  return into;
}
