/**
 * Far above what is measured, and far below the garbage that devices give. A large host, NVIDIA's DGX B200, takes 14.3 kW at
 * most (DGX B200 User Guide, "Power Specifications"), and a source may be the meter of a row of racks. All ones in 32 bits
 * are 4.29 GW.
 */
export const mostWatts = 1e6;

/** True for a power that nothing which is measured can draw or give back. It must never become energy. */
export function isImpossiblePower(watts: number): boolean {
  return Math.abs(watts) > mostWatts;
}
