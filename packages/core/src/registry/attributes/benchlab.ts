/** Attributes of this project that no convention has. */
export const benchlabAttributes = {
  'benchlab.firmware.assumed': {
    type: 'string',
    origin: 'benchlab',
    description:
      'The published firmware that an unpublished one is read as, by an option of the user. Absent otherwise.',
  },
  'benchlab.port': {
    type: 'string',
    origin: 'benchlab',
    description: 'Where the device is connected: the serial port of a board, the PCI address of a GPU.',
  },
  'benchlab.call.closed_by': {
    type: 'string',
    origin: 'benchlab',
    description:
      'What ended the span of a call whose result has no end of its own: its last subscriber left, no code could use the result any more, or the telemetry was shut down. Absent otherwise.',
    values: ['unsubscribed', 'collected', 'shutdown'],
  },
  'benchlab.cpu.seconds': {
    type: 'number',
    origin: 'benchlab',
    description: 'How long the operation was on the CPU of its thread, the spans below it included, in seconds.',
  },
  'benchlab.cpu.self.seconds': {
    type: 'number',
    origin: 'benchlab',
    description: 'How long the operation was on the CPU of its thread without the spans below it, in seconds.',
  },
  'benchlab.cpu.method': {
    type: 'string',
    origin: 'benchlab',
    description: 'How the time on the CPU was measured.',
    values: ['async_hooks'],
  },
  'benchlab.meter': {
    type: 'string',
    origin: 'benchlab',
    description:
      'What measured it inside the host. Absent for a BENCHLAB: readings of two meters may be compared, never added.',
    values: ['nvml', 'nvidia_smi', 'rapl', 'hwmon'],
  },
  'benchlab.gpu.clock': {
    type: 'string',
    origin: 'benchlab',
    description: 'Which clock of the GPU.',
    values: ['graphics', 'sm', 'memory', 'video'],
  },
  'benchlab.gpu.clock.reason': {
    type: 'string',
    origin: 'benchlab',
    description: 'Why the clocks of the GPU are below their maximum.',
    values: [
      'idle',
      'application_clocks',
      'software_power_cap',
      'hardware_slowdown',
      'sync_boost',
      'software_thermal',
      'hardware_thermal',
      'hardware_power_brake',
      'display_clock',
    ],
  },
  'otel.component.type': {
    type: 'string',
    origin: 'semconv',
    description: 'The kind of a component of the telemetry: batching_span_processor, otlp_grpc_span_exporter.',
  },
  'otel.component.name': {
    type: 'string',
    origin: 'semconv',
    description: 'One component of the telemetry of this process: its kind and a number.',
  },
  'benchlab.simulated': {
    type: 'boolean',
    origin: 'benchlab',
    description: 'True when emulated hardware produced it, or it derives from such. Absent otherwise.',
  },
  'benchlab.receiver.name': { type: 'string', origin: 'benchlab', description: 'The receiver that polled.' },
  'benchlab.poll.outcome': {
    type: 'string',
    origin: 'benchlab',
    description: 'How a poll went.',
    values: ['success', 'partial', 'failure', 'no_data'],
  },
  'benchlab.fault.name': {
    type: 'string',
    origin: 'benchlab',
    description: 'The fault by its name in the firmware contract.',
  },
  'benchlab.fault.state': {
    type: 'string',
    origin: 'benchlab',
    description: 'What became of the fault.',
    values: ['raised', 'cleared'],
  },
  'benchlab.fault.kind': {
    type: 'string',
    origin: 'benchlab',
    description: 'Present now, or since the log was reset.',
    values: ['live', 'latched'],
  },
  'benchlab.record.fault': {
    type: 'string',
    origin: 'benchlab',
    description: 'What was wrong with a record that was dropped, corrected or let through incomplete.',
    values: ['metric', 'value', 'attribute', 'missing_attribute', 'missing_provenance'],
  },
  'benchlab.enricher.name': { type: 'string', origin: 'benchlab', description: 'The enricher by its name.' },
  'benchlab.enricher.outcome': {
    type: 'string',
    origin: 'benchlab',
    description: 'How a call of an enricher ended.',
    values: ['success', 'failure'],
  },
  'benchlab.redaction.action': {
    type: 'string',
    origin: 'benchlab',
    description: 'What redaction did with a value; `failed`: its rule threw, and the value was dropped.',
    values: ['dropped', 'hashed', 'masked', 'failed'],
  },
  'benchlab.metric': {
    type: 'string',
    origin: 'benchlab',
    description: 'Name of the metric that is reported, as Prometheus has it.',
  },
  'benchlab.operation': { type: 'string', origin: 'benchlab', description: 'Span name of the operation.' },
  'benchlab.probe.question': {
    type: 'string',
    origin: 'benchlab',
    description: 'What a probe run was asked, as it was written: p95(checkout) < 250 ms.',
  },
  'benchlab.probe.question.kind': {
    type: 'string',
    origin: 'benchlab',
    description: 'Of which kind the question is.',
    values: ['budget', 'presence', 'comparison'],
  },
  'benchlab.probe.verdict': {
    type: 'string',
    origin: 'benchlab',
    description: 'The answer of a probe run.',
    values: ['pass', 'fail', 'inconclusive'],
  },
  'benchlab.power.role': {
    type: 'string',
    origin: 'benchlab',
    description: 'Which consumer the power is for.',
    values: ['system', 'cpu', 'gpu', 'board'],
  },
  'benchlab.disagreement.side': {
    type: 'string',
    origin: 'benchlab',
    description: 'Which of two meters that are compared.',
    values: ['rails', 'device'],
  },
  pair: {
    type: 'string',
    origin: 'seed',
    description: 'The two stages that a latency is between: `ingress_to_encoded`.',
  },
} as const;
