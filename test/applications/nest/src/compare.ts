// Runs the application with marks and its twin without, sends both the same requests, and compares every answer.
import { deepStrictEqual } from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { inMemoryTelemetry } from '@benchlab-otel/sdk/testing';

const requests: readonly [method: string, path: string, role?: string][] = [
  ['GET', '/orders/count'],
  ['POST', '/orders?cents=250'],
  ['POST', '/orders?cents=250', 'clerk'],
  ['POST', '/orders?cents=many', 'manager'],
  ['POST', '/orders?cents=250', 'manager'],
  ['GET', '/orders/2'],
  ['GET', '/orders/2', 'clerk'],
  ['GET', '/orders/99', 'clerk'],
  ['GET', '/orders/all'],
  ['GET', '/orders/stream'],
  ['GET', '/orders/count'],
  ['GET', '/nowhere'],
];

async function observe(folder: string): Promise<object> {
  const { createApp } = await import(resolve(folder, 'app.js'));
  const { app, document, fire } = await createApp();
  const server = await app.listen(0, '127.0.0.1');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const jobs = fire();
  const answers = [];
  for (const [method, path, role] of requests) {
    const response = await fetch(url + path, { method, headers: role === undefined ? {} : { 'x-role': role } });
    const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== 'date'));
    answers.push({ method, path, role, status: response.status, headers, body: await response.text() });
  }
  await app.close();
  return { document, jobs, answers };
}

async function main(): Promise<void> {
  const [marked = '', twin = ''] = process.argv.slice(2);
  const telemetry = inMemoryTelemetry();
  const ofTwin = await observe(twin);
  console.log('spans of the twin:', telemetry.spans().length);
  const ofMarked = await observe(marked);
  deepStrictEqual(ofMarked, ofTwin);
  console.log('answers compared:', requests.length);
  const names = new Set(telemetry.spans().map(({ name }) => name));
  console.log([...names].sort().join('\n'));
  await telemetry.shutdown();
}

void main();
