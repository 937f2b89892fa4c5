// The table of receivers that read devices of this host: one line each. The agent, the documentation and the contract
// suite use it. The name of a line is the name of the receiver and of its folder.
export { benchlab } from './benchlab/receiver.ts';
export { host } from './host/receiver.ts';
export { nvml } from './nvml/receiver.ts';
