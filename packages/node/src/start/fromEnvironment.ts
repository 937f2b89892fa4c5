import { createRequire, register } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { BenchlabError, messageOf } from '@benchlab-otel/core';
import type { Telemetry, TelemetryOptions } from '../config/telemetryOptions.ts';
import { startTelemetry } from '../startTelemetry.ts';
import type { Instrumentations } from '../trace/instrumentation.ts';

const autoPackage = '@opentelemetry/auto-instrumentations-node';
/** One start a process, also where two copies of this package are loaded. */
const startedKey = Symbol.for('benchlab-otel.node.registered');

/**
 * Starts the telemetry of a program that has no line of code for it: `node --import @benchlab-otel/node/register app.js`.
 * Its configuration is the environment. Where the application has auto-instrumentations installed, they are used. What
 * fails is one line on standard error, and the application runs without it. Worker threads, which import it too, belong to
 * the process and start nothing.
 */
export async function startFromEnvironment(): Promise<void> {
  if (!isMainThread) return;
  const process_ = globalThis as { [startedKey]?: boolean };
  if (process_[startedKey] === true) {
    complain('@benchlab-otel/node/register is imported twice; the second import does nothing. Remove one --import.');
    return;
  }
  process_[startedKey] = true;
  try {
    stopAtSignals(
      await started({ instrumentations: await autoInstrumentations(), log: { destination: process.stderr } }),
    );
  } catch (error) {
    complain(`OpenTelemetry did not start, and the application runs without it: ${messageOf(error)}`);
  }
}

/** Workers of a cluster have the variables of the primary, and so its port: they start without a page. */
async function started(options: TelemetryOptions): Promise<Telemetry> {
  try {
    return await startTelemetry(options);
  } catch (error) {
    if (!(error instanceof BenchlabError) || error.code !== 'PORT_IN_USE') throw error;
    complain(`There is no metrics page: ${error.message}`);
    return await startTelemetry({ ...options, metricsPage: false });
  }
}

/** None where the package is not installed, or makes nothing that is wanted. */
async function autoInstrumentations(): Promise<Instrumentations> {
  const { OTEL_SDK_DISABLED: isDisabled = '', OTEL_TRACES_EXPORTER: traces = '' } = process.env;
  const isWanted = !/^\s*true\s*$/i.test(isDisabled) && !/^\s*none\s*$/i.test(traces);
  const path = autoPath();
  if (path === undefined) {
    const fix = `To have them, npm install ${autoPackage}.`;
    if (isWanted)
      complain(`There are no spans of HTTP and frameworks, because ${autoPackage} is not installed. ${fix}`);
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

/** From the folder of the program, which may be started from another folder; else from the current folder. */
function autoPath(): string | undefined {
  const [, program] = process.argv;
  for (const from of [program && resolve(program), join(process.cwd(), 'package.json')]) {
    try {
      if (from) return createRequire(from).resolve(autoPackage);
    } catch {
      // Not installed there.
    }
  }
  return undefined;
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
