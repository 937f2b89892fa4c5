// Every kind of span of these families.
export * from './spansOfJudgement.ts';
export * from './spansOfModels.ts';
export * from './spansOfPipeline.ts';
