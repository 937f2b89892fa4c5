import { readdir } from 'node:fs/promises';
import { messageOf } from '@benchlab-otel/core';
import { packFile } from '../folder/packFile.ts';
import type { SessionPaths } from '../folder/sessionPaths.ts';
import { type OpenStream, StreamFile } from './streamFile.ts';

export interface SessionStreamsOptions {
  readonly paths: SessionPaths;
  readonly segmentBytes: number;
  /** Number of the next closed segment by stream. */
  readonly segments: ReadonlyMap<string, number>;
  readonly trouble: (what: string) => void;
  readonly openStream?: OpenStream;
}

const closedSegment = /^(.+)\.(\d+)\.jsonl(?:\.gz)?$/;

/** Numbers that no closed segment in `raw/` has, by stream. */
export async function nextSegments(raw: string): Promise<ReadonlyMap<string, number>> {
  const next = new Map<string, number>();
  for (const name of await readdir(raw)) {
    const [, stream, number] = closedSegment.exec(name) ?? [];
    if (stream !== undefined) next.set(stream, Math.max(next.get(stream) ?? 1, Number(number) + 1));
  }
  return next;
}

/** The files of a session that is being written: one a stream, and that of the rows. */
export class SessionStreams {
  readonly #options: SessionStreamsOptions;
  readonly #streams = new Map<string, StreamFile>();
  readonly #rows: StreamFile;
  #packing: Promise<void> = Promise.resolve();

  constructor(options: SessionStreamsOptions) {
    const { paths, openStream } = options;
    this.#options = options;
    this.#rows = new StreamFile({ folder: paths.aligned, stream: 'latency', ...(openStream && { openStream }) });
  }

  /** Characters of all lines that wait. */
  get waitingSize(): number {
    let size = this.#rows.waitingSize;
    for (const stream of this.#streams.values()) size += stream.waitingSize;
    return size;
  }

  add(stream: string, line: string): void {
    let file = this.#streams.get(stream);
    if (file === undefined) {
      const { paths, segmentBytes, segments, openStream } = this.#options;
      file = new StreamFile({
        folder: paths.raw,
        stream,
        segmentBytes,
        nextSegment: segments.get(stream) ?? 1,
        onClosed: (path) => this.#pack(path),
        ...(openStream && { openStream }),
      });
      this.#streams.set(stream, file);
    }
    file.add(line);
  }

  row(line: string): void {
    this.#rows.add(line);
  }

  /** @throws the error of the disk; what it did not take waits on */
  async flush(): Promise<void> {
    for (const stream of [...this.#streams.values(), this.#rows]) await stream.flush();
  }

  /** Waits for segments that are being packed. */
  async close(): Promise<void> {
    await this.#packing;
    for (const stream of [...this.#streams.values(), this.#rows]) await stream.close();
  }

  /** One after the other: each takes a core for seconds. One that cannot be packed stays as it is, and is read as well. */
  #pack(path: string): void {
    this.#packing = this.#packing
      .then(() => packFile(path))
      .catch((error) => this.#options.trouble(`${path} could not be packed: ${messageOf(error)}.`));
  }
}
