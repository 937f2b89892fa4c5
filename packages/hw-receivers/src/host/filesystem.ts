import type { Reading, Sensor } from '@benchlab-otel/core';
import { attribute, metric } from '@benchlab-otel/core/definitions';
import type { HostFiles } from './files.ts';
import type { HostPart } from './part.ts';

/** How full the root file system is, as df(1) shows it: the used share of the space that users can have. */
export class FilesystemPart implements HostPart {
  readonly #sensor: Sensor = {
    metric: metric.systemDiskUsage,
    attributes: { [attribute.systemFilesystemMountpoint]: '/' },
  };

  read(files: HostFiles, readings: Reading[]): readonly string[] {
    const space = files.space('/');
    if (space === undefined) return [];
    const used = space.total - space.free;
    const usable = used + space.available;
    if (usable > 0 && used >= 0) readings.push({ sensor: this.#sensor, value: (used / usable) * 100 });
    return [];
  }
}
