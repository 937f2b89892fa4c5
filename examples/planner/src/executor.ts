import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { stampArtefact } from '@benchlab-otel/node';
import { runTool } from '@benchlab-otel/presets';
import { withSpan } from '@benchlab-otel/sdk';
import { context, propagation, ROOT_CONTEXT } from '@opentelemetry/api';
import { callModel } from './callModel.ts';
import { type Agent, startProcess } from './telemetry.ts';

/** What the planner sends. */
interface Task {
  readonly operator: string;
}

/** What it gets: the file of the kernel, which has a stamp, and the hash of its text in the store of artifacts. */
export interface Made {
  readonly file: string;
  readonly sha256: string | undefined;
}

export interface ExecutorOptions {
  readonly folder: string;
  readonly aiUrl: string;
  readonly agent?: Agent;
}

/** The second process: writes kernels with the model, and lets Node check them. Reports its address to its parent, and ends with it. */
export async function executor({ folder, aiUrl, agent }: ExecutorOptions): Promise<void> {
  const { telemetry, artifacts } = await startProcess('executor', join(folder, 'artifacts'), agent);
  const made = (task: Task): Promise<Made> =>
    withSpan('executor.task', { attributes: { 'operator.name': task.operator } }, async () => {
      const text = await callModel(aiUrl, `Write the kernel ${task.operator}.`);
      const file = join(folder, `${task.operator}.mjs`);
      await writeFile(file, text);
      await runTool(process.execPath, ['--check', file], { version: process.version, outputs: [file], artifacts });
      await stampArtefact(file);
      return { file, sha256: (await artifacts.keep('kernel', text))?.sha256 };
    });
  const server = createServer(async (request, response) => {
    // The planner's trace and baggage continue here.
    const caller = propagation.extract(ROOT_CONTEXT, request.headers);
    const result = await context
      .with(caller, async () => made(JSON.parse(await bodyOf(request))))
      .catch((error) => error);
    const isMade = !(result instanceof Error);
    response.writeHead(isMade ? 200 : 500).end(isMade ? JSON.stringify(result) : result.message);
  }).listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
  process.once('disconnect', async () => {
    server.closeAllConnections();
    server.close();
    await telemetry.shutdown();
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const bytes of request) body += bytes;
  return body;
}
