/** What a transport reports. Both methods are called synchronously: they should queue, and do no work. */
export interface TransportListener {
  /** Bytes arrived. The transport reuses the buffer: copy what you keep. */
  data(bytes: Uint8Array): void;
  /** The device or its driver ended the connection. Called once at most, and never after `close`. */
  closed(error?: Error): void;
}

/** An open byte connection to a device. One object is opened once; a device that comes back gets a new one. */
export interface Transport {
  /** The port as it was asked for: `/dev/ttyACM0`. */
  readonly path: string;
  /** Rejects with a BenchlabError that names the fix: PORT_BUSY, PORT_UNREADABLE, NO_BOARD. */
  open(listener: TransportListener): Promise<void>;
  /** Discards bytes that the driver has received and that were not read yet. */
  flush(): Promise<void>;
  write(bytes: Uint8Array): Promise<void>;
  /** Safe unopened, twice, and after the device has gone. */
  close(): Promise<void>;
}

/** Makes an unopened transport for a port. */
export type TransportFactory = (path: string) => Transport;
