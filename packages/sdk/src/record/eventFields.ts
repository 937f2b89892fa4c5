import type { LogEventDefinition, Vocabulary } from '@benchlab-otel/core';
import { type RequiredAndOptional, signalCheck } from './signalCheck.ts';

/**
 * The fields of a log line of a registry: its name under `event`, and its attributes under the names that they have on
 * spans. The compiler wants the required ones and accepts only those of the definition. At run time a wrong one is left
 * out, counted in `benchlab.record.faults` and reported through `diag`.
 *
 * @example logger.info(eventFields(logEvents.compileEnd, { 'backend.name': 'cuda', 'process.exit.code': 0 }), 'Compiled');
 */
export function eventFields<
  const R extends readonly string[],
  const O extends readonly string[],
  V extends Vocabulary = Vocabulary,
>(
  definition: LogEventDefinition<R, O, V>,
  attributes: RequiredAndOptional<NoInfer<R>, NoInfer<O>, NoInfer<V>>,
): Record<string, unknown> {
  return { event: definition.name, ...signalCheck(definition).attributes(attributes) };
}
