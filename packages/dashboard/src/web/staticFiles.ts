import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { BenchlabError } from '@benchlab-otel/core';
import { send } from '@benchlab-otel/wire';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

interface StaticFile {
  readonly type: string;
  readonly body: Buffer;
  readonly gzipped: Buffer;
  /** Its name changes with its content. */
  readonly isHashed: boolean;
}

/** The files of the page, by the path under which it asks for them. No other file can be asked for. */
export class StaticFiles {
  readonly #files: ReadonlyMap<string, StaticFile>;

  private constructor(files: ReadonlyMap<string, StaticFile>) {
    this.#files = files;
  }

  /** @throws BenchlabError UNSUPPORTED when the page was not built */
  static async read(folder: string): Promise<StaticFiles> {
    const names = await readdir(folder, { recursive: true }).catch(() => []);
    const files = new Map<string, StaticFile>();
    for (const name of names) {
      const type = types[extname(name)];
      if (type === undefined) continue;
      const body = await readFile(join(folder, name));
      const isHashed = name.startsWith('assets/');
      files.set(name === 'index.html' ? '/' : `/${name}`, { type, body, gzipped: gzipSync(body), isHashed });
    }
    if (files.has('/')) return new StaticFiles(files);
    const fix = 'In a checkout of the repository, run npm run build. Otherwise install the package again.';
    throw new BenchlabError('UNSUPPORTED', `The page is not in ${folder}.`, fix);
  }

  /** Whether there is a file at this path; it was sent then. */
  send(path: string, request: IncomingMessage, response: ServerResponse): boolean {
    const file = this.#files.get(path);
    if (file === undefined) return false;
    const isGzip = /(?:^|[\s,])gzip(?:[\s,]|$)/.test(String(request.headers['accept-encoding'] ?? ''));
    response.setHeader('vary', 'accept-encoding');
    if (isGzip) response.setHeader('content-encoding', 'gzip');
    if (file.isHashed) response.setHeader('cache-control', 'private, max-age=31536000, immutable');
    send(request, response, 200, file.type, isGzip ? file.gzipped : file.body);
    return true;
  }
}
