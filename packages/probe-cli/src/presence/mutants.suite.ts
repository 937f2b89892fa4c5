import type { Observed } from '@benchlab-otel/analysis';
import type { Changeable } from './pipelineRun.suite.ts';

type Run = Changeable<Observed>;

/** One change to a good run. */
export interface Mutant {
  /** What is changed, for the table of the page. */
  readonly change: string;
  apply(run: Run): void;
  /** The judgement that finds it. */
  readonly judgement: string;
  /** A part of its reason that no other mutant has. */
  readonly reason: string;
}

const trace = '0af7651916cd43dd8448eb211c80319c';

export const mutants: readonly Mutant[] = [
  // Series.
  ...[
    'pipeline_latency_seconds',
    'lowering_duration_seconds',
    'verification_block_rate',
    'offline_bundle_size_bytes',
  ].map(
    (name): Mutant => ({
      change: `remove series ${name}`,
      apply: (run) => keep(run, 'series', (each) => each.name !== name),
      judgement: `series ${name}`,
      reason: `no series ${name} arrived`,
    }),
  ),
  mutant(
    'remove series compile_success_total',
    'series compile_success_total',
    'nearest: compile_failure_total',
    (run) => keep(run, 'series', (each) => each.name !== 'compile_success_total'),
  ),
  mutant(
    'remove series compile_failure_total',
    'series compile_failure_total',
    'nearest: compile_success_total',
    (run) => keep(run, 'series', (each) => each.name !== 'compile_failure_total'),
  ),
  mutant(
    'rename pipeline_latency_seconds',
    'series pipeline_latency_seconds',
    'nearest: pipeline_latencies_seconds',
    (run) => {
      series(run, 'pipeline_latency_seconds').name = 'pipeline_latencies_seconds';
    },
  ),
  mutant('drop _total of compile_success_total', 'series compile_success_total', 'nearest: compile_success', (run) => {
    series(run, 'compile_success_total').name = 'compile_success';
  }),
  mutant('histogram becomes a gauge', 'series pipeline_latency_seconds', 'its type is gauge, not histogram', (run) => {
    series(run, 'pipeline_latency_seconds').type = 'gauge';
  }),
  mutant('counter becomes a gauge', 'series compile_success_total', 'its type is gauge, not counter', (run) => {
    series(run, 'compile_success_total').type = 'gauge';
  }),
  mutant('gauge becomes a counter', 'series verification_block_rate', 'its type is counter, not gauge', (run) => {
    series(run, 'verification_block_rate').type = 'counter';
  }),
  mutant('unit s becomes ms', 'series lowering_duration_seconds', 'its unit is ms, not s', (run) => {
    series(run, 'lowering_duration_seconds').unit = 'ms';
  }),
  mutant('unit By becomes KiBy', 'series offline_bundle_size_bytes', 'its unit is KiBy, not By', (run) => {
    series(run, 'offline_bundle_size_bytes').unit = 'KiBy';
  }),
  mutant('one of two label sets is missing', 'series lowering_duration_seconds', '1 label set has', (run) => {
    series(run, 'lowering_duration_seconds').points.pop();
  }),
  mutant(
    'no label set of a family',
    'series verification_block_rate',
    'arrived with 0 label sets; 1 label set must come',
    (run) => {
      series(run, 'verification_block_rate').points = [];
    },
  ),
  mutant('label is missing', 'series offline_bundle_size_bytes', 'the label revision is missing', (run) => {
    delete point(run, 'offline_bundle_size_bytes').labels.revision;
  }),
  mutant('label is renamed', 'series compile_success_total', 'nearest: host_kinds', (run) => {
    point(run, 'compile_success_total').labels = { backend: 'cuda', host_kinds: 'offline' };
  }),
  mutant('label has another value', 'series compile_success_total', 'the label host_kind is never "offline"', (run) => {
    point(run, 'compile_success_total').labels.host_kind = 'online';
  }),
  mutant('label is misspelt in its value', 'series compile_failure_total', 'nearest: rocn', (run) => {
    point(run, 'compile_failure_total').labels.backend = 'rocn';
  }),
  mutant('label is empty', 'series offline_bundle_size_bytes', 'the label target is empty', (run) => {
    point(run, 'offline_bundle_size_bytes').labels.target = '';
  }),
  mutant('gauge is above its limit', 'series verification_block_rate', 'it has the value 0.7', (run) => {
    point(run, 'verification_block_rate').value = 0.7;
  }),
  mutant('gauge is at its limit', 'series verification_block_rate', 'it has the value 0.6', (run) => {
    point(run, 'verification_block_rate').value = 0.6;
  }),
  mutant('gauge is 0', 'series offline_bundle_size_bytes', 'it has the value 0, and the value must be > 0', (run) => {
    point(run, 'offline_bundle_size_bytes').value = 0;
  }),
  mutant('gauge is NaN', 'series verification_block_rate', 'it has the value NaN', (run) => {
    point(run, 'verification_block_rate').value = Number.NaN;
  }),
  mutant('counter of failures is too high', 'series compile_failure_total', 'it has the value 2', (run) => {
    point(run, 'compile_failure_total').value = 2;
  }),
  mutant(
    'histogram did not grow',
    'series pipeline_latency_seconds',
    'it grew by 0, and the delta must be >= 1',
    (run) => {
      point(run, 'pipeline_latency_seconds').delta = 0;
    },
  ),
  mutant('counter grew twice', 'series compile_success_total', 'it grew by 2, and the delta must be == 1', (run) => {
    point(run, 'compile_success_total').delta = 2;
  }),
  mutant('growth is not known', 'series compile_success_total', 'how much it grew is not known', (run) => {
    delete point(run, 'compile_success_total').delta;
  }),
  // Spans.
  ...['spec.parse', 'plan.compile_graph', 'codegen.lower', 'compile.execute', 'verify.run', 'distribute.package'].map(
    (name): Mutant => ({
      change: `remove spans ${name}`,
      apply: (run) => keep(run, 'spans', (each) => each.name !== name),
      judgement: `span ${name}`,
      reason: `no span named ${name} arrived`,
    }),
  ),
  mutant('rename verify.run', 'span verify.run', 'nearest: verify.runs', (run) => {
    one(run, 'verify.run').name = 'verify.runs';
  }),
  mutant(
    'one of two spans is missing',
    'span codegen.lower',
    '1 span named codegen.lower arrived; the count must be == 2',
    (run) => {
      run.spans.splice(2, 1);
    },
  ),
  mutant('one of at least two spans is missing', 'span compile.execute', 'the count must be >= 2', (run) => {
    run.spans.splice(4, 1);
  }),
  mutant('one span too many', 'span spec.parse', '2 spans named spec.parse arrived; the count must be == 1', (run) => {
    run.spans.push({ ...structuredClone(one(run, 'spec.parse')), spanId: '00000000000000ff' });
  }),
  mutant(
    'a span that must not arrive',
    'span network.fetch',
    '1 span named network.fetch arrived; the count must be == 0',
    (run) => {
      run.spans.push({ ...structuredClone(one(run, 'spec.parse')), spanId: '00000000000000fe', name: 'network.fetch' });
    },
  ),
  mutant('kind internal becomes client', 'span plan.compile_graph', 'it is of kind client, not internal', (run) => {
    one(run, 'plan.compile_graph').kind = 2;
  }),
  mutant('kind internal becomes producer', 'span distribute.package', 'it is of kind producer, not internal', (run) => {
    one(run, 'distribute.package').kind = 3;
  }),
  mutant('status ok becomes error', 'span distribute.package', 'it has the status error (disk full), not ok', (run) => {
    one(run, 'distribute.package').status = { code: 'error', message: 'disk full' };
  }),
  mutant('status ok becomes unset', 'span distribute.package', 'it has the status unset, not ok', (run) => {
    one(run, 'distribute.package').status = { code: 'unset' };
  }),
  mutant('status becomes error', 'span verify.run', 'it has the status error, not unset or ok', (run) => {
    one(run, 'verify.run').status = { code: 'error' };
  }),
  mutant(
    'parent is removed',
    'span plan.compile_graph',
    'it has no parent, and the parent must be spec.parse',
    (run) => {
      delete one(run, 'plan.compile_graph').parentSpanId;
    },
  ),
  mutant('parent is another span', 'span plan.compile_graph', 'it has the parent verify.run, not spec.parse', (run) => {
    one(run, 'plan.compile_graph').parentSpanId = one(run, 'verify.run').spanId;
  }),
  mutant(
    'parent of one of two is another span',
    'span compile.execute',
    '1 of them has the parent spec.parse',
    (run) => {
      one(run, 'compile.execute').parentSpanId = one(run, 'spec.parse').spanId;
    },
  ),
  mutant('parent did not arrive', 'span codegen.lower', 'the parent of 1 of them did not arrive', (run) => {
    one(run, 'codegen.lower').parentSpanId = '00000000000000aa';
  }),
  mutant('root gets a parent', 'span spec.parse', 'it has the parent verify.run, and must have no parent', (run) => {
    one(run, 'spec.parse').parentSpanId = one(run, 'verify.run').spanId;
  }),
  mutant('root gets a parent that did not arrive', 'span spec.parse', 'it has a parent that did not arrive', (run) => {
    one(run, 'spec.parse').parentSpanId = '00000000000000aa';
  }),
  mutant('span moves to another trace', 'span plan.compile_graph', 'its parent did not arrive', (run) => {
    one(run, 'plan.compile_graph').traceId = 'f'.repeat(32);
  }),
  mutant(
    'attribute is missing on all',
    'span plan.compile_graph',
    'the attribute model.version is missing on it',
    (run) => {
      delete one(run, 'plan.compile_graph').attributes['model.version'];
    },
  ),
  mutant(
    'attribute is missing on one of two',
    'span compile.execute',
    'the attribute toolchain.binary is missing on 1 of them',
    (run) => {
      delete one(run, 'compile.execute').attributes['toolchain.binary'];
    },
  ),
  mutant('attribute is renamed', 'span codegen.lower', 'nearest: operator.names', (run) => {
    rename(one(run, 'codegen.lower').attributes, 'operator.name', 'operator.names');
  }),
  mutant(
    'boolean becomes a text',
    'span compile.execute',
    'build.cache_hit is a string ("false") on 1 of them, not a boolean',
    (run) => {
      one(run, 'compile.execute').attributes['build.cache_hit'] = 'false';
    },
  ),
  mutant(
    'int becomes a text',
    'span compile.execute',
    'process.exit.code is a string ("0") on 1 of them, not an int',
    (run) => {
      one(run, 'compile.execute').attributes['process.exit.code'] = '0';
    },
  ),
  mutant(
    'int becomes a fraction',
    'span compile.execute',
    'process.exit.code is a number (0.5) on 1 of them, not an int',
    (run) => {
      one(run, 'compile.execute').attributes['process.exit.code'] = 0.5;
    },
  ),
  mutant(
    'number becomes a boolean',
    'span verify.run',
    'verify.score is a boolean (true) on it, not a number',
    (run) => {
      one(run, 'verify.run').attributes['verify.score'] = true;
    },
  ),
  mutant(
    'text becomes a number',
    'span distribute.package',
    'bundle.revision is an int (7) on it, not a string',
    (run) => {
      one(run, 'distribute.package').attributes['bundle.revision'] = 7;
    },
  ),
  mutant(
    'list becomes a text',
    'span compile.execute',
    'compile.output.hashes is a string ("2c26") on 1 of them, not a string[]',
    (run) => {
      one(run, 'compile.execute').attributes['compile.output.hashes'] = '2c26';
    },
  ),
  mutant(
    'value does not match its pattern',
    'span codegen.lower',
    'clause.id is "the clause" on 1 of them, and does not match',
    (run) => {
      one(run, 'codegen.lower').attributes['clause.id'] = 'the clause';
    },
  ),
  mutant(
    'value is outside its set',
    'span codegen.lower',
    'backend.name is "metal" on 1 of them, not one of "cuda", "rocm"',
    (run) => {
      one(run, 'codegen.lower').attributes['backend.name'] = 'metal';
    },
  ),
  mutant('value of a set is misspelt', 'span spec.parse', 'nearest: offline', (run) => {
    one(run, 'spec.parse').attributes['host.kind'] = 'ofline';
  }),
  mutant('verification tool is unknown', 'span verify.run', 'verify.tool is "eye" on it', (run) => {
    one(run, 'verify.run').attributes['verify.tool'] = 'eye';
  }),
  mutant('provenance is missing', 'span verify.run', 'provenance.id is missing', (run) => {
    delete one(run, 'verify.run').attributes['provenance.id'];
  }),
  mutant(
    'provenance is malformed',
    'span verify.run',
    'provenance.id is not a trace id, a dash and a span id in hex',
    (run) => {
      one(run, 'verify.run').attributes['provenance.id'] = '42';
    },
  ),
  mutant('provenance is made without an SDK', 'span verify.run', 'provenance.id is all zeros', (run) => {
    one(run, 'verify.run').attributes['provenance.id'] = `${'0'.repeat(32)}-${'0'.repeat(16)}`;
  }),
  mutant(
    'provenance names a span that did not arrive',
    'span verify.run',
    'provenance.id names a span that did not arrive',
    (run) => {
      one(run, 'verify.run').attributes['provenance.id'] = `${trace}-00000000000000aa`;
    },
  ),
  // Log events.
  ...['compile.start', 'compile.end', 'verify.block'].map(
    (event): Mutant => ({
      change: `remove log event ${event}`,
      apply: (run) => keep(run, 'logs', (each) => each.eventName !== event),
      judgement: `log event ${event}`,
      reason: `no record of the event ${event} arrived`,
    }),
  ),
  mutant(
    'one of two records is missing',
    'log event compile.start',
    '1 record of the event compile.start arrived; at least 2 must arrive',
    (run) => {
      run.logs.shift();
    },
  ),
  mutant('event is renamed', 'log event verify.block', 'nearest: verify.blocked', (run) => {
    record(run, 'verify.block').eventName = 'verify.blocked';
  }),
  mutant(
    'event has no name',
    'log event compile.end',
    '1 record of the event compile.end arrived; at least 2 must arrive',
    (run) => {
      delete record(run, 'compile.end').eventName;
    },
  ),
  mutant('field is missing', 'log event verify.block', 'the field verify.tool is missing on it', (run) => {
    delete record(run, 'verify.block').attributes['verify.tool'];
  }),
  mutant('field has another type', 'log event compile.end', 'the field process.exit.code is a string ("1")', (run) => {
    record(run, 'compile.end').attributes['process.exit.code'] = '1';
  }),
  mutant('field is renamed', 'log event compile.start', 'nearest: backend.names', (run) => {
    rename(record(run, 'compile.start').attributes, 'backend.name', 'backend.names');
  }),
  mutant(
    'field does not match its pattern',
    'log event verify.block',
    'the field verify.reason is "Outputs: 3"',
    (run) => {
      record(run, 'verify.block').attributes['verify.reason'] = 'Outputs: 3';
    },
  ),
  mutant(
    'record has no span',
    'log event verify.block',
    'it has no trace id and span id, and must be within verify.run',
    (run) => {
      delete record(run, 'verify.block').spanId;
    },
  ),
  mutant(
    'record is in another span',
    'log event compile.start',
    '1 of them is within verify.run, not within compile.execute',
    (run) => {
      record(run, 'compile.start').spanId = one(run, 'verify.run').spanId;
    },
  ),
  mutant('span of a record did not arrive', 'log event compile.end', 'the span of 1 of them did not arrive', (run) => {
    record(run, 'compile.end').spanId = '00000000000000aa';
  }),
  // Everything of one signal, and everything.
  mutant(
    'no series at all',
    'series pipeline_latency_seconds',
    'no series arrived at all, other telemetry did',
    (run) => {
      run.series = [];
    },
  ),
  mutant('no span at all', 'span spec.parse', 'no span arrived at all, other telemetry did', (run) => {
    run.spans = [];
  }),
  mutant(
    'no log record at all',
    'log event verify.block',
    'no log record arrived at all, other telemetry did',
    (run) => {
      run.logs = [];
    },
  ),
  mutant('no telemetry at all', 'span network.fetch', 'no telemetry arrived at all', (run) => {
    run.series = [];
    run.spans = [];
    run.logs = [];
  }),
];

function mutant(change: string, judgement: string, reason: string, apply: (run: Run) => void): Mutant {
  return { change, judgement, reason, apply };
}

function keep<Signal extends keyof Run>(
  run: Run,
  signal: Signal,
  isKept: (item: Run[Signal][number]) => boolean,
): void {
  const items = run[signal] as Run[Signal][number][]; // the list of that signal
  items.splice(0, items.length, ...items.filter(isKept));
}

function found<Item>(item: Item | undefined): Item {
  if (item === undefined) throw new Error('The good run does not have what this mutant changes.');
  return item;
}

function series(run: Run, name: string): Run['series'][number] {
  return found(run.series.find((each) => each.name === name));
}

function point(run: Run, name: string): Run['series'][number]['points'][number] {
  return found(series(run, name).points[0]);
}

function one(run: Run, name: string): Run['spans'][number] {
  return found(run.spans.find((each) => each.name === name));
}

function record(run: Run, event: string): Run['logs'][number] {
  return found(run.logs.find((each) => each.eventName === event));
}

function rename(attributes: Record<string, unknown>, from: string, to: string): void {
  attributes[to] = attributes[from];
  delete attributes[from];
}
