import { createReport, type Report } from '../call/report.ts';
import type { LogEventDefinition } from '../registry/definition.ts';
import { checkAttributes } from './checkAttributes.ts';
import { countFault } from './recordFaults.ts';
import type { RequiredAndOptional } from './withSpanOf.ts';

/** Characters of a field of a log line. */
const maxLength = 1024;

const reports = new WeakMap<LogEventDefinition, Report>();

/**
 * The fields of a log line of the registry: its name under `event`, and its attributes as they are called on spans. The
 * compiler wants the required ones and accepts no others; what is wrong at run time is left out and counted.
 *
 * @example logger.info(eventFields(logEvents.compileEnd, { 'backend.name': 'cuda', 'process.exit.code': 0 }), 'Compiled');
 */
export function eventFields<const R extends readonly string[], const O extends readonly string[]>(
  definition: LogEventDefinition<R, O>,
  attributes: RequiredAndOptional<NoInfer<R>, NoInfer<O>>,
): Record<string, unknown> {
  const report = reports.get(definition) ?? createReport(`log event ${definition.name}`);
  reports.set(definition, report);
  const names = [...definition.required, ...definition.optional];
  try {
    const fields = checkAttributes(names, attributes, maxLength, (trouble) => {
      report(trouble);
      countFault('attribute');
    });
    for (const name of definition.required) {
      if (fields[name] !== undefined) continue;
      report(`it has no '${name}', which the registry requires.`);
      countFault('missing_attribute');
    }
    return { event: definition.name, ...fields };
  } catch (error) {
    report('its attributes could not be read.', error);
    countFault('attribute');
    return { event: definition.name };
  }
}
