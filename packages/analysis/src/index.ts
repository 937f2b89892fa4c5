export * from './energy/estimate/index.ts';
