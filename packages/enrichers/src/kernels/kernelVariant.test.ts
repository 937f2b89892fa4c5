import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatKernelFile, type KernelList } from '@benchlab-otel/wire';
import { context, DiagLogLevel, diag, ROOT_CONTEXT } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type KernelInUse, kernelVariant, withKernel } from './kernelVariant.ts';

const list: KernelList = {
  pipeline: 'vector-kernels',
  revision: '1.0.0',
  target: 'linux-x64',
  kernels: ['dot', 'sum'].map((name) => ({
    name,
    backend: 'c',
    variant: 'c-float64',
    file: `kernels/${name}`,
    sha256: 'a'.repeat(64),
    sizeBytes: 1,
    toolchain: { binary: 'cc' },
    verifiedBy: [],
  })),
  missing: [{ name: 'dot', backend: 'cuda', variant: 'gpu-cuda', reason: 'missing_toolchain' }],
};

let folder: string;
let reports: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'benchlab-kernels-'));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  reports = [];
  const ignore = () => {};
  const logger = {
    warn: (line: string) => void reports.push(line),
    error: ignore,
    info: ignore,
    debug: ignore,
    verbose: ignore,
  };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
});
afterEach(() => {
  diag.disable();
  context.disable();
  rmSync(folder, { recursive: true });
});

type Made = ReturnType<typeof kernelVariant>;
const fields = (enricher: Made, kind: 'log' | 'event' | 'metric') =>
  enricher.fields?.({ kind, name: 'x', attributes: {} });
const unknown = (enricher: Made) => enricher.counts?.()[0]?.value;
function spanOf(enricher: Made): object {
  const span = new TracerProvider().getTracer('t').startSpan('work');
  const started = { traceId: 't', spanId: 's', name: 'work', kind: 0, startNs: 0 };
  enricher.spanStarted?.(span, context.active(), started);
  return (span as unknown as { attributes: object }).attributes;
}

describe('within a kernel', () => {
  it('all four kinds of signal carry its variant, and none outside', () => {
    const enricher = kernelVariant({ kernels: list });
    withKernel({ variant: 'c-float64', name: 'dot' }, () => {
      expect(spanOf(enricher)).toEqual({ kernel_variant: 'c-float64' });
      expect(fields(enricher, 'log')).toEqual({ kernel_variant: 'c-float64' });
      expect(fields(enricher, 'metric')).toEqual({ kernel_variant: 'c-float64' });
      expect(fields(enricher, 'event')).toEqual({ 'diagnostics.kernel_variant': 'c-float64' });
    });
    expect([spanOf(enricher), fields(enricher, 'log'), unknown(enricher)]).toEqual([{}, {}, 0]);
  });

  it('that the build lacks, what is missing is there too', () => {
    const enricher = kernelVariant({ kernels: list });
    const missing = { kernel_variant: 'gpu-cuda', missing_artifact: 'dot/cuda' };
    withKernel({ variant: 'gpu-cuda' }, () => expect(spanOf(enricher)).toEqual(missing));
    withKernel({ variant: 'c-float64', missingArtifact: 'model.gguf' }, () =>
      expect(fields(enricher, 'event')).toEqual({
        'diagnostics.kernel_variant': 'c-float64',
        'diagnostics.missing_artifact': 'model.gguf',
      }),
    );
    expect(unknown(enricher)).toBe(0);
  });

  it.each<[KernelInUse, number]>([
    [{ variant: 'c-float64' }, 0],
    [{ variant: 'c-float64', name: 'sum', backend: 'c' }, 0],
    [{ variant: 'c-float64', name: 'mul' }, 2],
    [{ variant: 'c-float64', backend: 'cuda' }, 2],
    [{ variant: '__proto__' }, 2],
  ])('%# that is not in the list, each span is counted, and it is reported once', (kernel, uses) => {
    const enricher = kernelVariant({ kernels: list });
    for (const _ of [1, 2])
      withKernel(kernel, () => expect(spanOf(enricher)).toEqual({ kernel_variant: kernel.variant }));
    expect(unknown(enricher)).toBe(uses);
    const name = [kernel.name, kernel.backend, kernel.variant].filter(Boolean).join('/');
    const line = `kernel-variant: the kernel ${name} is not in the list of vector-kernels 1.0.0.`;
    expect(reports).toEqual(uses === 0 ? [] : [line]);
  });

  it('without a list nothing is checked', () => {
    const enricher = kernelVariant();
    withKernel({ variant: 'any' }, () => expect(spanOf(enricher)).toEqual({ kernel_variant: 'any' }));
    expect([unknown(enricher), reports]).toEqual([0, []]);
  });

  it('labels of metrics have a bounded number of values, and values a bounded length', () => {
    const enricher = kernelVariant();
    const labels = new Set<unknown>();
    for (let k = 0; k < 300; k++) {
      withKernel({ variant: `v${k}` }, () => labels.add(fields(enricher, 'metric')?.kernel_variant));
    }
    expect(labels.size).toBe(101);
    expect(labels).toContain('_OTHER');
    withKernel({ variant: 'x'.repeat(1_000) }, () =>
      expect(fields(enricher, 'log')?.kernel_variant).toBe('x'.repeat(256)),
    );
  });
});

describe('a file of kernels', () => {
  const file = () => join(folder, 'kernels.json');

  it('is read once', () => {
    writeFileSync(file(), formatKernelFile(list));
    const enricher = kernelVariant({ kernels: file() });
    withKernel({ variant: 'other' }, () => spanOf(enricher));
    expect([unknown(enricher), reports.length]).toEqual([1, 1]);
  });

  it.each<[string, () => void, string]>([
    ['is not there', () => {}, 'cannot be read: ENOENT'],
    ['is a folder', () => execFileSync('mkdir', [file()]), 'is not a file'],
    ['is a pipe', () => execFileSync('mkfifo', [file()]), 'is not a file'],
    ['is too large', () => writeFileSync(file(), ' '.repeat(4 * 2 ** 20 + 1)), 'has more than 4194304 bytes'],
    ['is not JSON', () => writeFileSync(file(), '{"schema":'), 'is not a list of kernels: it is not a JSON object'],
    [
      'is of another version',
      () => writeFileSync(file(), '{"schema":"benchlab-otel/kernels","version":2}'),
      '"version"',
    ],
    ['sets a prototype', () => writeFileSync(file(), '{"__proto__":{"schema":"benchlab-otel/kernels"}}'), '"schema"'],
  ])('that %s is reported, nothing is checked, and signals have the variant', (_, make, reason) => {
    make();
    const enricher = kernelVariant({ kernels: file() });
    withKernel({ variant: 'any' }, () => expect(spanOf(enricher)).toEqual({ kernel_variant: 'any' }));
    expect(unknown(enricher)).toBe(0);
    expect(reports).toEqual([expect.stringContaining(reason)]);
  });
});

it.each<[() => unknown, string]>([
  [() => withKernel({} as never, () => {}), 'variant is undefined.'],
  [() => withKernel(null as never, () => {}), 'variant is undefined.'],
  [() => withKernel({ variant: 'x', name: '' }, () => {}), 'name is "".'],
  [() => withKernel({ variant: 'x', missingArtifact: 7 } as never, () => {}), 'missingArtifact is 7.'],
  [() => kernelVariant({ kernels: 7 } as never), 'kernels is 7. It must be a path or a list of kernels.'],
  [() => kernelVariant({ kernels: '' }), 'kernels is "".'],
  [() => kernelVariant({ kernel: 'x' } as never), 'the nearest option is kernels'],
])('%# wrong options are refused', (call, message) => {
  expect(call).toThrow(message);
  expect(context.active()).toBe(ROOT_CONTEXT);
});
