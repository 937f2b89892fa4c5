// Figures and how they are written, without the rest of the package: a terminal shows its first frame sooner.

export { percentile } from './operations/percentile.ts';
export { counted, significant } from './text/quantity.ts';
