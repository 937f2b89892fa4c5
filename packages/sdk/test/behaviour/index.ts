import { describe } from 'vitest';
import type { DeskClass, ShopClass } from '../desk.ts';
import { accessors } from './accessors.ts';
import { capture } from './capture.ts';
import { classes } from './classes.ts';
import { failures } from './failures.ts';
import { faults } from './faults.ts';
import { generators } from './generators.ts';
import { metricsOfCalls } from './metricsOfCalls.ts';
import { observables } from './observables.ts';
import { openResults } from './openResults.ts';
import { spans } from './spans.ts';
import { streams } from './streams.ts';
import { thenables } from './thenables.ts';
import { transparency } from './transparency.ts';

/** One mode of decoration: its classes, and how it names a method in `code.function.name`. */
export interface Mode {
  readonly Desk: DeskClass;
  /** A subclass that overrides `run`, marked as well, and calls it on the superclass. */
  readonly Branch: DeskClass;
  /** A class that is marked as a whole. */
  readonly Shop: ShopClass;
  readonly functionName: (method: string) => string;
}

/** The one suite that every mode of decoration passes: decorated classes come in, no decorator is written here. */
export function behaviour(name: string, mode: Mode): void {
  describe(name, () => {
    describe('spans', () => spans(mode));
    describe('failures', () => failures(mode));
    describe('thenables', () => thenables(mode));
    describe('generators', () => generators(mode));
    describe('streams', () => streams(mode));
    describe('observables', () => observables(mode));
    describe('results that outlive the call', () => openResults(mode));
    describe('transparency', () => transparency(mode));
    describe('accessors', () => accessors(mode));
    describe('capture', () => capture(mode));
    describe('classes', () => classes(mode));
    describe('metrics', () => metricsOfCalls(mode));
    describe('faults of other code', () => faults(mode));
  });
}
