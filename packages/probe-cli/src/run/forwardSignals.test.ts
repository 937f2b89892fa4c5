import { ManualClock } from '@benchlab-otel/core/testing';
import { expect, it } from 'vitest';
import type { Child } from './child.ts';
import { forwardSignals } from './forwardSignals.ts';

/** Sends signals to what is forwarded alone: this process is not to end of them. */
function forwarded(atTerminal = false) {
  const clock = new ManualClock();
  const got: string[] = [];
  const child: Child = {
    pid: 1,
    exited: new Promise(() => undefined),
    signal: (signal) => got.push(signal),
    kill: () => got.push('killed'),
    endLeftBehind: () => false,
  };
  const stop = forwardSignals(child, { clock, atTerminal });
  const listeners = process.listeners('SIGTERM');
  const send = (signal: NodeJS.Signals) => listeners.at(-1)?.(signal);
  return { clock, got, send, stop };
}

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('passes %s on', (signal) => {
  const before = process.listenerCount(signal);
  const { got, send, stop } = forwarded();

  expect(process.listenerCount(signal)).toBe(before + 1);
  send(signal);
  stop();

  expect(got).toEqual([signal]);
  expect(process.listenerCount(signal)).toBe(before);
});

it('kills a child that is still there after five seconds', async () => {
  const { clock, got, send, stop } = forwarded();

  send('SIGTERM');
  await clock.advanceMs(4_999);
  expect(got).toEqual(['SIGTERM']);
  await clock.advanceMs(2);
  stop();

  expect(got).toEqual(['SIGTERM', 'killed']);
});

it('kills at a second signal, but not when one Ctrl-C comes twice', async () => {
  const { clock, got, send, stop } = forwarded();

  send('SIGINT');
  send('SIGINT');
  expect(got).toEqual(['SIGINT']);
  await clock.advanceMs(600);
  send('SIGTERM');
  stop();

  expect(got).toEqual(['SIGINT', 'killed']);
});

it('leaves the first Ctrl-C at a terminal to the child, without a limit of time', async () => {
  const { clock, got, send, stop } = forwarded(true);

  send('SIGINT');
  await clock.advanceMs(60_000);
  expect(got).toEqual([]);
  send('SIGINT');
  stop();

  expect(got).toEqual(['killed']);
});

it('kills nobody any more once it was stopped', async () => {
  const { clock, got, send, stop } = forwarded();

  send('SIGTERM');
  stop();
  await clock.advanceMs(10_000);

  expect(got).toEqual(['SIGTERM']);
});
