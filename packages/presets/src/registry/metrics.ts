// Every metric of these families. A new one goes into the file of its family.
export * from './pipeline.ts';
export * from './runtime.ts';
export * from './runtimeInternals.ts';
export * from './service.ts';
