export { type DataSeries, dataSeries } from './dataSeries.ts';
export { headOf, openMetrics } from './openMetrics.ts';
export { blockSeconds, blocks, dataEnd, dataStart, fineStart, instants, recordedBlocks } from './window.ts';
