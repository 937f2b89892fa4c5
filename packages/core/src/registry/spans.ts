// Every kind of span that the registry knows, by family.
export * from './spansOfJudgement.ts';
export * from './spansOfModels.ts';
export * from './spansOfPipeline.ts';
