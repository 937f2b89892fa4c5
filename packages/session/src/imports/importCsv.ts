import { BenchlabError } from '@benchlab-otel/core';
import { type ImportedFrame, type ImportedFrames, maxImportedFrames } from './frameRow.ts';

/** What a column is, by the names that programs gave it, in lower case. Sources: PresentMon/CsvOutput.cpp of GameTechDev/PresentMon. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  application: ['application'],
  timeSeconds: ['timeinseconds', 'cpustarttime'],
  timeMs: ['timeinms', 'cpustarttimeinms', 'cpustarttime(ms)'],
  elapsedNs: ['elapsed'],
  frameMs: ['msbetweenpresents', 'msbetweenappstart', 'frametime'],
  untilDisplayedMs: ['msuntildisplayed', 'displaylatency'],
  dropped: ['dropped'],
};
/** Columns that are known and have no place in a session. */
const ignored = new Set(
  `processid swapchainaddress runtime presentruntime syncinterval presentflags allowstearing presentmode msinpresentapi
  msbetweendisplaychange msuntilrendercomplete msflipdelay mspclatency msbetweensimulationstart msrenderpresentlatency
  cpubusy cpuwait gpulatency gputime gpubusy gpuwait mscpubusy mscpuwait msgpulatency msgputime msgpubusy msgpuwait
  displayedtime animationerror animationtime msanimationerror allinputtophotonlatency clicktophotonlatency note_power_w
  fps cpu_load cpu_power gpu_load cpu_temp gpu_temp gpu_core_clock gpu_mem_clock gpu_vram_used gpu_power ram_used swap_used
  process_rss cpu_mhz`.split(/\s+/),
);
const maxReasons = 20;

/**
 * Reads a table of frames of PresentMon 1 and 2, OCAT, FrameView, CapFrameX and MangoHud, by the names of its columns. Columns that it
 * does not know are named, and a row that is wrong is counted with its place.
 *
 * @param path for the message
 * @throws BenchlabError BAD_REPLY for a text that is not such a table
 */
export function importCsv(text: string, path: string): ImportedFrames {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  const headerAt = lines.findIndex(isHeader);
  if (headerAt < 0) {
    const fix = 'Name a file of PresentMon, CapFrameX, OCAT, FrameView or MangoHud with a column of frame times.';
    throw new BenchlabError(
      'BAD_REPLY',
      `${path} cannot be read: it has no line with the names of known columns.`,
      fix,
    );
  }
  const names = cellsOf(lines[headerAt] ?? '').map((name) => name.trim());
  const columns = new Columns(names);
  const frames: ImportedFrame[] = [];
  const refused = { count: 0, first: [] as string[] };
  let seconds = 0;
  for (const [index, line] of lines.slice(headerAt + 1).entries()) {
    if (line.trim() === '') continue;
    const frame = columns.frame(cellsOf(line), seconds);
    if (typeof frame === 'string') {
      refused.count++;
      if (refused.first.length < maxReasons) refused.first.push(`line ${headerAt + index + 2}: ${frame}`);
      continue;
    }
    seconds = frame.timeSeconds;
    frames.push(frame);
    if (frames.length > maxImportedFrames) throw tooMany(path);
  }
  return {
    format: formatOf(names),
    frames,
    power: [],
    unknownColumns: names.filter((name) => name !== '' && !columns.isKnown(name)),
    refused,
    ...metadataOf(lines.slice(0, headerAt)),
  };
}

export function tooMany(path: string): BenchlabError {
  const what = `${path} holds more than ${maxImportedFrames.toLocaleString('en')} frames.`;
  return new BenchlabError('BAD_REPLY', what, 'Import a part of it.');
}

function isHeader(line: string): boolean {
  if (line.startsWith('//')) return false;
  const names = cellsOf(line).map((name) => name.trim().toLowerCase());
  return names.length > 1 && (aliases.frameMs ?? []).some((name) => names.includes(name));
}

/** The cells of a line; quotes as in RFC 4180. */
function cellsOf(line: string): readonly string[] {
  if (!line.includes('"')) return line.split(',');
  const cells: string[] = [];
  for (const [, quoted, plain] of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    cells.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
  }
  return cells;
}

class Columns {
  readonly #at: Readonly<Record<string, number>>;

  constructor(names: readonly string[]) {
    const lower = names.map((name) => name.toLowerCase());
    const find = (known: readonly string[]) => known.map((name) => lower.indexOf(name)).find((at) => at >= 0) ?? -1;
    this.#at = Object.fromEntries(Object.entries(aliases).map(([key, known]) => [key, find(known)]));
  }

  isKnown(name: string): boolean {
    const lower = name.toLowerCase();
    return ignored.has(lower) || Object.values(aliases).some((names) => names.includes(lower));
  }

  /** A frame, or why there is none. `before` is when the frame before was, s: files without times add up their frames. */
  frame(cells: readonly string[], before: number): ImportedFrame | string {
    const frameMs = this.#number(cells, 'frameMs');
    if (frameMs === undefined || frameMs < 0) return 'no time of a frame';
    const timeSeconds = this.#time(cells) ?? before + frameMs / 1e3;
    if (!(timeSeconds >= 0 && timeSeconds < 1e7)) return 'no time since the start';
    const untilDisplayedMs = this.#number(cells, 'untilDisplayedMs');
    // CapFrameX takes each other text for a frame that was dropped.
    const dropped = this.#text(cells, 'dropped');
    const isDropped = dropped !== undefined && dropped !== '0';
    const application = this.#text(cells, 'application');
    return {
      timeSeconds,
      frameMs,
      isDropped,
      ...(isDropped || untilDisplayedMs === undefined || !(untilDisplayedMs >= 0) ? {} : { untilDisplayedMs }),
      ...(application ? { application } : {}),
    };
  }

  #time(cells: readonly string[]): number | undefined {
    const ms = this.#number(cells, 'timeMs');
    const ns = this.#number(cells, 'elapsedNs');
    return (
      this.#number(cells, 'timeSeconds') ??
      (ms === undefined ? undefined : ms / 1e3) ??
      (ns === undefined ? undefined : ns / 1e9)
    );
  }

  #text(cells: readonly string[], key: string): string | undefined {
    return cells[this.#at[key] ?? -1]?.trim();
  }

  /** Undefined for an empty cell and for NA. */
  #number(cells: readonly string[], key: string): number | undefined {
    const text = this.#text(cells, key);
    const value = text === undefined || text === '' ? Number.NaN : Number(text);
    return Number.isFinite(value) ? value : undefined;
  }
}

function formatOf(names: readonly string[]): string {
  const has = (name: string) => names.some((each) => each.toLowerCase() === name);
  if (has('fps') && has('elapsed')) return 'MangoHud';
  if (has('dropped')) return 'PresentMon 1';
  return has('application') || has('cpustarttime') || has('cpustartqpctime') ? 'PresentMon 2' : 'a table of frames';
}

/** The comments of CapFrameX, and the two lines of MangoHud on the host. */
function metadataOf(lines: readonly string[]): Pick<ImportedFrames, 'host' | 'createdAt' | 'comment'> {
  const comments = new Map(
    lines.flatMap((line) => {
      const [, key = '', value = ''] = /^\/\/([^=]+)=([^=]*)/.exec(line) ?? [];
      return key === '' ? [] : [[key.trim(), value.trim()] as const];
    }),
  );
  const hostAt = lines.findIndex((line) => line.startsWith('os,cpu,gpu'));
  const names = cellsOf(lines[hostAt] ?? '');
  const values = cellsOf(lines[hostAt + 1] ?? '');
  const of = (name: string) => (hostAt < 0 ? undefined : values[names.indexOf(name)]?.trim());
  const [processor, gpu, kernel] = [
    comments.get('Processor') ?? of('cpu'),
    comments.get('GPU') ?? of('gpu'),
    of('kernel'),
  ];
  const time = Date.parse(`${comments.get('CreationDate') ?? ''}T${comments.get('CreationTime') ?? '00:00:00'}Z`);
  const comment = comments.get('Comment');
  return {
    host: {
      ...(processor ? { processor } : {}),
      ...(gpu ? { gpus: [gpu] } : {}),
      ...(kernel ? { kernel } : {}),
    },
    ...(Number.isNaN(time) ? {} : { createdAt: new Date(time).toISOString() }),
    ...(comment ? { comment } : {}),
  };
}
