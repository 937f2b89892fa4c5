// Every metric, by family. A new one goes into the file of its family.
export * from './artifact.ts';
export * from './bench.ts';
export * from './calls.ts';
export * from './gpu.ts';
export * from './host.ts';
export * from './hw.ts';
export * from './hwDevices.ts';
export * from './hwGpu.ts';
export * from './kernel.ts';
export * from './probe.ts';
export * from './receiver.ts';
export * from './system.ts';
export * from './telemetry.ts';
