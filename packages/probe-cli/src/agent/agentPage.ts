import { OptionError, type SampleConsumer, type StageConsumer } from '@benchlab-otel/core';
import { openInput, SampleInput } from '@benchlab-otel/dashboard';
import { Dashboard } from '@benchlab-otel/dashboard/model';
import { WebServer } from '@benchlab-otel/dashboard/web';
import type { PageWords } from '@benchlab-otel/wire';
import type { CommandHost } from '../host/commandHost.ts';
import { liveThemes, pageFolder } from '../live/liveThemes.ts';
import { pageAddress } from './config/bind.ts';
import type { ReadConfig } from './config/readConfig.ts';

/** The dashboard of the agent: its own samples, and the inputs that the configuration names. */
export interface AgentPage {
  readonly consumer: SampleConsumer & StageConsumer;
  /** Resolves to its URL. Rejects with an OptionError of `web.…` or a BenchlabError; nothing is open then. */
  start(): Promise<string>;
  /** Safe unstarted and repeated. */
  stop(): Promise<void>;
}

/** The name of the agent's own samples among the inputs. */
const ownSamples = 'receivers';

const words: PageWords = {
  page: 'dashboard',
  protect: 'Add token_file or unprotected = true to [web].',
  allowHost: 'Ask for it by its address, or add token_file to [web].',
  options: { tokenFile: 'web.tokenFile', certFile: 'web.certFile', keyFile: 'web.keyFile', port: 'web.bind' },
};

/** Errors of the server that do not name an option of `words`. */
const namesOfErrors: Readonly<Record<string, string>> = { host: 'web.host', tls: 'web.certFile' };

/** @param bind where it listens, as the configuration has it */
export async function agentPage(
  { clock }: Pick<CommandHost, 'clock'>,
  { config: { web, general } }: ReadConfig,
  bind: string,
  report: (trouble: string) => void,
): Promise<AgentPage> {
  const { node_name: node } = general;
  const { token_file: tokenFile, cert_file: certFile, key_file: keyFile } = web;
  const samples = new SampleInput(ownSamples, node ?? 'local', clock);
  const named = (web.inputs ?? []).map((input) => openInput(input, { clock, ...(node !== undefined && { node }) }));
  const server = new WebServer({
    ...pageAddress(bind),
    ...(tokenFile !== undefined && { tokenFile }),
    ...(certFile !== undefined && keyFile !== undefined && { tls: { certFile, keyFile } }),
    allowUnprotected: web.unprotected,
    dashboard: new Dashboard(),
    inputs: [samples, ...named],
    setup: { themes: await liveThemes('dark'), baselines: [] },
    pageFolder,
    nowMs: Date.now,
    report,
    words,
  });
  return {
    consumer: samples,
    async start() {
      try {
        return await server.start();
      } catch (error) {
        throw error instanceof OptionError ? error.named(namesOfErrors[error.option] ?? error.option) : error;
      }
    },
    stop: () => server.stop(),
  };
}
