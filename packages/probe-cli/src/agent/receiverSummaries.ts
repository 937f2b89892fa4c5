/** What each receiver of the agent reads, for the help. Apart from the receivers, which take half a second to load. */
export const receiverSummaries = {
  benchlab: 'the boards',
  host: 'processors, memory, disks, network and sensor chips',
  nvml: 'NVIDIA GPUs',
} as const;

/** Whether each receiver is read. */
export type ReceiverSwitches = { readonly [Name in keyof typeof receiverSummaries]: boolean };
