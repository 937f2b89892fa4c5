import { readFileSync } from 'node:fs';
import { budgetGrammar } from '@benchlab-otel/analysis';
import { lineFaults } from '@benchlab-otel/emulator';
import { faultBits } from '@benchlab-otel/hw-receivers/protocol';
import { Command, Option } from 'commander';
import type { Terminal } from './commands/terminal.ts';
import { duration, firmware, frameCount, portNumber, rate, serial, stagePair } from './options/optionParsers.ts';

/**
 * The command line. Each command is loaded when it is used: `--help` need not wait for gRPC.
 *
 * @param args what will be parsed
 */
export function program(terminal: Terminal, args: readonly string[], finished: (exitCode: number) => void): Command {
  const root = new Command('benchlab-probe')
    .description('Reads the bench, and runs a program with its latency and energy measured.')
    .version(version())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      // Errors are printed in one place: main().
      outputError: () => undefined,
    })
    .enablePositionalOptions()
    .addHelpText(
      'after',
      `
Examples:
  benchlab-probe demo
  benchlab-probe devices
  benchlab-probe run --budget 'p95(checkout) < 250 ms' --budget 'joules(checkout) < 12 J' -- node app.js`,
    );

  root
    .command('run')
    .description('run a program, measure the latency and energy of its spans, hold it to budgets')
    .argument('<command...>', 'the program and its arguments, after --')
    .passThroughOptions()
    .addOption(portOption())
    .option('--simulate', 'use an emulated board')
    .addOption(agentOption())
    .option('--allow-simulated', 'let energy budgets be judged on simulated readings')
    .addOption(assumeFirmwareOption())
    .addOption(repeated('--budget <expr>', `a limit, may be repeated: ${budgetGrammar}`))
    .option('--json <file>', 'write the full result as JSON, also when a budget fails')
    .option(
      '--telemetry-out <file>',
      'write the runtime events of the run as JSON Lines, to the end of a file or to a FIFO',
    )
    .addHelpText(
      'after',
      `
Budgets:
  p50(OP) p95(OP) p99(OP) max(OP)   latency of the spans named OP, by nearest rank, in ns us ms s
  joules(OP)                        mean energy of one call on all rails, in mJ J kJ Wh; the total is count x joules
  count(OP)                         number of calls
  Comparisons are < <= > >=. Energy passes or fails when its whole 95 % interval is on one side of the limit.

The program gets OTEL_EXPORTER_OTLP_ENDPOINT and its kin, TELEMETRY_EXPORTER_ENDPOINT, and PROMETHEUS_PORT=0 unless that
is set. The board is read at 20 Hz.

Exit codes:
  the program's own when it failed (128 + N for signal N), else
  0 pass   99 a budget failed   98 a budget could not be decided   97 board, receiver or flush trouble   2 usage

Examples:
  benchlab-probe run -- node app.js
  benchlab-probe run --agent -- node app.js
  benchlab-probe run --budget 'p95(checkout) < 250 ms' --json result.json -- node app.js
  benchlab-probe run --simulate --allow-simulated --budget 'joules(checkout) < 12 J' -- node app.js`,
    )
    .action(async (command: string[], options, self: Command) => {
      requireSeparator(command, args, self, 'run');
      const { run } = await import('./commands/run.ts');
      finished(await run(command, { ...noneGiven, ...options }, terminal));
    });

  root
    .command('devices')
    .description('list the boards that are connected')
    .addOption(portOption())
    .addOption(assumeFirmwareOption())
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Exit codes: 0 a board was found   97 none was   2 usage

Examples:
  benchlab-probe devices
  benchlab-probe devices --port /dev/ttyACM0 --json`,
    )
    .action(async (options) => {
      const { devices } = await import('./commands/devices.ts');
      finished(await devices({ ...noneGiven, ...options }, terminal));
    });

  root
    .command('read')
    .description('show what the boards read, until Ctrl-C')
    .addOption(portOption())
    .option('--simulate', 'use an emulated board')
    .addOption(agentOption())
    .addOption(assumeFirmwareOption())
    .option('--rate <hz>', 'polls a second, 1 to 100', rate, 10)
    .option('--for <duration>', 'end after this time: 500ms, 20s, 5m', duration('--for'))
    .option('--json', 'print one JSON object a sample')
    .addHelpText(
      'after',
      `
Examples:
  benchlab-probe read
  benchlab-probe read --simulate --for 5s
  benchlab-probe read --agent
  benchlab-probe read --port /dev/ttyACM0 --rate 20 --json > samples.jsonl`,
    )
    .action(async (options) => {
      const { read } = await import('./commands/read.ts');
      finished(await read({ ...noneGiven, ...options }, terminal));
    });

  root
    .command('agent')
    .description(
      'own the devices of this host, and serve their samples to its processes and to Prometheus, until ended',
    )
    .addOption(portOption())
    .option('--simulate', 'use an emulated board')
    .addOption(assumeFirmwareOption())
    .option('--rate <hz>', 'polls of each board a second, 1 to 100', rate, 20)
    .option('--no-benchlab', 'leave the boards alone')
    .option('--no-host', 'leave out processors, memory, disks, network and sensor chips')
    .option('--no-nvml', 'leave out NVIDIA GPUs')
    .option('--socket <path>', 'Unix socket of the sample bus; see below')
    .option('--metrics-port <port>', 'port of the metrics page; 0 takes any free one', portNumber, 9109)
    .option('--listen <address>', 'address of the metrics page; one that others can reach needs a token', '127.0.0.1')
    .option('--otlp <url>', 'send metrics to this collector, OTLP over gRPC')
    .addHelpText(
      'after',
      `
Samples are served at /run/benchlab/agent.sock to root, else at /run/user/UID/benchlab/agent.sock, to owner and group.
An application gets them with agentReceiver(), the other commands with --agent. Only one agent can have a board.
OTLP is sent where --otlp, OTEL_EXPORTER_OTLP_ENDPOINT or TELEMETRY_EXPORTER_ENDPOINT says, and nowhere by default.
TELEMETRY_METRICS_TOKEN_FILE names the file with the token of the metrics page.
The log goes to standard output as JSON lines: what is read, what is missing and why. SIGTERM and SIGINT end it.

Exit codes: 0 it was told to end   97 the socket, the page's port or a device was in trouble   2 usage

Examples:
  benchlab-probe agent
  benchlab-probe agent --simulate --no-nvml
  benchlab-probe agent --port /dev/ttyACM0 --socket /run/benchlab/agent.sock --otlp http://collector:4317`,
    )
    .action(async (options) => {
      const { agent } = await import('./commands/agent.ts');
      finished(await agent({ ...noneGiven, ...options }));
    });

  root
    .command('dump')
    .description('write what one board says, byte for byte, to a file for a report')
    .option('--port <path>', 'serial port of the board; the only one there is by default')
    .requiredOption('--out <file>', 'the file, JSON')
    .option('--frames <n>', 'sensor frames to read, 1 to 10000', frameCount, 200)
    .option('--redact-uid', "leave the board's UID out")
    .addHelpText(
      'after',
      `
Sends the requests 00 (welcome), 0E (vendor data), 0D (UID) and 01 (sensors), and no other. A board whose firmware is not
published is dumped too, without its frames being decoded: attach the file to an issue.

Exit codes: 0 written   97 no board, or none that answers   2 usage

Examples:
  benchlab-probe dump --out board.json
  benchlab-probe dump --port /dev/ttyACM0 --frames 1000 --redact-uid --out board.json`,
    )
    .action(async (options) => {
      const { dump } = await import('./commands/dump.ts');
      finished(await dump(options, terminal));
    });

  addRecord(root, terminal, args, finished);

  root
    .command('emulate')
    .description('put an emulated board on a pseudo-terminal, until Ctrl-C')
    .addOption(new Option('--product <name>', 'which board').choices(['original', 'bl2']))
    .option('--firmware <n>', 'a published firmware of it; the newest by default', firmware)
    .option('--serial <n>', 'makes its UID: boards with different numbers are different boards; 1 by default', serial)
    .option('--fault <name>', 'a fault of the line, see below')
    .addOption(repeated('--connector-fault <name>', 'a fault that the board reports, may be repeated, see below'))
    .option('--link <path>', 'make a symbolic link to the terminal here')
    .addHelpText('after', () => emulateHelp())
    .action(async (options) => {
      const { emulate } = await import('./commands/emulate.ts');
      finished(await emulate({ ...noneGiven, ...options }, terminal));
    });

  root
    .command('demo')
    .description('see all of it on an emulated board: a decorated program, its joules, a metrics page')
    .option('--for <duration>', 'end after this time: 20s, 5m; until Ctrl-C by default', duration('--for'))
    .option('--metrics-port <port>', 'port of the metrics page on 127.0.0.1; 0 takes any free one', portNumber, 9109)
    .option('--telemetry-out <file>', 'write runtime events as JSON Lines, to the end of a file or to a FIFO')
    .addHelpText(
      'after',
      `
Examples:
  benchlab-probe demo
  benchlab-probe demo --for 20s
  benchlab-probe demo --metrics-port 0`,
    )
    .action(async (options) => {
      const { demo } = await import('./commands/demo.ts');
      finished(await demo(options, terminal));
    });

  return root;
}

/** `record gst` and `record stages`. */
function addRecord(
  root: Command,
  terminal: Terminal,
  args: readonly string[],
  finished: (exitCode: number) => void,
): void {
  // Its own parser of options would take those behind -- for ours.
  const record = root
    .command('record')
    .description('write when frames reached the stages of a pipeline')
    .enablePositionalOptions();
  const out = () => new Option('--out <file>', 'the file, JSON Lines').makeOptionMandatory();
  const forOption = () =>
    new Option('--for <duration>', 'end after this time: 500ms, 20s, 5m').argParser(duration('--for'));
  const pairOption = () =>
    new Option('--pair <from:to>', 'stages to compare, may be repeated; neighbours by default').argParser(stagePair);

  record
    .command('gst')
    .description('run a GStreamer pipeline, whose named elements are the stages')
    .argument('[pipeline...]', 'as gst-launch-1.0 takes it, after --')
    .passThroughOptions()
    .addOption(out())
    .addOption(repeated('--stage <name>', 'an element, may be repeated; those that the pipeline names by default'))
    .option('--device <path>', 'capture from this V4L2 device as stage ingress, ahead of the pipeline; see below')
    .addOption(pairOption())
    .addOption(forOption())
    .addHelpText(
      'after',
      `
A frame is known by its presentation time at every stage, so pairs and drops are exact. Each line of the file is
{"timeNs":81234567890,"uncertaintyNs":21000,"stage":"ingress","frameId":"33333333"}: CLOCK_MONOTONIC. The first line
holds the same instant on the wall clock. --device /dev/video0 stands for
  v4l2src device=/dev/video0 ! identity name=ingress ! PIPELINE
where PIPELINE is by default: videoconvert ! x264enc tune=zerolatency name=encoded ! fakesink
A pipeline that forks has no neighbours: compare what you mean, --pair ingress:preview --pair ingress:encoded.

Exit codes: 0 recorded   97 no GStreamer, no frame, or the pipeline failed   2 usage

Examples:
  benchlab-probe record gst --out stages.jsonl -- videotestsrc num-buffers=120 ! identity name=ingress ! \\
      x264enc name=encoded ! fakesink
  benchlab-probe record gst --device /dev/video0 --for 20s --out stages.jsonl`,
    )
    .action(async (pipeline: string[], options, self: Command) => {
      if (pipeline.length > 0) requireSeparator(pipeline, args, self, 'record gst');
      else if (options.device === undefined) self.error('write a pipeline after --, or name a camera with --device');
      const { recordGst } = await import('./commands/record.ts');
      finished(await recordGst(pipeline, { ...noneGiven, ...options }, terminal));
    });

  record
    .command('stages')
    .description('take the stage events of another program, one JSON object a line')
    .requiredOption('--from <address>', 'a file, a FIFO, unix:PATH, udp:PORT, or - for standard input')
    .addOption(out())
    .addOption(pairOption())
    .addOption(forOption())
    .addHelpText(
      'after',
      `
A line is {"timeNs":81234567890,"stage":"ingress","frameId":"17"} or
{"ts_ns":81234567890,"source":"pipeline","kv":{"stage":"ingress","frame_id":17}}, with CLOCK_MONOTONIC in nanoseconds.
It ends with standard input, after --for, or with Ctrl-C: a file is followed, and has no end of its own. --out must be
another file than the one that is read.

Exit codes: 0 recorded   97 no event came   2 usage

Examples:
  mkfifo /tmp/stages; benchlab-probe record stages --from /tmp/stages --out stages.jsonl
  python3 encode.py | benchlab-probe record stages --from - --out stages.jsonl`,
    )
    .action(async (options) => {
      const { recordStages } = await import('./commands/record.ts');
      finished(await recordStages(options.from, { ...noneGiven, ...options }, terminal));
    });
}

function emulateHelp(): string {
  const width = Math.max(...lineFaults.map(({ name }) => name.length));
  return `
Faults of the line (--fault):
${lineFaults.map(({ name, description }) => `  ${name.padEnd(width)}  ${description}`).join('\n')}

Faults that the board reports (--connector-fault), BENCHLAB 2 from firmware 5 on:
  ${Object.keys(faultBits).join('\n  ')}

Examples:
  benchlab-probe emulate
  benchlab-probe emulate --product original --link /tmp/benchlab0
  benchlab-probe emulate --connector-fault ${Object.keys(faultBits)[0]}`;
}

function portOption(): Option {
  return repeated('--port <path>', 'serial port of a board, may be repeated; all are tried by default').conflicts(
    'simulate',
  );
}

function agentOption(): Option {
  const flags = '--agent [socket]';
  return new Option(flags, 'take the samples of benchlab-probe agent, which has the board').conflicts([
    'port',
    'simulate',
    'assumeFirmware',
    'rate',
  ]);
}

function assumeFirmwareOption(): Option {
  return new Option('--assume-firmware <n>', 'read a board of unpublished firmware as if it were this one').argParser(
    firmware,
  );
}

/** Of options that may be repeated. As defaults of their own they would stand in the help as `(default: [])`. */
const noneGiven = { port: [], budget: [], connectorFault: [], stage: [], pair: [] };

/** Without -- before the command an option of ours after it would be taken for the command's, without a word. */
function requireSeparator(command: readonly string[], args: readonly string[], self: Command, name: string): void {
  if (args.at(-command.length - 1) === '--') return;
  const [file = ''] = command;
  self.error(`write -- before the command, and every option of ${name} before that: ${name} [options] -- ${file} …`);
}

/** An option that may be given several times. */
function repeated(flags: string, description: string): Option {
  return new Option(flags, description).argParser(collect);
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const { version } = JSON.parse(text) as { version: string }; // our own package.json
  return version;
}
