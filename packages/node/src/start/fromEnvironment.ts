import { createRequire, register } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf } from '@benchlab-otel/core';
import type { Telemetry } from '../config/telemetryOptions.ts';
import { startTelemetry } from '../startTelemetry.ts';
import type { Instrumentations } from '../trace/instrumentation.ts';

const autoPackage = '@opentelemetry/auto-instrumentations-node';
/** One start a process, also where two copies of this package are loaded. */
const startedKey = Symbol.for('benchlab-otel.node.registered');

/**
 * Starts the telemetry of a program that has no line of code for it: `node --import @benchlab-otel/node/register app.js`.
 * Its configuration is the environment. Where the application has auto-instrumentations installed, they are used. What
 * fails is one line on standard error, and the application runs without it.
 */
export async function startFromEnvironment(): Promise<void> {
  const process_ = globalThis as { [startedKey]?: boolean };
  if (process_[startedKey] === true) {
    complain('@benchlab-otel/node/register is imported twice; the second import does nothing. Remove one --import.');
    return;
  }
  process_[startedKey] = true;
  try {
    const telemetry = await startTelemetry({ instrumentations: await autoInstrumentations() });
    stopAtSignals(telemetry);
  } catch (error) {
    complain(`OpenTelemetry did not start, and the application runs without it: ${messageOf(error)}`);
  }
}

/** From the folder of the application. None where the package is not installed. */
async function autoInstrumentations(): Promise<Instrumentations> {
  let path: string;
  try {
    path = createRequire(join(process.cwd(), 'package.json')).resolve(autoPackage);
  } catch {
    complain(`There are no spans of HTTP and frameworks, because ${autoPackage} is not installed.`);
    return [];
  }
  try {
    const entry = pathToFileURL(path).href;
    // Modules that are imported, and not required, are instrumented through hooks of the loader.
    register('@opentelemetry/instrumentation/hook.mjs', entry);
    const { getNodeAutoInstrumentations } = await import(entry);
    return [getNodeAutoInstrumentations()];
  } catch (error) {
    complain(`${autoPackage} cannot be loaded, so there are no spans of HTTP and frameworks: ${messageOf(error)}`);
    return [];
  }
}

/** The signals end a program that does not handle them, so what is left is exported first. */
function stopAtSignals(telemetry: Telemetry): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, async () => {
      const isAlone = process.listenerCount(signal) === 0;
      await telemetry.shutdown();
      if (isAlone) process.kill(process.pid, signal);
    });
  }
}

function complain(message: string): void {
  process.stderr.write(`benchlab-otel: ${message}\n`);
}
