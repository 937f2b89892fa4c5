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
} as const;
