import { createPublicKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { metric, spans } from '@benchlab-otel/presets';
import { recordMetric, withSpanOf } from '@benchlab-otel/sdk';
import { formatKernelFile, type KernelList } from '@benchlab-otel/wire';
import { type BundleFile, bundleNames, checkBundle, kernelsName, packedBundle, writeBundle } from '../bundle/bundle.ts';
import type { SigningKey } from '../bundle/signingKey.ts';
import type { PipelineSpec } from '../spec/pipelineSpec.ts';
import { addAttributes } from './addAttributes.ts';
import { type FailedKernel, kernelNameOf, type VerifiedKernel } from './kernelOutcome.ts';
import { target } from './pipelineContext.ts';

/** What one build has made, in the order of the plan. */
export interface Build {
  readonly spec: PipelineSpec;
  readonly kernels: readonly VerifiedKernel[];
  readonly failed: readonly FailedKernel[];
}

/** Writes the list of kernels into a folder. */
export function writeKernelList(folder: string, build: Build): void {
  writeFileSync(join(folder, kernelsName), formatKernelFile(kernelList(build)));
}

/** Packages, signs and checks the bundle in a folder. @returns its size in bytes */
export function distribute(folder: string, specText: string, build: Build, key: SigningKey): Promise<number> {
  const { revision } = build.spec;
  const attributes = { 'bundle.target': target, 'bundle.revision': revision };
  return withSpanOf(spans.distributePackage, attributes, async (span) => {
    const archive = await packedBundle(filesOf(specText, build));
    writeBundle(folder, archive, key);
    // The key that signed, not the one that was written next to the archive.
    await checkBundle(folder, createPublicKey(key.key).export({ type: 'spki', format: 'pem' }));
    const size = readFileSync(join(folder, bundleNames.archive)).length;
    addAttributes(span, spans.distributePackage, { 'bundle.size': size, 'bundle.signed': true });
    recordMetric(metric.offlineBundleSize, size, { target, revision });
    return size;
  });
}

function kernelList({ spec, kernels, failed }: Build): KernelList {
  return {
    pipeline: spec.name,
    revision: spec.revision,
    target,
    kernels: kernels.map((kernel) => ({
      ...kernelNameOf(kernel),
      maturity: kernel.operator.maturity,
      file: pathOf(kernel, 'kernels', kernel.file),
      sha256: kernel.sha256,
      sizeBytes: kernel.bytes.length,
      toolchain: {
        binary: kernel.toolchain.binary,
        ...(kernel.toolchain.version === undefined ? {} : { version: kernel.toolchain.version }),
      },
      verifiedBy: kernel.verifiedBy,
    })),
    missing: failed.map((kernel) => ({ ...kernelNameOf(kernel), reason: kernel.reason })),
  };
}

function filesOf(specText: string, build: Build): readonly BundleFile[] {
  const text = (path: string, content: string): BundleFile => ({ path, bytes: Buffer.from(content) });
  return [
    text('spec.yaml', specText),
    text(kernelsName, formatKernelFile(kernelList(build))),
    ...build.kernels.flatMap((kernel) => [
      text(pathOf(kernel, 'sources', kernel.backend.files(kernel.operator.name).source), kernel.source),
      {
        path: pathOf(kernel, 'kernels', kernel.file),
        bytes: kernel.bytes,
        isProgram: kernel.backend.runs === undefined,
      },
    ]),
  ];
}

function pathOf({ backend }: VerifiedKernel, kind: 'kernels' | 'sources', file: string): string {
  return `${kind}/${backend.name}/${file}`;
}
