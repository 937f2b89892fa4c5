import { describe, expect, it } from 'vitest';
import { telemetryResource } from './resource.ts';

describe('telemetryResource', () => {
  it('names the process, the host and the SDK', () => {
    const { attributes } = telemetryResource({});

    expect(attributes).toMatchObject({ 'process.pid': process.pid, 'telemetry.sdk.language': 'nodejs' });
    expect(attributes['service.name']).toMatch(/^unknown_service/);
    for (const name of ['host.name', 'service.instance.id', 'process.runtime.version', 'telemetry.sdk.version']) {
      expect(attributes[name], name).toMatch(/^[\w.-]+$/);
    }
  });

  it('lets given attributes win over those of enrichers, and these over those of the process', () => {
    const { attributes } = telemetryResource(
      { 'service.name': 'given' },
      { 'service.name': 'enriched', 'host.name': 'enriched' },
    );

    expect(attributes).toMatchObject({ 'service.name': 'given', 'host.name': 'enriched' });
  });

  it('leaves out command-line arguments, which may be secrets', () => {
    expect(Object.keys(telemetryResource({}).attributes)).not.toContain('process.command_args');
  });
});
