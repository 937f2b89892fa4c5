/** The energy of a span, and how certain it is. */
export const energyAttributes = {
  'benchlab.energy.boundary': {
    type: 'string',
    origin: 'benchlab',
    description: 'Where the power was measured.',
    values: ['dc_rails', 'gpu_board', 'cpu_package'],
  },
  'benchlab.energy.method': {
    type: 'string',
    origin: 'benchlab',
    description: 'How the energy was attributed.',
    values: ['direct', 'apportioned', 'counter'],
  },
  'benchlab.energy.nature': {
    type: 'string',
    origin: 'benchlab',
    description: 'What kind of figure it is.',
    values: ['measured', 'apportioned', 'simulated'],
  },
  'benchlab.energy.coverage': {
    type: 'number',
    origin: 'benchlab',
    description: "Share of the span's duration that valid samples cover, 0 to 1.",
  },
  'benchlab.energy.samples': {
    type: 'int',
    origin: 'benchlab',
    description: 'Number of samples taken while the operation ran.',
  },
  'benchlab.energy.source': { type: 'string', origin: 'benchlab', description: 'The `hw.id` of the meter.' },
  'benchlab.energy.system.joules': {
    type: 'number',
    origin: 'benchlab',
    description: 'Energy of the operation on the system rails, in joules.',
  },
  'benchlab.energy.system.stderr': {
    type: 'number',
    origin: 'benchlab',
    description: 'Standard error of the system energy, in joules.',
  },
  'benchlab.energy.cpu.joules': {
    type: 'number',
    origin: 'benchlab',
    description: 'Energy of the operation on the CPU rails, in joules.',
  },
  'benchlab.energy.cpu.stderr': {
    type: 'number',
    origin: 'benchlab',
    description: 'Standard error of the CPU energy, in joules.',
  },
  'benchlab.energy.gpu.joules': {
    type: 'number',
    origin: 'benchlab',
    description: 'Energy of the operation on the GPU rails, in joules.',
  },
  'benchlab.energy.gpu.stderr': {
    type: 'number',
    origin: 'benchlab',
    description: 'Standard error of the GPU energy, in joules.',
  },
  'benchlab.energy.system.self.joules': {
    type: 'number',
    origin: 'benchlab',
    description: 'What of the system energy the operation has without the spans below it, in joules.',
  },
  'benchlab.energy.system.active.joules': {
    type: 'number',
    origin: 'benchlab',
    description: 'What of the system energy is beyond the baseline, in joules. Absent without a baseline.',
  },
  'benchlab.energy.cpu.self.joules': {
    type: 'number',
    origin: 'benchlab',
    description: 'What of the CPU energy the operation has without the spans below it, in joules.',
  },
  'benchlab.energy.cpu.active.joules': {
    type: 'number',
    origin: 'benchlab',
    description: 'What of the CPU energy is beyond the baseline, in joules. Absent without a baseline.',
  },
  'benchlab.energy.gpu.self.joules': {
    type: 'number',
    origin: 'benchlab',
    description: 'What of the GPU energy the operation has without the spans below it, in joules.',
  },
  'benchlab.energy.gpu.active.joules': {
    type: 'number',
    origin: 'benchlab',
    description: 'What of the GPU energy is beyond the baseline, in joules. Absent without a baseline.',
  },
  'benchlab.energy.weights': {
    type: 'string',
    origin: 'benchlab',
    description:
      'By what the operation shared the bench: `cpu_time`, `attribute:` and a name, or another name of weights, `equal`, or `mixed`. Absent when it shared it with none.',
  },
  'benchlab.energy.system.meter.stderr': {
    type: 'number',
    origin: 'benchlab',
    description:
      "Standard error of the system energy from the meter's own gain, offset and step, in joules. Absent where gain or offset are not stated.",
  },
  'benchlab.energy.cpu.meter.stderr': {
    type: 'number',
    origin: 'benchlab',
    description:
      "Standard error of the CPU energy from the meter's own gain, offset and step, in joules. Absent where gain or offset are not stated.",
  },
  'benchlab.energy.gpu.meter.stderr': {
    type: 'number',
    origin: 'benchlab',
    description:
      "Standard error of the GPU energy from the meter's own gain, offset and step, in joules. Absent where gain or offset are not stated.",
  },
  'benchlab.energy.cpu.boundary': {
    type: 'string',
    origin: 'benchlab',
    description: 'Where the CPU power was measured, if by another meter than `benchlab.energy.source`.',
    values: ['dc_rails', 'gpu_board', 'cpu_package'],
  },
  'benchlab.energy.cpu.method': {
    type: 'string',
    origin: 'benchlab',
    description: 'How the CPU energy was attributed, if it is of another meter.',
    values: ['direct', 'apportioned', 'counter'],
  },
  'benchlab.energy.cpu.coverage': {
    type: 'number',
    origin: 'benchlab',
    description: "Share of the span's duration that valid samples of that other CPU meter cover, 0 to 1.",
  },
  'benchlab.energy.cpu.source': {
    type: 'string',
    origin: 'benchlab',
    description: 'The `hw.id` of the CPU meter, if it is another one.',
  },
  'benchlab.energy.cpu.weights': {
    type: 'string',
    origin: 'benchlab',
    description: 'By what the operation shared the CPU energy, if not by `benchlab.energy.weights`.',
  },
  'benchlab.energy.gpu.boundary': {
    type: 'string',
    origin: 'benchlab',
    description: 'Where the GPU power was measured, if by another meter than `benchlab.energy.source`.',
    values: ['dc_rails', 'gpu_board', 'cpu_package'],
  },
  'benchlab.energy.gpu.method': {
    type: 'string',
    origin: 'benchlab',
    description: 'How the GPU energy was attributed, if it is of another meter.',
    values: ['direct', 'apportioned', 'counter'],
  },
  'benchlab.energy.gpu.coverage': {
    type: 'number',
    origin: 'benchlab',
    description: "Share of the span's duration that valid samples of that other GPU meter cover, 0 to 1.",
  },
  'benchlab.energy.gpu.source': {
    type: 'string',
    origin: 'benchlab',
    description: 'The `hw.id` of the GPU meter, if it is another one.',
  },
  'benchlab.energy.gpu.weights': {
    type: 'string',
    origin: 'benchlab',
    description: 'By what the operation shared the GPU energy, if not by `benchlab.energy.weights`.',
  },
  'benchlab.energy.unit': {
    type: 'string',
    origin: 'benchlab',
    description:
      'What the operation produces, in the singular: `token`, `frame`, `request`. Letters, digits, `_` and `-`. Set by the application.',
  },
  'benchlab.energy.units': {
    type: 'number',
    origin: 'benchlab',
    description:
      'How many units the call produced, for joules a unit. The probe gives them where all calls of an operation state one unit.',
  },
} as const;
