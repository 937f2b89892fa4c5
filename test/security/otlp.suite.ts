// What the tests of the receiver of `benchlab-probe run` under attack share.
import { expect, onTestFinished } from 'vitest';
import { type OtlpReceiver, startOtlpReceiver } from '../../packages/probe-cli/src/otlp/otlpReceiver.ts';
import { framed, grpcCall, headersOf, raw, tracePath } from './attackers.ts';
import { spanBytes, traceRequest } from './otlpBytes.ts';

export interface Address {
  readonly port: number;
  /** `name=value` */
  readonly header: string;
}

export async function receiver(): Promise<OtlpReceiver & Address> {
  const started = await startOtlpReceiver();
  onTestFinished(() => started.close());
  return Object.assign(started, { port: Number(new URL(started.endpoint).port) });
}

export const startNs: bigint = BigInt(Date.now()) * 1_000_000n;

/** A request with one span. @param id distinguishes it from other spans */
export function oneSpan(name: string, id = 1): Buffer {
  return traceRequest([spanBytes({ name, id, startNs, endNs: startNs + 5n })]);
}

type Send = (to: Address, body: Buffer, headers?: Readonly<Record<string, string>>) => Promise<number | string>;

/** Sends one request with the header of the run, unless `headers` has another value for it. Resolves to the status. */
export const protocols: Readonly<Record<'HTTP' | 'gRPC', Send>> = {
  async HTTP(to, body, headers = {}) {
    const all = { Host: 'localhost', 'Content-Type': 'application/x-protobuf', ...headersOf(to), ...headers };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    const head = `POST /v1/traces HTTP/1.1\r\n${lines.join('')}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
    const answer = await raw(to.port, Buffer.concat([Buffer.from(head), body]));
    return Number(answer.slice(9, 12));
  },
  async gRPC(to, body, headers = {}) {
    const { Host: host, ...others } = headers;
    const all = { ...headersOf(to), ...others, ...(host === undefined ? {} : { ':authority': host }) };
    const { grpcStatus } = await grpcCall(to.port, tracePath, all, framed(body, 'grpc-encoding' in headers));
    return grpcStatus ?? 'no answer';
  },
};
export const protocolNames = ['HTTP', 'gRPC'] as const;

/** The status of an answer over the protocol. */
export function statusOf(protocol: (typeof protocolNames)[number], http: number, grpc: string): number | string {
  return protocol === 'HTTP' ? http : grpc;
}

/** Lets the event loop run until then. Independent of clocks that a test turns. */
export async function turnsUntil(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 100_000 && !isSo(); turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(isSo()).toBe(true);
}
