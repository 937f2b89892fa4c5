import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@benchlab-otel/core';
import type { FindProgram } from '@benchlab-otel/hw-receivers';
import { type InMemoryTelemetry, inMemoryTelemetry } from '@benchlab-otel/sdk/testing';
import { afterEach, beforeEach } from 'vitest';
import { newSigningKey } from '../bundle/signingKey.ts';
import { Artifacts } from '../tools/artifacts.ts';
import { toolLimits } from '../tools/runTool.ts';
import type { HostKind } from './pipelineContext.ts';
import { type PipelineRequest, runPipeline } from './runPipeline.ts';

/** A specification with one operator. */
export const small = (backends: string): string => `
version: 1
name: small
revision: '7'
backends: ${backends}
operators:
  - { name: twice, clause: Each element is doubled., inputs: { x: vector }, each: x + x }
`;

/** A host that has node alone. */
export const node: FindProgram = (name) => (name === 'node' ? process.execPath : undefined);

export interface PipelineRunOptions {
  readonly hostKind?: HostKind;
  /** How long a tool may run. */
  readonly timeMs?: number;
  readonly breakBackend?: PipelineRequest['breakBackend'];
}

/** Runs pipelines, each test in a folder of its own and with telemetry of its own. */
export class PipelineRig {
  folder = '';
  telemetry: InMemoryTelemetry = undefined as unknown as InMemoryTelemetry; // set before each test
  /** The fields of what was logged. */
  lines: Record<string, unknown>[] = [];

  constructor() {
    beforeEach(() => {
      this.folder = mkdtempSync(join(tmpdir(), 'benchlab-pipeline-'));
      this.telemetry = inMemoryTelemetry();
      this.lines = [];
    });
    afterEach(async () => {
      await this.telemetry.shutdown();
      rmSync(this.folder, { recursive: true, force: true });
    });
  }

  async run(text: string, findProgram: FindProgram, options: PipelineRunOptions = {}) {
    const { hostKind = 'offline', timeMs = toolLimits.timeMs, breakBackend } = options;
    const log = (fields: Record<string, unknown>) => void this.lines.push(fields);
    const out = mkdtempSync(join(this.folder, 'out-'));
    mkdirSync(join(out, 'work'));
    const limits = { ...toolLimits, timeMs };
    const result = await runPipeline({
      context: {
        logger: { info: log, warn: log } as unknown as PipelineRequest['context']['logger'], // of a logger, these are used
        hostKind,
        artifacts: new Artifacts(join(out, 'artifacts')),
        place: { findProgram, folder: join(out, 'work'), limits, signal: new AbortController().signal },
      },
      text,
      where: 'spec.yaml',
      ingestedNs: systemClock.nowNs(),
      clock: systemClock,
      key: newSigningKey(),
      folder: out,
      ...(breakBackend === undefined ? {} : { breakBackend }),
    });
    return { result, out };
  }

  /** A program of a few lines of shell, which answers `--version` as compilers do. @returns finds it, and node */
  script(name: string, body: string): FindProgram {
    const path = join(this.folder, name);
    writeFileSync(path, `#!/bin/sh\n[ "$1" = --version ] && { echo "${name} 1.0"; echo second; exit; }\n${body}\n`);
    chmodSync(path, 0o755);
    return (wanted) => (wanted === name ? path : node(wanted));
  }

  /** The values of a metric by those of its attributes; of a histogram its count. */
  async points(name: string): Promise<Record<string, unknown>> {
    const found = (await this.telemetry.metrics()).find((metric) => metric.name === name);
    return Object.fromEntries(
      (found?.points ?? []).map(({ attributes, value }) => [
        Object.values(attributes).join(' '),
        typeof value === 'number' ? value : value.count,
      ]),
    );
  }
}
