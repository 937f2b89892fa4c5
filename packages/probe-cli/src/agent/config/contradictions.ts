import type { SettingPath } from './agentConfig.ts';
import type { ConfigProblem } from './configProblem.ts';
import type { EffectiveConfig } from './effectiveConfig.ts';

/** What no single key is wrong in: values that do not go together. */
export function contradictions({
  config,
  origins,
}: Pick<EffectiveConfig, 'config' | 'origins'>): readonly ConfigProblem[] {
  const { gpu, pipeline, cx_export, retention, agent, alerts, web } = config;
  const at = (path: SettingPath) => origins[path].text;
  const problems: ConfigProblem[] = [];
  const add = (path: SettingPath, message: string, fix: string) => problems.push({ at: at(path), message, fix });
  if (gpu.device_index !== undefined && gpu.devices !== undefined) {
    const what = 'gpu.devices and gpu.device_index both choose GPUs.';
    add('gpu.devices', what, `Leave one of the two out: ${at('gpu.device_index')}.`);
  }
  if (pipeline.stage_a === pipeline.stage_b) {
    add('pipeline.stage_b', `Both stages are ${JSON.stringify(pipeline.stage_a)}.`, 'Name two different stages.');
  }
  if (cx_export.enabled && cx_export.watch_dir === undefined) {
    add('cx_export.enabled', 'cx_export.watch_dir is missing.', 'Add watch_dir, the folder that CapFrameX watches.');
  }
  for (const [given, missing] of [
    ['cert_file', 'key_file'],
    ['key_file', 'cert_file'],
  ] as const) {
    if (web[given] === undefined || web[missing] !== undefined) continue;
    add(
      `web.${given}`,
      `web.${missing} is missing.`,
      `HTTPS needs a certificate and its key: add ${missing} to [web].`,
    );
  }
  if (retention.raw_keep_days > retention.days) {
    const what = `Raw lines cannot be kept for ${retention.raw_keep_days} days in sessions that are kept for ${retention.days}.`;
    add('retention.raw_keep_days', what, 'Make raw_keep_days at most days.');
  }
  if (agent.sources.length === 0) {
    add('agent.sources', 'Every receiver is turned off.', 'Leave one of the --no-… options out.');
  } else if (!agent.sources.includes('benchlab')) {
    const given = (['benchlab.device', 'agent.simulate'] as const).filter((path) => origins[path].kind === 'flag');
    for (const path of given.slice(0, 1)) {
      add(path, `${at('agent.sources')} leaves no use for a board.`, 'Leave one of the two out.');
    }
  }
  const { rules = [] } = alerts;
  if (rules.length > 0 && alerts.alertmanagers === undefined && alerts.webhook === undefined) {
    add(
      'alerts.rules',
      'There is no address for alerts.',
      'Add alertmanagers = ["http://127.0.0.1:9093"] or webhook to [alerts].',
    );
  }
  const twice = rules.find(({ name }, index) => rules.findIndex((each) => each.name === name) !== index);
  if (twice !== undefined) {
    add('alerts.rules', `Two rules have the name ${JSON.stringify(twice.name)}.`, 'Give each rule a name of its own.');
  }
  return problems;
}
