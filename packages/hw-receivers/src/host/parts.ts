// What the host receiver reads of /proc, one line for each part. The name of a line is the word of the option `sources`.
export { CgroupPart as cgroup } from './cgroup.ts';
export { CpuPart as cpu } from './cpu.ts';
export { DiskPart as disk } from './disk.ts';
export { FilesystemPart as filesystem } from './filesystem.ts';
export { LoadPart as load } from './load.ts';
export { MemoryPart as memory } from './memory.ts';
export { NetworkPart as network } from './network.ts';
export { UptimePart as uptime } from './uptime.ts';
