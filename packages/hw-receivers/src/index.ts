import type * as receiverTable from './receivers.ts';

export { boardSettings } from './benchlab/device/boardSettings.ts';
export { findBoards } from './benchlab/device/boards.ts';
export type { BoardInfo, PortOptions } from './benchlab/device/connect.ts';
export { type CandidatePort, discoverPorts, type RefusedPort } from './benchlab/device/discovery.ts';
export { type BoardDump, type DumpOptions, dumpBoard } from './benchlab/device/dump.ts';
export type { BoardSettings } from './benchlab/device/settings.ts';
export type { DecodedFrame } from './benchlab/frame/frame.ts';
export { type BenchlabReceiverOptions, benchlabReceiver } from './benchlab/receiver.ts';
export type { UnpackedStruct, UnpackedValue } from './benchlab/wire/unpack.ts';
export { hostSourceNames } from './host/hostDevices.ts';
export { kernelClock } from './host/kernelClock.ts';
export { rawClock } from './host/rawClock.ts';
export { type HostReceiverOptions, type HostSourceName, hostReceiver } from './host/receiver.ts';
export { type NvmlReceiverOptions, nvmlReceiver } from './nvml/receiver.ts';
export { endWithParent } from './pipeline/endWithParent.ts';
export { type GstStagesOptions, gstStages } from './pipeline/gstStages.ts';
export { bareEnvironment } from './program/bareEnvironment.ts';
export { libraryProblem } from './program/libraryProblem.ts';
export { type FindProgram, systemProgram } from './program/systemProgram.ts';
/** Every kind of receiver by its name: what it reads, its rate, how it is made. */
export * as receivers from './receivers.ts';

/** The name of a receiver in the table. */
export type ReceiverName = keyof typeof receiverTable;
