import type { LogEventDefinition } from '@benchlab-otel/core';
import { type RequiredAndOptional, signalCheck } from './signalCheck.ts';

/**
 * The fields of a log line of the registry: its name under `event`, and its attributes as they are called on spans. The
 * compiler wants the required ones and accepts no others; what is wrong at run time is left out, counted in
 * `benchlab.record.faults` and told to `diag`.
 *
 * @example logger.info(eventFields(logEvents.compileEnd, { 'backend.name': 'cuda', 'process.exit.code': 0 }), 'Compiled');
 */
export function eventFields<const R extends readonly string[], const O extends readonly string[]>(
  definition: LogEventDefinition<R, O>,
  attributes: RequiredAndOptional<NoInfer<R>, NoInfer<O>>,
): Record<string, unknown> {
  return { event: definition.name, ...signalCheck(definition).attributes(attributes) };
}
