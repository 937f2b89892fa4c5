/** Live sources, and sensors of each source, that one stream of samples may have; `SampleMetrics` has the same bounds. */
export const maxSources = 64;
export const maxSensors = 512;
/** Longest line of the numbered form, and of the bus. A sample of 512 readings takes 15 kB. */
export const maxNumberedLineBytes: number = 64 * 1024;
