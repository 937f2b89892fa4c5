import {
  createReport,
  knownOptions,
  numberOption,
  OptionError,
  type OptionNames,
  textOption,
} from '@benchlab-otel/core';
import { withSpanOf } from '@benchlab-otel/sdk';
import type { Attributes, Span } from '@opentelemetry/api';
import { toolchainRun } from '../registry/spansOfPipeline.ts';
import { hashedFile, type ToolOutput } from './toolOutput.ts';
import { type ToolEnd, toolProcess } from './toolProcess.ts';

/** The part of a store of artifacts that is used: `artifactStore()` of `@benchlab-otel/enrichers`. */
export interface ToolArtifacts {
  keep(name: string, content: Uint8Array): Promise<{ readonly sha256: string } | undefined>;
}

/** How a tool is run, and what is recorded of it. */
export interface RunToolOptions {
  /** Files that it makes, relative to `cwd`: their hashes and sizes are recorded. */
  readonly outputs?: readonly string[];
  /** Keeps standard output and standard error, and gives their hashes to the span. */
  readonly artifacts?: ToolArtifacts;
  /** Its version, or the arguments that make it print it: `['--version']`. */
  readonly version?: string | readonly string[];
  /** Whether the result came from a cache of builds, by what the tool wrote. */
  readonly isCacheHit?: (end: ToolEnd) => boolean;
  readonly cwd?: string;
  /** Default: `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
  /** Standard input. Default: empty. */
  readonly input?: string | Uint8Array;
  /** It is killed then, with what it has started. Default: 600,000. */
  readonly timeoutMs?: number;
  /** Of standard output and standard error together; it is killed beyond. Default: 16 MiB. */
  readonly maxOutputBytes?: number;
}

/** What a tool did. `exitCode` is not 0 where it failed: that is a result, not an error. */
export interface ToolRun extends ToolEnd {
  readonly version?: string;
  readonly outputs: readonly ToolOutput[];
  readonly isCacheHit?: boolean;
}

const optionNames: OptionNames<RunToolOptions> = {
  outputs: true,
  artifacts: true,
  version: true,
  isCacheHit: true,
  cwd: true,
  env: true,
  input: true,
  timeoutMs: true,
  maxOutputBytes: true,
};
const maxOutputs = 32;
const longestVersion = 200;
/** A tool that does not state its version soon has none, ms. */
const versionMs = 5_000;

/**
 * Runs a tool without a shell, in a span `toolchain.run` with its name, version, exit code, the hashes and sizes of what it
 * made, and of what it wrote where `artifacts` keeps it. A tool that fails, hangs, floods or is not there is a result: its span has the status
 * of an error, with `error.type` and `error.code`.
 *
 * @throws OptionError for a wrong option
 * @example const { exitCode } = await runTool('cc', ['-c', 'dot.c', '-o', 'dot.o'], { outputs: ['dot.o'], version: ['--version'], artifacts });
 */
export async function runTool(
  binary: string,
  args: readonly string[] = [],
  options: RunToolOptions = {},
): Promise<ToolRun> {
  check(binary, args, options);
  return withSpanOf(toolchainRun, { 'toolchain.binary': nameOf(binary) }, (span) =>
    recorded(span, binary, args, options),
  );
}

async function recorded(
  span: Span,
  binary: string,
  args: readonly string[],
  options: RunToolOptions,
): Promise<ToolRun> {
  const { outputs = [], artifacts, isCacheHit, timeoutMs = 600_000, maxOutputBytes = 16 * 2 ** 20, ...given } = options;
  const { cwd, env, input } = given;
  const place = { timeoutMs, maxOutputBytes, ...(cwd !== undefined && { cwd }), ...(env !== undefined && { env }) };
  const [version, end] = await Promise.all([
    versionOf(binary, given.version, place),
    toolProcess(binary, args, { ...place, ...(input !== undefined && { input }) }),
  ]);
  const made = await Promise.all(outputs.map((path) => hashedFile(path, cwd)));
  const files = made.filter((file) => file !== undefined);
  const isHit = end.fault === undefined ? cacheHit(isCacheHit, end) : undefined;
  const [stdout, stderr] = await Promise.all([
    artifacts?.keep('stdout', end.stdout),
    artifacts?.keep('stderr', end.stderr),
  ]);
  const attributes = {
    ...(version !== undefined && { 'toolchain.version': version }),
    'process.exit.code': end.exitCode,
    ...(isHit !== undefined && { 'build.cache_hit': isHit }),
    ...(stdout && { 'toolchain.stdout.hash': stdout.sha256 }),
    ...(stderr && { 'toolchain.stderr.hash': stderr.sha256 }),
    ...(files.length > 0 && {
      'compile.output.hashes': files.map(({ sha256 }) => sha256),
      'compile.output.sizes': files.map(({ sizeBytes }) => sizeBytes),
    }),
    ...failureOf(end, files.length < outputs.length),
  } satisfies Attributes;
  span.setAttributes(attributes);
  // SpanStatusCode.ERROR: its enumeration would be one more import.
  const code = attributes['error.code'];
  if (code !== undefined) span.setStatus({ code: 2, message: code });
  return {
    ...end,
    outputs: files,
    ...(version !== undefined && { version }),
    ...(isHit !== undefined && { isCacheHit: isHit }),
  };
}

/** A function that throws leaves it unknown. */
function cacheHit(isCacheHit: RunToolOptions['isCacheHit'], end: ToolEnd): boolean | undefined {
  try {
    return isCacheHit === undefined ? undefined : isCacheHit(end) === true;
  } catch (error) {
    createReport('runTool')('isCacheHit threw; build.cache_hit is left out.', error);
    return undefined;
  }
}

/** A tool that ends well and has not made its files has failed. */
function failureOf({ exitCode, fault, detail }: ToolEnd, lacksOutput: boolean): Attributes & { 'error.code'?: string } {
  if (fault === 'start') return { 'error.type': 'ToolStart', 'error.code': detail ?? '' };
  if (fault === 'timeout') return { 'error.type': 'ToolTimeout', 'error.code': 'TIMEOUT' };
  if (fault === 'flood') return { 'error.type': 'ToolFlood', 'error.code': 'FLOOD' };
  if (fault === 'signal') return { 'error.type': 'ToolCrash', 'error.code': detail ?? '' };
  if (exitCode !== 0) return { 'error.type': 'ToolExit', 'error.code': `EXIT_${exitCode}` };
  return lacksOutput ? { 'error.type': 'ToolExit', 'error.code': 'NO_OUTPUT' } : {};
}

async function versionOf(
  binary: string,
  version: RunToolOptions['version'],
  place: Parameters<typeof toolProcess>[2],
): Promise<string | undefined> {
  if (version === undefined || typeof version === 'string') return version?.slice(0, longestVersion);
  const { exitCode, stdout } = await toolProcess(binary, version, { ...place, timeoutMs: versionMs });
  const [first = ''] = stdout.toString('utf8').trim().split('\n');
  return exitCode === 0 && first !== '' ? first.trim().slice(0, longestVersion) : undefined;
}

/** Without its folder: that differs from host to host. */
function nameOf(binary: string): string {
  return binary.slice(binary.lastIndexOf('/') + 1);
}

/** Callers without types may give anything. */
function check(binary: unknown, args: unknown, options: RunToolOptions): void {
  textOption('binary', binary);
  const isTexts = (list: unknown) => Array.isArray(list) && list.every((each) => typeof each === 'string');
  if (!isTexts(args)) throw new OptionError({ option: 'args', value: args, allowed: 'a list of texts' });
  knownOptions<RunToolOptions>('runTool', options, optionNames);
  const { outputs = [], version, isCacheHit, timeoutMs = 1, maxOutputBytes = 1 } = options;
  if (!isTexts(outputs) || outputs.length > maxOutputs) {
    throw new OptionError({ option: 'outputs', value: outputs, allowed: `a list of at most ${maxOutputs} paths` });
  }
  if (version !== undefined && typeof version !== 'string' && !isTexts(version)) {
    throw new OptionError({ option: 'version', value: version, allowed: 'a text, or a list of arguments' });
  }
  if (isCacheHit !== undefined && typeof isCacheHit !== 'function') {
    throw new OptionError({ option: 'isCacheHit', value: isCacheHit, allowed: 'a function' });
  }
  numberOption('timeoutMs', timeoutMs, { least: 1, most: 2 ** 31 - 1 });
  numberOption('maxOutputBytes', maxOutputBytes, { least: 1, most: 2 ** 30, isWhole: true });
}
