export { type BenchModel, type BenchState, constantBench, type FanState, type RailState } from './bench/bench.ts';
export { type CpuTime, hostLoadBench } from './bench/hostLoad.ts';
export { type LineFault, lineFaults } from './board/fault.ts';
export { type EmulatedBoard, type EmulatorOptions, emulateBoard } from './emulateBoard.ts';
export { type EmulatedGpuOptions, emulatedGpu } from './gpu/emulatedGpu.ts';
export { type EmulatedStagesOptions, emulatedStages } from './pipeline/emulatedStages.ts';
