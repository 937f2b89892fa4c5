import { inspect } from 'node:util';
import { type DiagLogger, type DiagLogLevel, diag } from '@opentelemetry/api';
import type { Logger } from 'pino';

/** Characters of a message of the SDK that are logged. */
const longestLine = 1000;

/** Logs the diagnostic messages of the OpenTelemetry SDK. The returned function ends that. */
export function logSdk(logger: Logger, level: DiagLogLevel): () => void {
  // Only the level of diag decides: `trace` accepts all messages.
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
  return args.map(word).join(' ').slice(0, longestLine);
}

function word(arg: unknown): string {
  if (typeof arg === 'string') return arg;
  return arg instanceof Error ? arg.message : inspect(arg, { depth: 2, breakLength: Number.POSITIVE_INFINITY });
}
