import * as artifact from './artifact.ts';
import { artifactAttributes } from './attributes/artifact.ts';
import { benchlabAttributes } from './attributes/benchlab.ts';
import { energyAttributes } from './attributes/energy.ts';
import { generalAttributes } from './attributes/general.ts';
import { hwAttributes } from './attributes/hw.ts';
import { identityAttributes } from './attributes/identity.ts';
import { kernelAttributes } from './attributes/kernel.ts';
import * as bench from './bench.ts';
import * as calls from './calls.ts';
import type { SignalFamily } from './family.ts';
import * as gpu from './gpu.ts';
import * as host from './host.ts';
import * as hw from './hw.ts';
import * as hwDevices from './hwDevices.ts';
import * as hwGpu from './hwGpu.ts';
import * as kernel from './kernel.ts';
import * as logEvents from './logEvents.ts';
import * as probe from './probe.ts';
import * as receiver from './receiver.ts';
import * as system from './system.ts';
import * as telemetry from './telemetry.ts';

/** What this project records itself, by subject. */
export const coreFamilies: readonly SignalFamily[] = [
  { name: 'Host', about: 'The machine as a whole.', metrics: { ...system, ...host } },
  {
    name: 'Hardware',
    about:
      'Components and their sensors, by the semantic conventions. Readings of the bench, of GPUs and of the host arrive ' +
      'here; a sensor that is lost ends its series.',
    metrics: { ...hw, ...hwDevices, ...hwGpu },
    attributes: hwAttributes,
  },
  {
    name: 'GPU',
    about: 'What the conventions have no name for: clocks and the reasons for them, PCIe, limits, processes.',
    metrics: gpu,
  },
  {
    name: 'Bench',
    about:
      'What the conventions have no name for, operations with their energy, and the stages of a pipeline. The series ' +
      'in milliseconds and `_w` repeat others under an older name.',
    metrics: bench,
    logEvents,
    attributes: { ...benchlabAttributes, ...energyAttributes },
  },
  {
    name: 'Decorated functions',
    about: 'Recorded by `@Timed` and `@Counted`.',
    metrics: calls,
    attributes: generalAttributes,
  },
  {
    name: 'Identity',
    about: 'What and where something ran, by the semantic conventions: repository, pipeline, container, test.',
    attributes: identityAttributes,
  },
  {
    name: 'Artifacts',
    about: 'What programs write and make, kept once under its hash.',
    metrics: artifact,
    attributes: artifactAttributes,
  },
  {
    name: 'Kernels',
    about: 'The kernel that is in use, held against the list of what the build made.',
    metrics: kernel,
    attributes: kernelAttributes,
  },
  { name: 'Receivers', about: 'How well devices are read.', metrics: receiver },
  { name: 'Probe', about: 'The verdicts of a run, sent once with `--otlp-out`.', metrics: probe },
  {
    name: 'Telemetry itself',
    about: 'What was dropped, merged or corrected, and other self-observation.',
    metrics: telemetry,
  },
];
