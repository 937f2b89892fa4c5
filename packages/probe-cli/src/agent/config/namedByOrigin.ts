import { OptionError } from '@benchlab-otel/core';
import type { SettingPath } from './agentConfig.ts';
import type { EffectiveConfig } from './effectiveConfig.ts';

/** The settings behind options of other packages. */
const settingOf: Readonly<Record<string, SettingPath>> = {
  'metricsPage.host': 'prometheus.bind',
  tokenFile: 'prometheus.token_file',
  'web.host': 'web.bind',
  'web.tokenFile': 'web.token_file',
  'web.certFile': 'web.cert_file',
  'web.keyFile': 'web.key_file',
  rateHz: 'benchlab.rate_hz',
  assumeFirmware: 'benchlab.assume_firmware',
  ports: 'benchlab.device',
  devices: 'gpu.devices',
  path: 'agent.socket',
  otlp: 'otlp.endpoint',
  'alerts.tokenFile': 'alerts.token_file',
  telemetryOut: 'agent.telemetry_out',
  from: 'pipeline.from',
};

/** An error of an option under the name of the setting, with its place. One that a flag gave is named by its flag elsewhere. */
export function namedByOrigin(error: unknown, origins: EffectiveConfig['origins']): unknown {
  if (!(error instanceof OptionError)) return error;
  const path = settingOf[error.option];
  if (path === undefined || origins[path].kind === 'flag' || origins[path].kind === 'default') return error;
  return error.named(`${path} (${origins[path].text})`);
}
