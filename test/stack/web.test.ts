import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemProgram } from '../../scripts/stack-system.mjs';
import { freePorts, type RunningServer, startServer } from './process.ts';

const run = promisify(execFile);
const shipped = fileURLToPath(new URL('../../collector-config/prometheus/web.yml', import.meta.url));
const password = 'only for this test';
/** bcrypt of it, with a cost that tests can wait for. */
const hash = '$2b$04$aRuIFw5qjampuhjLjuVbw.eyDpov3FcYrBJXHCfeKivsUY3I1r00u';

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
}

let port: number;
let certificate: string;
let server: RunningServer;

function ask(path: string, credentials?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port,
      path,
      ca: certificate,
      servername: 'localhost',
      ...(credentials === undefined ? {} : { auth: credentials }),
    };
    request(options, (response) => {
      response.resume();
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }));
    })
      .on('error', reject)
      .end();
  });
}

beforeAll(async () => {
  [port] = (await freePorts(1)) as [number];
  server = await startServer({
    program: 'prometheus',
    args: async (folder) => {
      await mkdir(join(folder, 'tls'));
      const [key, crt] = [join(folder, 'tls/prometheus.key'), join(folder, 'tls/prometheus.crt')];
      await run(systemProgram('openssl'), [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-days',
        '1',
        '-subj',
        '/CN=localhost',
        '-addext',
        'subjectAltName=DNS:localhost',
        '-keyout',
        key,
        '-out',
        crt,
      ]);
      certificate = readFileSync(crt, 'utf8');
      // The shipped file with one more user, whose password the test knows.
      await copyFile(shipped, join(folder, 'web.yml'));
      await writeFile(join(folder, 'web.yml'), `${readFileSync(shipped, 'utf8').trimEnd()}\n  reader: ${hash}\n`);
      await writeFile(join(folder, 'prometheus.yml'), 'scrape_configs: []\n');
      return [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        `--web.config.file=${join(folder, 'web.yml')}`,
        '--web.enable-otlp-receiver',
      ];
    },
    readyUrl: `https://localhost:${port}/-/ready`,
    isReady: () =>
      ask('/-/ready', `reader:${password}`).then(
        ({ status }) => status === 200,
        () => false,
      ),
  });
});
afterAll(() => server?.stop());

test.each(['/-/ready', '/metrics', '/api/v1/query?query=up', '/api/v1/otlp/v1/metrics', '/federate'])(
  '%s is 401 without a password, and with a wrong one',
  async (path) => {
    expect((await ask(path)).status).toBe(401);
    expect((await ask(path, 'reader:wrong')).status).toBe(401);
  },
);

test('the right password opens it', async () => {
  const { status, headers } = await ask('/api/v1/query?query=up', `reader:${password}`);

  expect(status).toBe(200);
  expect(headers['x-frame-options']).toBe('deny');
});

test.each(['', 'benchlab', 'admin', 'password'])('the user of the shipped file has no password "%s"', async (guess) => {
  expect((await ask('/-/ready', `benchlab:${guess}`)).status).toBe(401);
});

test('without TLS there is no answer', async () => {
  const response = await fetch(`http://127.0.0.1:${port}/-/ready`);

  expect(response.status).toBe(400);
});
