/**
 * No sensor of one host shows more watts: its largest, NVIDIA's DGX B200, takes 14.3 kW at most (DGX B200 User Guide,
 * "Power Specifications").
 */
export const mostWatts = 20_000;

/** True for a power that no host can draw or give back. It must never become energy. */
export function isImpossiblePower(watts: number): boolean {
  return Math.abs(watts) > mostWatts;
}
