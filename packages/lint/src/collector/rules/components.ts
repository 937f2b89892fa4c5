import { entriesOf, entryAt, itemsOf, nodeAt } from '../../yaml/node.ts';
import { type CollectorConfig, type Component, placeOf } from '../config/collectorConfig.ts';
import { replacementOf } from '../config/componentNames.ts';
import type { CollectorRule } from '../rule.ts';

const undefinedComponent: CollectorRule = {
  id: 'component-undefined',
  severity: 'error',
  reason: 'A collector does not start with a pipeline that names what is not there.',
  fix: 'Define the component, or correct its name.',
  *find({ config }) {
    for (const pipeline of config.pipelines) {
      for (const list of ['receivers', 'processors', 'exporters'] as const) {
        for (const { id, at } of pipeline[list]) {
          const isDefined = config.components.some(
            (each) => each.id === id && (each.kind === list || (each.kind === 'connectors' && list !== 'processors')),
          );
          if (!isDefined) yield { at, message: `${id} is not one of the ${list} of this file.` };
        }
      }
    }
    for (const { id, at } of config.started) {
      if (config.find('extensions', id) === undefined)
        yield { at, message: `${id} is not one of the extensions of this file.` };
    }
  },
};

const unused: CollectorRule = {
  id: 'component-unused',
  severity: 'warning',
  reason:
    'What stands in the file and in no pipeline does nothing, in silence: a redaction, a store, an authenticator.',
  fix: 'Put it into a pipeline or into service.extensions, or remove it.',
  *find({ config }) {
    for (const component of config.components) {
      if (isUsed(config, component)) continue;
      const where = component.kind === 'extensions' ? 'service.extensions' : 'a pipeline';
      yield { at: component.at, message: `${component.id} is not in ${where}, so it does nothing.` };
    }
  },
};

function isUsed(config: CollectorConfig, { kind, id }: Component): boolean {
  if (kind === 'extensions') return config.started.some((each) => each.id === id);
  if (kind !== 'connectors') return config.pipelines.some((pipeline) => pipeline[kind].some((each) => each.id === id));
  const isIn = (list: 'receivers' | 'exporters') =>
    config.pipelines.some((pipeline) => pipeline[list].some((each) => each.id === id));
  return isIn('receivers') && isIn('exporters');
}

const batch: CollectorRule = {
  id: 'batch-processor',
  severity: 'error',
  reason: 'The batch processor answers before data is in a queue, so a restart loses what it holds; it is deprecated.',
  fix: 'Remove it, and batch in the exporter: sending_queue.batch.',
  *find({ config }) {
    for (const { id, processors } of config.pipelines) {
      for (const { id: processor, at } of processors) {
        if (processor.split('/')[0] !== 'batch') continue;
        yield {
          at,
          message: `The pipeline ${id} batches in memory, before the queue: a restart loses what ${processor} holds.`,
        };
      }
    }
  },
};

const debug: CollectorRule = {
  id: 'debug-exporter',
  severity: 'warning',
  reason:
    'The debug exporter writes telemetry into the log of the collector, where other rules of access and retention hold.',
  fix: 'Remove it from the pipeline.',
  *find({ config }) {
    for (const { id, exporters } of config.pipelines) {
      for (const { id: exporter, at } of exporters) {
        if (!['debug', 'logging'].includes(exporter.split('/')[0] ?? '')) continue;
        yield { at, message: `The pipeline ${id} writes telemetry into the log of the collector.` };
      }
    }
  },
};

const deprecatedName: CollectorRule = {
  id: 'deprecated-name',
  severity: 'warning',
  reason: 'Deprecated names of components go away: then the collector does not start after an update.',
  fix: 'Use the present name, from collector 0.153.',
  *find({ config }) {
    for (const { kind, id, at } of config.components) {
      const present = replacementOf(kind, id.split('/')[0] ?? id);
      if (present !== undefined) yield { at, message: `${id} is a deprecated name.`, fix: `Write ${present}.` };
    }
  },
};

/** Settings that are gone or on their way out, by path: https://github.com/open-telemetry/opentelemetry-collector/blob/main/CHANGELOG.md */
const deprecatedSettings = [
  { path: ['service', 'telemetry', 'metrics', 'address'], use: 'service.telemetry.metrics.readers', since: '0.123' },
] as const;
const deprecatedOfQueues = [
  { key: 'blocking', use: 'block_on_overflow' },
  { key: 'min_size_items', use: 'batch.min_size' },
  { key: 'max_size_items', use: 'batch.max_size' },
] as const;
const removedComponents: Readonly<Record<string, string>> = {
  'exporters/logging': 'debug',
  'exporters/jaeger': 'otlp_grpc',
  'extensions/memory_ballast': 'GOMEMLIMIT',
};

const deprecatedSetting: CollectorRule = {
  id: 'deprecated-setting',
  severity: 'warning',
  reason: 'A setting that a newer collector does not know keeps it from starting, or is left out in silence.',
  fix: 'Use the present setting.',
  *find({ config }) {
    for (const { path, use, since } of deprecatedSettings) {
      const entry = entryAt(config.root, ...path);
      if (entry !== undefined)
        yield { at: entry.keyAt, message: `${path.join('.')} is gone since ${since}.`, fix: `Use ${use}.` };
    }
    for (const exporter of config.of('exporters')) {
      for (const { key, use } of deprecatedOfQueues) {
        const entry = entryAt(exporter.settings, 'sending_queue', key);
        if (entry !== undefined)
          yield { at: entry.keyAt, message: `sending_queue.${key} is deprecated.`, fix: `Use sending_queue.${use}.` };
      }
    }
    for (const { kind, type, id, at } of config.components) {
      const use = removedComponents[`${kind}/${type}`];
      if (use !== undefined) yield { at, message: `${id} was removed from the collector.`, fix: `Use ${use}.` };
    }
  },
};

const overrides: CollectorRule = {
  id: 'detection-overrides',
  severity: 'error',
  reason: 'By default, what is detected replaces what the SDK states of its own host and service.',
  fix: 'Set override: false.',
  *find({ config }) {
    for (const detection of config.used('processors', 'resource_detection')) {
      if (config.text(detection.settings, 'override') === 'false') continue;
      const at = placeOf(detection, 'override');
      yield {
        at,
        message: `${detection.id} replaces the host and service that a sender states by those of the collector.`,
      };
    }
  },
};

const propagates: CollectorRule = {
  id: 'error-mode-propagate',
  severity: 'error',
  reason: 'By default, an expression that fails on one record drops the whole batch that it came in.',
  fix: 'Set error_mode: ignore.',
  *find({ config }) {
    for (const processor of config.used('processors', 'transform', 'filter')) {
      const mode = config.text(processor.settings, 'error_mode') ?? 'propagate';
      if (mode !== 'propagate') continue;
      const at = placeOf(processor, 'error_mode');
      yield {
        at,
        message: `In ${processor.id}, one record that an expression fails on drops the batch that it came in.`,
      };
    }
  },
};

const allowsAll: CollectorRule = {
  id: 'redaction-allows-all',
  severity: 'error',
  reason: 'A redaction that allows every key and blocks no value redacts nothing.',
  fix: 'Set allow_all_keys: false and list allowed_keys.',
  *find({ config }) {
    for (const redaction of config.used('processors', 'redaction')) {
      if (config.text(redaction.settings, 'allow_all_keys') !== 'true') continue;
      if (itemsOf(nodeAt(redaction.settings, 'blocked_values')).length > 0) continue;
      if (itemsOf(nodeAt(redaction.settings, 'blocked_key_patterns')).length > 0) continue;
      yield {
        at: placeOf(redaction, 'allow_all_keys'),
        message: `${redaction.id} allows every key and blocks no value.`,
      };
    }
  },
};

const resourceLabels: CollectorRule = {
  id: 'resource-attributes-as-labels',
  severity: 'warning',
  reason: 'Every resource attribute on every series makes duplicates and thousands of labels.',
  fix: 'Set resource_to_telemetry_conversion.enabled: false, and join target_info in queries.',
  *find({ config }) {
    for (const exporter of config.used('exporters', 'prometheus', 'prometheus_remote_write')) {
      const path = ['resource_to_telemetry_conversion', 'enabled'];
      if (config.text(exporter.settings, ...path) !== 'true') continue;
      yield {
        at: placeOf(exporter, ...path),
        message: `${exporter.id} puts every resource attribute on every series.`,
      };
    }
  },
};

const telemetryOff: CollectorRule = {
  id: 'self-telemetry-off',
  severity: 'error',
  reason: 'Without its own metrics, what a collector drops and refuses is counted nowhere.',
  fix: 'Set level: normal.',
  *find({ config }) {
    const level = entryAt(config.root, 'service', 'telemetry', 'metrics', 'level');
    if (level === undefined || config.text(level.value) !== 'none') return;
    yield { at: level.keyAt, message: 'The collector has no metrics of its own: what it drops is counted nowhere.' };
  },
};

const switches = ['without_scope_info', 'without_type_suffix', 'without_units'];

const telemetryNames: CollectorRule = {
  id: 'self-telemetry-names',
  severity: 'warning',
  reason:
    'The names of the own metrics follow from switches whose defaults changed at 0.120 and 0.153: alerts fall silent.',
  fix: 'Write without_scope_info, without_type_suffix and without_units out.',
  *find({ config }) {
    for (const reader of itemsOf(nodeAt(config.root, 'service', 'telemetry', 'metrics', 'readers'))) {
      const page = entryAt(reader, 'pull', 'exporter', 'prometheus');
      const missing = switches.filter((key) => !entriesOf(page?.value).some((entry) => entry.key === key));
      if (page === undefined || missing.length === 0) continue;
      yield {
        at: page.keyAt,
        message: `The page of the own metrics leaves ${missing.join(', ')} to the version of the collector.`,
      };
    }
  },
};

export const componentRules: readonly CollectorRule[] = [undefinedComponent, unused, batch, debug];
export const nameRules: readonly CollectorRule[] = [deprecatedName, deprecatedSetting];
export const processorRules: readonly CollectorRule[] = [overrides, propagates, allowsAll, resourceLabels];
export const telemetryRules: readonly CollectorRule[] = [telemetryOff, telemetryNames];
