/** `sizeof(struct timex)` is 208 on 64-bit Linux; `status` is its sixth member. include/uapi/linux/timex.h */
const [timexBytes, statusOffset, unsynchronisedBit] = [208, 40, 0x40];

/**
 * Whether the kernel takes the wall clock of this host as synchronised: what chrony, ntpd and systemd-timesyncd report to it
 * (adjtimex, read only). Undefined where the kernel does not say: not 64-bit Linux, or a sandbox that refuses the call.
 *
 * @example const state = await kernelClock(); // 'unsynchronised'
 */
export async function kernelClock(): Promise<'synchronised' | 'unsynchronised' | undefined> {
  const is64Bit = ['x64', 'arm64', 'riscv64', 'ppc64', 's390x', 'loong64'].includes(process.arch);
  if (process.platform !== 'linux' || !is64Bit) return undefined;
  try {
    const { default: koffi } = await import('koffi');
    const adjtimex = koffi.load(null).func('int adjtimex(_Inout_ uint8_t *timex)');
    // `modes`, the first member, is 0: nothing is changed.
    const timex = Buffer.alloc(timexBytes);
    if (adjtimex(timex) < 0) return undefined;
    const status = timex.readUInt32LE(statusOffset);
    return (status & unsynchronisedBit) === 0 ? 'synchronised' : 'unsynchronised';
  } catch {
    return undefined; // no library of C, or one without the function
  }
}
