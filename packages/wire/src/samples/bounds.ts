/** Live sources, and sensors of each source, that one stream of samples may have; `SampleMetrics` has the same bounds. */
export const maxSources = 64;
export const maxSensors = 512;
/** Longest announcement of one source or sensor. That of a sensor takes some 250 bytes. */
export const maxAnnouncementBytes: number = 8 * 1024;
/** All announcements of live sources together: what a reader that comes late must get first, and each side keeps. */
export const maxAnnouncedBytes: number = 4 * 1024 * 1024;
/** Longest line of the numbered form, and of the bus. A sample of 512 readings takes 15 kB. */
export const maxNumberedLineBytes: number = 64 * 1024;
