import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What a call of the API gives back, in the form of the chat completions that many providers have. */
export interface Completion {
  readonly model: string;
  readonly choices: readonly { readonly message: { readonly content: string } }[];
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number };
}

export const emulatedModel = 'emulated-coder-1';
const msPerToken = 4;

/** The whole knowledge of the model: what it writes for a prompt that has this word. */
const answers: Readonly<Record<string, string>> = {
  plan: 'dot\nscaled_sum\nclipped',
  dot: 'export const kernel = (a, b) => a.reduce((sum, x, k) => sum + x * b[k], 0);',
  scaled_sum: 'export const kernel = (a, b) => a.map((x, k) => 2 * x + b[k]);',
  clipped: 'export const kernel = (a) => a.map((x) => Math.min(1, Math.max(-1, x)));',
};

/** An emulated AI API on the loopback: no model runs, and its answers are above. It takes its time by the token. */
export class EmulatedAiApi {
  readonly #server: Server = createServer((request, response) => void answer(request, response));

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await new Promise((resolve, reject) => this.#server.once('listening', resolve).once('error', reject));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const bytes of request) body += bytes;
  const prompt = String(JSON.parse(body).messages?.at(-1)?.content ?? '');
  const word = Object.keys(answers).find((each) => prompt.includes(each));
  const content = answers[word ?? ''] ?? '';
  const usage = { prompt_tokens: tokens(prompt), completion_tokens: tokens(content) };
  await pause((usage.prompt_tokens + usage.completion_tokens) * msPerToken);
  const completion: Completion = { model: emulatedModel, choices: [{ message: { content } }], usage };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(completion));
}

function tokens(text: string): number {
  return text.split(/[^\w]+/).length;
}
