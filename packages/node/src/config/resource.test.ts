import { describe, expect, it } from 'vitest';
import { telemetryResource } from './resource.ts';

describe('telemetryResource', () => {
  it('says which process, host and SDK it is', () => {
    const { attributes } = telemetryResource({});

    expect(attributes).toMatchObject({ 'process.pid': process.pid, 'telemetry.sdk.language': 'nodejs' });
    expect(attributes['service.name']).toMatch(/^unknown_service/);
    for (const name of ['host.name', 'service.instance.id', 'process.runtime.version', 'telemetry.sdk.version']) {
      expect(attributes[name], name).toMatch(/^[\w.-]+$/);
    }
  });

  it('lets what was given win over enrichers, and these over what the process knows', () => {
    const { attributes } = telemetryResource(
      { 'service.name': 'given' },
      { 'service.name': 'enriched', 'host.name': 'enriched' },
    );

    expect(attributes).toMatchObject({ 'service.name': 'given', 'host.name': 'enriched' });
  });

  it('keeps command-line arguments, which may be secrets, to itself', () => {
    expect(Object.keys(telemetryResource({}).attributes)).not.toContain('process.command_args');
  });
});
