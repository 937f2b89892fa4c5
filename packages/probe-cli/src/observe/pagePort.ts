import { createServer } from 'node:net';
import { BenchlabError } from '@benchlab-otel/core';

/** In the order in which `startTelemetry` reads them. */
export const portVariables = ['OTEL_EXPORTER_PROMETHEUS_PORT', 'PROMETHEUS_PORT'] as const;

/** The port of the metrics page of a program. */
export interface PagePort {
  readonly port?: number;
  /** Why it is not known. */
  readonly note?: string;
}

/** The port that the user has chosen, else a free one. */
export async function pagePort(environment: NodeJS.ProcessEnv): Promise<PagePort> {
  const name = portVariables.find((each) => environment[each]?.trim());
  if (name === undefined) return { port: await freePort() };
  const text = environment[name]?.trim() ?? '';
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port > 0 && port <= 65_535) return { port };
  return {
    note: `the metrics page of the program is not read, because ${name} gives it no port that is known: remove the variable`,
  };
}

/** A port of the loopback that nothing listens on now. Another program can take it before the one that it is for. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (cause) =>
      reject(
        new BenchlabError('PORT_IN_USE', `There is no free port: ${cause.message}.`, 'Free a port and try again.', {
          cause,
        }),
      ),
    );
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
