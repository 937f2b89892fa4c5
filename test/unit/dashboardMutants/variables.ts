// biome-ignore-all lint/suspicious/noAssignInExpressions: a table of changes, one a line

import { annotation, type Mutant, named, variable, withoutVariable } from './mutant.ts';

/** Mistakes in variables and annotations. */
export const ofVariables: readonly Mutant[] = [
  {
    name: 'without the variable of its data source',
    rule: 'template-datasource',
    change: withoutVariable('datasource'),
  },
  { name: 'without the variable job', rule: 'template-job', change: withoutVariable('job') },
  { name: 'without the variable instance', rule: 'template-instance', change: withoutVariable('instance') },
  { name: 'without the variable board', rule: 'variable-undefined', change: withoutVariable('board') },
  {
    name: 'whose variable was renamed',
    rule: 'variable-undefined',
    change: (it) => void (variable(it, 'board').name = 'device'),
  },
  {
    name: 'whose variable nothing uses',
    rule: 'variable-unused',
    change: (it) => void it.templating.list.push({ ...variable(it, 'board'), name: 'rail' }),
  },
  {
    name: 'whose variable asks a series that was renamed',
    rule: 'series-unknown',
    change: (it) => void (variable(it, 'job').query.query = 'label_values(benchlab_sample_ages_seconds, job)'),
  },
  {
    name: 'whose variable lists a label that its series does not have',
    rule: 'label-unknown',
    change: (it) => void (variable(it, 'board').query.query = 'label_values(benchlab_sample_age_seconds, hw_idd)'),
  },
  {
    name: 'whose variable cannot be read',
    rule: 'template-label-promql',
    change: (it) => void (variable(it, 'board').query.query = 'label_values(benchlab_sample_age_seconds{, hw_id)'),
  },
  {
    name: 'whose variable calls a function that does not exist',
    rule: 'template-label-promql',
    change: (it) => void (variable(it, 'board').query.query = 'label_value(benchlab_sample_age_seconds, hw_id)'),
  },
  {
    name: 'whose variable is read once',
    rule: 'template-on-time-change-reload',
    change: (it) => void (variable(it, 'job').refresh = 1),
  },
  {
    name: 'whose variable asks a data source by name',
    rule: 'variable-datasource',
    change: (it) => void (variable(it, 'job').datasource = named),
  },
  {
    name: 'whose variable asks no data source',
    rule: 'variable-datasource',
    change: (it) => void delete variable(it, 'job').datasource,
  },
  {
    name: 'whose annotation asks a data source by name',
    rule: 'annotation-datasource',
    change: (it) => void (annotation(it, 'Firing alerts').datasource = named),
  },
  {
    name: 'whose annotation cannot be read',
    rule: 'target-promql',
    change: (it) => void (annotation(it, 'Firing alerts').expr = 'ALERTS{alertstate=}'),
  },
];
