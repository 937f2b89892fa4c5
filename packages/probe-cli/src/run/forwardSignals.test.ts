import { ManualClock } from '@benchlab-otel/core/testing';
import { expect, it } from 'vitest';
import type { EndSignal } from '../host/signals.ts';
import type { Child } from './child.ts';
import { forwardSignals } from './forwardSignals.ts';

/** A child that keeps what it receives, and signals that the test sends. */
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
  const listeners = new Set<(signal: EndSignal) => void>();
  const signals = {
    listen(listener: (signal: EndSignal) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onReload: () => () => undefined,
  };
  const stop = forwardSignals(child, { signals, clock, atTerminal });
  const send = (signal: EndSignal) => {
    for (const listener of listeners) listener(signal);
  };
  return { clock, got, send, stop, listeners };
}

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('passes %s on', (signal) => {
  const { got, send, stop, listeners } = forwarded();

  send(signal);
  stop();

  expect(got).toEqual([signal]);
  expect(listeners.size).toBe(0);
});

it('kills a child that still runs after five seconds', async () => {
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

it('kills no child once it was stopped', async () => {
  const { clock, got, send, stop } = forwarded();

  send('SIGTERM');
  stop();
  await clock.advanceMs(10_000);

  expect(got).toEqual(['SIGTERM']);
});
