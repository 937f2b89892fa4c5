/** What went wrong, as a stable word that programs can branch on. */
export type BenchlabErrorCode =
  | 'NO_BOARD'
  | 'NOT_A_BENCHLAB'
  | 'UNKNOWN_FIRMWARE'
  | 'IN_BOOTLOADER'
  | 'DUPLICATE_UID'
  | 'PORT_BUSY'
  | 'PORT_UNREADABLE'
  | 'BOARD_LOST'
  | 'NO_DEVICE'
  | 'DEVICE_LOST'
  | 'BUS_FULL'
  | 'NO_PERMISSION'
  | 'NO_REPLY'
  | 'BAD_REPLY'
  | 'PORT_IN_USE'
  | 'PAGE_UNPROTECTED'
  | 'ALREADY_STARTED'
  | 'BAD_OPTION'
  | 'UNSUPPORTED'
  | 'TIMEOUT';

/**
 * A fault outside of the program: a device, a port, a network. The message states what happened, where, and what to do.
 *
 * @example throw new BenchlabError('NO_BOARD', 'No BENCHLAB found on 3 serial ports.', 'Check the cable, or pass --port.')
 */
export class BenchlabError extends Error {
  declare readonly code: BenchlabErrorCode;
  /** What the reader can do next, one sentence. It is also the end of `message`. */
  declare readonly fix: string;

  constructor(code: BenchlabErrorCode, what: string, fix: string, options?: ErrorOptions) {
    super(`${what} ${fix}`, options);
    this.name = 'BenchlabError';
    this.code = code;
    this.fix = fix;
  }
}
