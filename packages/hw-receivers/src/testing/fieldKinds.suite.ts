/** A kind of trouble that people met in the field with receivers like these, and the test that holds what we do. */
export interface FieldKind {
  readonly kind: string;
  /** What it led to. */
  readonly before: string;
  readonly now: string;
  /** File below `packages`, and the title of a test in it. */
  readonly test: readonly [file: string, title: string];
}

const host = 'hw-receivers/src/host';
const nvml = 'hw-receivers/src/nvml';
const board = 'hw-receivers/src/benchlab';

export const fieldKinds: readonly FieldKind[] = [
  {
    kind: 'A GPU refuses a value for a while (not supported, unknown error).',
    before: 'The series was gone until the next start, without a word.',
    now: 'It is asked for again after 1 s to 60 s, is reported and logged by name, and comes back. After two minutes it is no longer reported. So does the power total, which is the mean of a second meanwhile.',
    test: [`${nvml}/refusals.test.ts`, 'is reported, and comes back within seconds'],
  },
  {
    kind: 'A GPU gives no value at all.',
    before: 'Polls were a success, and its status ok.',
    now: 'The poll is a failure. After 5 s the GPU is lost, and its status failed, until a value comes.',
    test: [`${nvml}/refusals.test.ts`, 'a GPU that gives no value at all is a failure in the log and in the counts'],
  },
  {
    kind: 'A sensor chip reports 3.9 million °C, 4 GW, 65,535 rpm, 255 % humidity.',
    before: 'It was a reading.',
    now: 'Sentinels are absence. What its kind of channel cannot have is left out, counted, and reported once for each file, limits too.',
    test: [`${host}/hwmon.test.ts`, 'has no such reading, and it is counted each time and reported once'],
  },
  {
    kind: 'One sample has 4,294,967,295 W, also from an agent or a file.',
    before: 'It added 412 MJ to the energy.',
    now: 'More than 1 MW never becomes a joule: it is left out and counted, and a total is reported once.',
    test: ['core/src/samples/sampleEnergy.test.ts', 'is left out and counted, and never becomes a joule'],
  },
  {
    kind: 'A file of a sensor chip never answers.',
    before: 'Boards, bus, page and the end of the process waited for it.',
    now: 'It costs one thread. The file is given up within 4 s, reported, left out, and tried again after a minute and more. Its chip is lost until then. Energy counters count on.',
    test: [`${host}/hangingFiles.test.ts`, 'a file that never answers stops neither the board nor the other files'],
  },
  {
    kind: 'A sensor chip answers slowly.',
    before: 'Boards missed samples.',
    now: 'Boards miss none. The chip is read less often: a tenth of the time at most is spent on it.',
    test: [`${host}/hangingFiles.test.ts`, 'a chip that answers slowly costs the board no sample'],
  },
  {
    kind: 'A thread that reads hardware cannot run: the program was bundled, or Node has a permission model.',
    before: 'Nothing was read, and a thread was started at each poll.',
    now: 'The error names the option of the bundler or of Node. Another try comes after 1 s to 60 s.',
    test: [
      'hw-receivers/src/thread/workerThread.test.ts',
      'as in a bundle, a thread fails with an error that says how',
    ],
  },
  {
    kind: 'nvidia-smi prints a warning among its rows or an error in a field, or ends with 14.',
    before: 'No GPU was read.',
    now: 'Each row counts for itself. Other lines, errors in fields and the exit code are reported.',
    test: [`${nvml}/smi.test.ts`, 'rows of GPUs count with any exit code'],
  },
  {
    kind: 'One field of a file of /proc is odd (steal near 2^64, used memory below 0, a counter of all ones).',
    before: 'The whole file was left out.',
    now: 'That field alone is absent, and the message names it, or the permission that is missing.',
    test: [`${host}/cases.test.ts`, 'the host parts read $name'],
  },
  {
    kind: 'More CPU time passed than the processors have, as after a migration.',
    before: 'The leap was load.',
    now: 'That poll has no shares.',
    test: [`${host}/cases.test.ts`, 'the host parts read $name'],
  },
  {
    kind: 'The energy counter of a processor leaps forth and back, or back and forth.',
    before: 'Hundreds of joules that were never used.',
    now: 'No energy and no power. A leap that stays for two polls counts, whole: a load looks like it.',
    test: [
      `${host}/rapl.test.ts`,
      'a step forth and back, in one second or in a tenth of one, adds no energy and no power',
    ],
  },
  {
    kind: 'An energy counter never moves (a virtual machine).',
    before: '0 W.',
    now: 'No power and no energy, reported once.',
    test: [`${host}/rapl.test.ts`, 'a counter that has never moved has no power and no energy, and is reported once'],
  },
  {
    kind: 'Stray bytes come before the first welcome of a board that was named.',
    before: 'It was refused until it was plugged in again.',
    now: 'A quiet or garbled line is asked WELCOME again, after 1 s to 60 s.',
    test: [`${board}/ports.test.ts`, 'is asked WELCOME again, less and less often, and read when the line is clean'],
  },
  {
    kind: 'A device announced itself as another product.',
    before: 'It was refused until it was plugged in again.',
    now: 'The same, or until the user says so: SIGUSR2 to the agent, which ends it at no time.',
    test: [`${board}/ports.test.ts`, 'a device of another product is asked again when the user asks for it'],
  },
  {
    kind: 'Stray bytes come with the name, the UID or the firmware.',
    before: 'They became a part of it.',
    now: 'A reply of another length is asked again, and so is an unpublished firmware. While stray bytes come, only what two reads agree on counts; without it, BAD_REPLY.',
    test: [`${board}/device/identify.test.ts`, 'no stray byte is part of a name, a UID or a firmware'],
  },
  {
    kind: 'A stage is asked for that the pipeline has not, or that no frame reached.',
    before: 'Nothing was said, and the exit code was 0.',
    now: 'It is listed with 0 frames and a warning; `record --strict` ends with 98.',
    test: ['probe-cli/src/commands/recordStrict.test.ts', 'lists a stage without a frame with 0 and a warning'],
  },
  {
    kind: 'An element has a comma, a semicolon or a quote in its name; a bin has a name.',
    before: 'It was not a stage.',
    now: 'It is.',
    test: ['hw-receivers/src/pipeline/gstNames.test.ts', 'the names of a pipeline of %s are found'],
  },
  {
    kind: 'The user has set GST_DEBUG, GST_TRACERS or GST_DEBUG_FILE.',
    before: 'They were replaced.',
    now: 'The first two are added to, and their lines go to standard error. The third is refused by name.',
    test: ['hw-receivers/src/pipeline/gstProcess.test.ts', 'keeps the debug levels and tracers of the user'],
  },
  {
    kind: 'Energy counters, chips and limits come after the start.',
    before: 'They were not seen.',
    now: 'They are looked for every 30 s at the latest; limits are read again every 30 s.',
    test: [`${host}/rapl.test.ts`, 'zones that come later are found when they are looked for again'],
  },
  {
    kind: 'There are more disks, interfaces, chips or channels than the bound.',
    before: 'The first by name stayed: 24 empty nbd pushed the NVMe out.',
    now: 'Hardware first, in natural order. What is left out is counted and reported.',
    test: [`${host}/hwmon.test.ts`, 'the package and the sockets come first, then the cores in natural order'],
  },
  {
    kind: 'The receiver runs in a container, with the /proc of its host below `root`.',
    before: 'The network shown was that of the container.',
    now: 'It is that of the host, or the message states whose it is.',
    test: [`${host}/network.test.ts`, 'shows the network of the host, and states whose it is where it cannot'],
  },
  {
    kind: 'A port and a link to it are both named.',
    before: 'The message asked the user to stop the very program that he ran.',
    now: 'They are one device, which is read once.',
    test: [`${board}/ports.test.ts`, 'a port and a link to it are one device, which is read once'],
  },
  {
    kind: '`run`, `demo` or `record` is killed with SIGKILL.',
    before: 'The programs that it had started went on.',
    now: 'They end: SIGTERM, and SIGKILL five seconds later. So does what they left running in their process group. The temporary folder of `record` is removed.',
    test: ['probe-cli/src/run/killedProbe.test.ts', 'its program and what that started end'],
  },
  {
    kind: 'A process id is used again.',
    before: 'The new process had the series of the old one.',
    now: 'A process on a GPU is its id and its start time, which stays when the clock is set.',
    test: [`${nvml}/gpuProcesses.test.ts`, 'a process id that is used again is another process'],
  },
  {
    kind: 'All at random: splits, garbage, pushes, slow and double replies, equal UIDs, other devices at the path.',
    before: '',
    now: 'A sample is right or absent, and each board is read within 10 s after its line is clean.',
    test: [`${board}/storm.test.ts`, 'every sample is right or absent, and each board is read 10 s after it'],
  },
];

/** The rows as a part of docs/fault-matrix.md. */
export function fieldKindsPage(): string {
  return [
    '## What the field found',
    '',
    'Troubles that users of comparable tools reported, of GPUs, sensors, the host, boards and pipelines, by kind. The columns before and now are written by',
    'hand. The test that a row names holds what is now; `fieldKinds.test.ts` holds that the test is there.',
    '',
    '| kind | before | now | test |',
    '| --- | --- | --- | --- |',
    ...fieldKinds.map(({ kind, before, now, test: [file] }) => `| ${kind} | ${before} | ${now} | \`${file}\` |`),
    '',
  ].join('\n');
}
