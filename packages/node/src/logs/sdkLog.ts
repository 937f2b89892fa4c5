import { inspect } from 'node:util';
import { type DiagLogger, type DiagLogLevel, diag } from '@opentelemetry/api';
import type { Logger } from 'pino';

/** The longest line that the SDK gets, characters. */
const LONGEST = 1000;

/** Sends what the OpenTelemetry SDK says about itself to `logger`. The returned function ends that. */
export function logSdk(logger: Logger, level: DiagLogLevel): () => void {
  // The level of diag decides alone; `trace` lets all of it through.
  const target = logger.child(
    { component: 'opentelemetry' },
    { level: logger.level === 'silent' ? 'silent' : 'trace' },
  );
  const diagLogger: DiagLogger = {
    error: (...args) => target.error(line(args)),
    warn: (...args) => target.warn(line(args)),
    info: (...args) => target.info(line(args)),
    debug: (...args) => target.debug(line(args)),
    verbose: (...args) => target.trace(line(args)),
  };
  diag.setLogger(diagLogger, { logLevel: level, suppressOverrideMessage: true });
  return () => diag.disable();
}

function line(args: readonly unknown[]): string {
  return args.map(word).join(' ').slice(0, LONGEST);
}

function word(arg: unknown): string {
  if (typeof arg === 'string') return arg;
  return arg instanceof Error ? arg.message : inspect(arg, { depth: 2, breakLength: Number.POSITIVE_INFINITY });
}
