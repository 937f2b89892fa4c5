import { BenchlabError, createReport, OptionError } from '@benchlab-otel/core';
import { Dashboard } from '@benchlab-otel/dashboard/model';
import { WebServer } from '@benchlab-otel/dashboard/web';
import { serverAddress } from '@benchlab-otel/wire';
import { exitCode } from '../command/exitCode.ts';
import type { CommandHost } from '../host/commandHost.ts';
import { untilSignalOr } from '../host/ending.ts';
import { liveInputs } from '../live/liveInputs.ts';
import { pageFolder } from '../live/liveThemes.ts';
import { printable } from '../report/printable.ts';
import { pageSetup, type ShownOptions } from './webDashboard.ts';

export interface WebOptions extends ShownOptions {
  readonly listen: string;
  readonly tokenFile?: string;
  readonly unprotected?: boolean;
  readonly allowHost: readonly string[];
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

/** Serves the page until a signal. */
export async function runWeb(host: CommandHost, options: WebOptions): Promise<number> {
  const { terminal } = host;
  const address = listenAddress(options.listen);
  const tls = tlsOf(options);
  const inputs = liveInputs(
    host,
    options.input,
    'Write --input telemetry.jsonl, --input agent, or --input with the folder of a session.',
  );
  const setup = await pageSetup(host, options);
  const { kernels, baselines, flow } = setup;
  const [baseline] = baselines;
  const dashboard = new Dashboard({
    ...(kernels && { kernels }),
    ...(baseline && { baseline }),
    ...(flow && { flow }),
  });
  const server = new WebServer({
    ...address,
    ...(tls && { tls }),
    ...(options.tokenFile !== undefined && { tokenFile: options.tokenFile }),
    allowUnprotected: options.unprotected === true,
    hosts: options.allowHost,
    dashboard,
    inputs,
    setup,
    pageFolder,
    nowMs: Date.now,
    report: createReport('dashboard'),
  });
  const ending = untilSignalOr(undefined, host);
  try {
    const url = await server.start();
    terminal.out(`The dashboard is at ${url}\n`);
    if (options.tokenFile !== undefined) {
      terminal.out(`Open it once with the token of ${printable(options.tokenFile)}: ${url}?token=TOKEN\n`);
    }
    await ending.ended;
  } finally {
    ending.end();
    await server.stop();
  }
  return exitCode.pass;
}

function listenAddress(listen: string): { readonly host: string; readonly port: number } {
  const allowed = 'HOST:PORT with an IP address or localhost and a port from 0 to 65535: 127.0.0.1:8081, [::1]:8081';
  try {
    const address = serverAddress(`tcp:${listen}`, '--listen');
    if (address.kind === 'tcp') return { host: address.host, port: address.port };
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
  }
  throw new OptionError({ option: '--listen', value: listen, allowed });
}

function tlsOf({ tlsCert, tlsKey }: WebOptions): { readonly certFile: string; readonly keyFile: string } | undefined {
  if (tlsCert !== undefined && tlsKey !== undefined) return { certFile: tlsCert, keyFile: tlsKey };
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  throw new BenchlabError('BAD_OPTION', 'HTTPS needs a certificate and its key.', 'Write --tls-cert and --tls-key.');
}
